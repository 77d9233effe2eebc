using System.Text.Json.Nodes;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>One running gateway for all tests of a class that neither stop nor harm it; each test has devices and topics of its own.</summary>
public abstract class SharedGateway : IAsyncLifetime
{
    private GatewayUnderTest? _gateway;

    internal GatewayUnderTest Gateway => _gateway ?? throw new InvalidOperationException("the gateway was not started");

    public virtual async ValueTask InitializeAsync()
    {
        _gateway = new GatewayUnderTest(SiteFiles.Ledger(Devices()));
        Configure((JsonObject)_gateway.Configuration["Mqtt"]!);
        await _gateway.StartAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract JsonObject[] Devices();

    /// <summary>Changes the section <c>Mqtt</c> before the start.</summary>
    protected virtual void Configure(JsonObject mqtt)
    {
    }
}

using System.Net;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Gateway.Service.Composition;

/// <summary>
/// A Kestrel server of its own for MQTT over TLS. Handshakes and ciphers cost a thousand times what a message does: here they run on the thread pool, and never on the
/// thread that polls the plain connections.
/// </summary>
internal sealed class TlsListener(MqttOptions options, MqttLink mqtt, TlsCertificates certificates, ILoggerFactory loggers) : IAsyncDisposable
{
    private WebApplication? _server;

    /// <exception cref="StartupException">The address is taken or not ours.</exception>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(loggers).AddSingleton(mqtt).AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Before the handshake the link does not know of a connection, and cannot limit it.
            kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
            kestrel.Listen(IPAddress.Parse(options.Tls.Address), options.Tls.Port, listen => listen
                .UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = TimeSpan.FromSeconds(options.Tls.HandshakeTimeoutSeconds),
                    OnConnection = hello => ValueTask.FromResult(certificates.For((hello.Connection.RemoteEndPoint as IPEndPoint)?.Address)),
                })
                .UseConnectionHandler<MqttLink>());
        });
        _server = builder.Build();
        await StartupException.OfAddress(() => _server.StartAsync());
    }

    /// <summary>The port it listens on, which the system chose where the options say 0.</summary>
    public int Port => new Uri(_server!.Urls.First()).Port;

    public async Task StopAsync()
    {
        if (_server is not null) await _server.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}

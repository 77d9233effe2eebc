using System.Net;
using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Uplink;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.LiveConsole.Tests;

/// <summary>The console's HTTP side on a real port of this machine, over a real engine and store in a folder of its own. Time stands still until the test moves it.</summary>
internal sealed class RunningConsole : IPeopleHost, IAsyncDisposable
{
    public const string EmptySite = """{ "version": 1, "site": { "id": "site", "name": { "zh": "工地", "en": "Site" } }, "devices": [] }""";

    private readonly TempDirectory _directory = new();
    private readonly WebApplication _app;

    private RunningConsole(AccessOptions options, Action<WebApplication> map)
    {
        var gatewayClock = new GatewayClock(Clock);
        Engine = NewEngine(new StoreOptions { Directory = _directory.Path }, gatewayClock);
        Engine.Recover();
        Engine.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(Engine).AddSingleton(gatewayClock).AddSingleton(new StateReader(_directory.File("state.db"))).AddAccess(options);
        _app = builder.Build();
        map(_app);
    }

    public FakeClock Clock { get; } = new();

    public EngineStage Engine { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address { get; private set; } = null!;

    /// <param name="map">What the application has besides the people's endpoints.</param>
    public static async Task<RunningConsole> StartAsync(AccessOptions? options = null, Action<WebApplication>? map = null)
    {
        // Two iterations: what a password costs is another test's business.
        var console = new RunningConsole(options ?? new AccessOptions { PasswordIterations = 2 }, app =>
        {
            app.MapAccess();
            map?.Invoke(app);
        });
        await console._app.StartAsync();
        console.Address = new Uri(console._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return console;
    }

    /// <summary>A browser of its own: it keeps its cookie.</summary>
    public Client Client() => new(Address);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Engine.Dispose();
        _directory.Dispose();
    }

    private static EngineStage NewEngine(StoreOptions store, GatewayClock clock)
    {
        var problems = new Problems();
        var profiles = ProfileCatalog.Load([], problems);
        var ledger = LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes(EmptySite), profiles.KindsByProfile, problems) ?? throw new InvalidOperationException(string.Join('\n', problems.Items));
        return new EngineStage(ledger, new DeviceDirectory(ledger, profiles), [], new TextTable(), new IngestBuffer(), clock, store, new UplinkLedger([]),
            new EngineIdentity("gateway-1", "0", "", "", 60), NullLogger<EngineStage>.Instance);
    }
}

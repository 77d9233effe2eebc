using System.Text;
using Gateway.Access;
using Gateway.Bureau;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Diagnostics.Clock;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.History;
using Gateway.Ingest;
using Gateway.Links.Frames;
using Gateway.Links.Hj212;
using Gateway.Links.Hj212.Recall;
using Gateway.Links.Modbus;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Access;
using Gateway.Links.MqttClient;
using Gateway.Links.Mqtt.Broker;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole;
using Gateway.Service.LiveConsole.Api;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Uplink;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.LiveConsole.Tests;

/// <summary>The console as it is shipped, with everything it serves, on a port of its own; no link listens.</summary>
internal sealed class WholeConsole : IPeopleHost, IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly IngestBuffer _ingest = new();
    private readonly WebApplication _app;
    private readonly HistoryStage? _history;
    private readonly Func<string, DeviceRoute> _route;
    private readonly JsonDecoder _decoder;
    private readonly Lookup _who;

    private WholeConsole(string mqtt, string ledgerText, string history)
    {
        System.IO.File.WriteAllText(_directory.File("ledger.json"), ledgerText);
        System.IO.File.WriteAllText(_directory.File("gateway.json"), $$"""{ "Gateway": { "Id": "gateway-1" }, "Store": { "Directory": "store" }, "Console": { "Port": 0 }, "Mqtt": {{mqtt}}, "History": {{history}}, "Patrol": { "Enabled": false } }""");
        var problems = new Problems();
        var configuration = GatewayConfiguration.Load(_directory.File("gateway.json"), problems);
        var model = SiteModel.Load(configuration, problems) ?? throw new InvalidOperationException(string.Join('\n', problems.Items));
        var clock = new GatewayClock(TimeProvider.System);
        var (texts, ledger, refused) = (new TextTable(), new UplinkLedger([]), new RefusedMessages());
        var directory = new DeviceDirectory(model.Ledger, model.Profiles);
        var identity = new EngineIdentity("gateway-1", "0", model.LedgerSha256, model.RulesSha256, 60);
        _history = configuration.History.Enabled ? new HistoryStage(configuration.History, configuration.Store, directory, _ingest, clock, NullLogger<HistoryStage>.Instance) : null;
        Engine = new EngineStage(model.Ledger, directory, model.Rules, texts, _ingest, clock, configuration.Store, ledger, identity, NullLogger<EngineStage>.Instance) { History = _history };
        Engine.Recover();
        _history?.Start();
        Engine.Start();
        _app = ConsoleServer.Build(configuration, services => services.AddTransient(s => s.GetRequiredService<LedgerReload>().Model).AddSingleton(Engine).AddSingleton(_ingest).AddSingleton(clock).AddSingleton(identity)
            .AddSingleton(ledger).AddSingleton(refused).AddSingleton(new ProcessHealth()).AddSingleton(new FrameRings()).AddSingleton(s => new FrameArchive(s.GetRequiredService<FrameRings>(), model.Ledger, configuration.Store.FramesDirectory, clock, NullLogger<FrameArchive>.Instance)).AddSingleton(_ => new StateReader(configuration.Store.StatePath))
            .AddSingleton(_ => new UplinkStage(configuration.Uplink, model.Ledger.Site.Id, configuration.Store, ledger, Engine, _ingest, clock, NullLogger<UplinkStage>.Instance))
            .AddSingleton(_ => new BureauStage([], model.Ledger.Site.TimeZone, directory, configuration.Store, ledger, Engine, _ingest, clock, NullLogger<BureauStage>.Instance))
            .AddSingleton(new ClockWatch(new LinuxHostClock(), new ClockOptions(true, 0, 0), "gateway-1", _ingest, clock, NullLogger<ClockWatch>.Instance))
            .AddSingleton(_ => MqttSessions.Open(configuration.Store, _ingest))
            .AddSingleton(s => new MqttAccess(configuration.Mqtt, model.Ledger, s.GetRequiredService<StateReader>(), new PasswordWork(), new RefusalAudit(Engine, clock, "mqtt.refused", "mqtt:", NullLogger<RefusalAudit>.Instance), clock, NullLogger<MqttAccess>.Instance))
            .AddSingleton(s => new MqttLink(configuration.Mqtt, new MqttIntake(MqttLink.Name, directory, texts, _ingest, clock, refused), s.GetRequiredService<MqttSessions>(), s.GetRequiredService<MqttAccess>(), NullLogger<MqttLink>.Instance))
            .AddSingleton(s => new MqttClientLink([], model.Ledger, directory, texts, _ingest, clock, refused, new BrokerMemory(Engine, s.GetRequiredService<StateReader>()), NullLogger<MqttClientLink>.Instance))
            .AddSingleton(s => new Hj212Link(configuration.Hj212, model.Ledger.Site.TimeZone, directory, _ingest, clock, refused, s.GetRequiredService<FrameRings>(), new Hj212Memory(Engine, s.GetRequiredService<StateReader>()), NullLogger<Hj212Link>.Instance))
            .AddSingleton(s => new ModbusLink(model.Ledger, directory, _ingest, clock, refused, s.GetRequiredService<FrameRings>(), NullLogger<ModbusBus>.Instance))
            .AddSingleton(s => new LedgerReload(configuration, model, directory, Engine, [s.GetRequiredService<MqttAccess>().Follow], s.GetRequiredService<StateReader>(), _ingest, clock, NullLogger<LedgerReload>.Instance))
            .AddHistory(_history), NullLoggerFactory.Instance);
        _route = id => directory.ById(id)!;
        _who = (string topic, out bool isNew) =>
        {
            isNew = false;
            return directory.Find(LinkKind.Mqtt, topic) ?? directory.Unregistered(LinkKind.Mqtt, topic, topic, model.Profiles["crane-json"], out isNew)!;
        };
        _decoder = new JsonDecoder(texts);
    }

    public EngineStage Engine { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="mqtt">Section <c>Mqtt</c> of the configuration.</param>
    public static async Task<WholeConsole> StartAsync(string mqtt = """{ "WebSocket": { "Enabled": true } }""", string ledger = RunningConsole.EmptySite, string history = "{}")
    {
        var console = new WholeConsole(mqtt, ledger, history);
        await console._app.StartAsync();
        return console;
    }

    /// <summary>As a link does it; completes when it is on disk and handed on.</summary>
    public async Task SayAsync(string device, IEnumerable<string> messages, ReadingFlags flags = ReadingFlags.None)
    {
        var message = new DecodedMessage();
        foreach (string json in messages)
        {
            _decoder.Decode(_route(device), Encoding.UTF8.GetBytes(json), message, ReadingKind.Measurement);
            _ingest.TryAppend(_route(device), message, ReadingKind.Measurement, flags, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        }
        for (int i = 0; i < 2; i++) await Engine.WriteAsync((_, _) => { });
    }

    /// <summary>A crane's message to a topic, registered or not, as the listener takes it; completes when it is on disk.</summary>
    public async Task PublishAsync(string topic, string payload)
    {
        var route = _who(topic, out bool isNew);
        long nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        if (isNew) _ingest.AppendEvent(LinkEventKind.Stranger, nowMs, route.Index, stranger: new UnregisteredDevice(route.Index, MqttLink.Name, topic, "crane", payload));
        var message = new DecodedMessage();
        _decoder.Decode(route, Encoding.UTF8.GetBytes(payload), message, ReadingKind.Measurement);
        _ingest.TryAppend(route, message, ReadingKind.Measurement, ReadingFlags.None, nowMs);
        for (int i = 0; i < 2; i++) await Engine.WriteAsync((_, _) => { });
    }

    /// <summary>A file beside the configuration.</summary>
    public string File(string name) => _directory.File(name);

    public Client Client() => new(new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));

    private delegate DeviceRoute Lookup(string topic, out bool isNew);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Engine.Dispose();
        _history?.Dispose();
        _ingest.Dispose();
        _directory.Dispose();
    }
}

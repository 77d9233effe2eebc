using System.Runtime.InteropServices;
using Gateway.Access;
using Gateway.Bureau;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Diagnostics.Boot;
using Gateway.Diagnostics.Clock;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.History;
using Gateway.Ingest;
using Gateway.Links.BlackBoxes;
using Gateway.Links.Frames;
using Gateway.Links.Hj212;
using Gateway.Links.Hj212.Recall;
using Gateway.Links.Modbus;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Access;
using Gateway.Links.Mqtt.Broker;
using Gateway.Links.Mqtt.Tls;
using Gateway.Links.MqttClient;
using Gateway.Links.Sparkplug;
using Gateway.LiveBus;
using Gateway.Service.LiveConsole;
using Gateway.Service.LiveConsole.Api;
using Gateway.Store;
using Gateway.Uplink;

namespace Gateway.Service.Composition;

/// <summary>The whole path, put together in its order: links → ingest → engine and store → uplink → console. Starts from the store outwards, stops from the links inwards.</summary>
internal static class GatewayProcess
{
    private static readonly TimeSpan EngineStallMax = TimeSpan.FromSeconds(10);

    /// <returns>0 after an orderly stop, 1 when it could not start, 3 when a stage failed.</returns>
    public static async Task<int> RunAsync(GatewayConfiguration configuration, SiteModel model, TimeProvider time)
    {
        using var loggers = LoggerFactory.Create(l => Logs(l, configuration));
        var log = loggers.CreateLogger("Gateway");
        var health = new ProcessHealth();
        using var systemd = new SystemdNotify();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => StopOn(s, health));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => StopOn(s, health));

        // Before anything is opened or journalled: a supervisor that tries again and again must not fill the evidence with boots.
        DeviceListener.RefuseTakenAddresses(configuration);
        var clock = new GatewayClock(time);
        var texts = new TextTable();
        var directory = new DeviceDirectory(model.Ledger, model.Profiles);
        var refused = new RefusedMessages();
        var identity = new EngineIdentity(configuration.Gateway.Id, Version.Text, model.LedgerSha256, model.RulesSha256, configuration.Uplink.SelfPointsSeconds) { LedgerUtf8 = model.Document.Utf8, ConfigurationSha256 = configuration.Sha256, ConfigurationOverrides = configuration.Overrides };
        var ledger = new UplinkLedger([.. configuration.Uplink.Targets.Select(t => t.Name)], [.. configuration.Bureau.Select(b => BureauOptions.TargetOf(b.Name))]);
        using var ingest = new IngestBuffer();
        using var sessions = MqttSessions.Open(configuration.Store, ingest, time);
        using var history = configuration.History.Enabled ? new HistoryStage(configuration.History, configuration.Store, directory, ingest, clock, loggers.CreateLogger<HistoryStage>()) : null;
        using var engine = new EngineStage(model.Ledger, directory, model.Rules, texts, ingest, clock, configuration.Store, ledger, identity, loggers.CreateLogger<EngineStage>(), sessions.Journal) { History = history, Host = HostBoot.Read(configuration.Store.Directory) };
        var frames = new FrameRings();
        using var archive = new FrameArchive(frames, model.Ledger, configuration.Store.FramesDirectory, clock, loggers.CreateLogger<FrameArchive>());
        engine.Published += archive.Published;
        engine.Faulted += health.Failed;
        engine.Recover();
        var clockWatch = new ClockWatch(new LinuxHostClock(), new ClockOptions(configuration.Gateway.TrustClock, Version.BuiltAtMs, engine.LastHeartbeatMs), identity.GatewayId, ingest, clock, loggers.CreateLogger<ClockWatch>());
        clockWatch.Look();
        history?.Start();
        using var reader = new StateReader(configuration.Store.StatePath);
        using var uplink = new UplinkStage(configuration.Uplink, model.Ledger.Site.Id, configuration.Store, ledger, engine, ingest, clock, loggers.CreateLogger<UplinkStage>());
        uplink.Faulted += health.Failed;
        using var bureaus = new BureauStage([.. configuration.Bureau], model.Ledger.Site.TimeZone, directory, configuration.Store, ledger, engine, ingest, clock, loggers.CreateLogger<BureauStage>());
        bureaus.Faulted += health.Failed;
        var intake = new MqttIntake(MqttLink.Name, directory, texts, ingest, clock, refused);
        using var passwordWork = new PasswordWork();
        var refusals = new RefusalAudit(engine, clock, "mqtt.refused", "mqtt:", loggers.CreateLogger<RefusalAudit>());
        using var access = new MqttAccess(configuration.Mqtt, model.Ledger, reader, passwordWork, refusals, clock, loggers.CreateLogger<MqttAccess>());
        var mqtt = new MqttLink(configuration.Mqtt, intake, sessions, access, loggers.CreateLogger<MqttLink>(),
            configuration.Sparkplug.Enabled ? publish => new SparkplugHost(configuration.Sparkplug, directory, texts, ingest, refused, publish) : null);
        mqtt.WatchDtus(model.Ledger.Dtus());
        var certificates = configuration.Mqtt.Tls.Enabled ? new TlsCertificates(configuration.Mqtt.Tls, access, ingest, clock, loggers.CreateLogger<TlsCertificates>()) : null;
        using var hj212 = new Hj212Link(configuration.Hj212, model.Ledger.Site.TimeZone, directory, ingest, clock, refused, frames, new Hj212Memory(engine, reader), loggers.CreateLogger<Hj212Link>()) { ClockIsSane = clockWatch.MayBeGiven };
        using var lines212 = new Hj212SerialLines(model.Ledger, hj212, loggers.CreateLogger<Hj212SerialLines>());
        using var modbus = new ModbusLink(model.Ledger, directory, ingest, clock, refused, frames, loggers.CreateLogger<ModbusBus>());
        var boxes = new BoxSurroundings(model.Ledger.Site.TimeZone, directory, ingest, texts, clock, refused, frames, clockWatch.MayBeGiven);
        var goyo = new GoyoLink(configuration.Goyo, boxes, loggers.CreateLogger<GoyoLink>());
        var tx101 = new Tx101Link(configuration.Tx101, boxes, loggers.CreateLogger<Tx101Link>());
        using var boxLines = new BoxSerialLines(model.Ledger, goyo, tx101, loggers.CreateLogger<BoxSerialLines>());
        using var brokers = new MqttClientLink(configuration.Brokers, model.Ledger, directory, texts, ingest, clock, refused, new BrokerMemory(engine, reader), loggers.CreateLogger<MqttClientLink>(),
            configuration.Sparkplug.Enabled ? (broker, publish) => new SparkplugHost(configuration.Sparkplug, directory, texts, ingest, refused, publish, broker) : null);
        brokers.Faulted += health.Failed;
        var bus = configuration.LiveBus;
        using var live = bus.Enabled ? new LiveBusStage(bus, model.Ledger.Site.Id, identity, engine, reader, new MqttIntake($"mqtt@{bus.Id}", directory, texts, ingest, clock, refused, bus.Id), loggers.CreateLogger<LiveBusStage>()) : null;
        if (live is not null) live.Faulted += health.Failed;
        using var devices = new DeviceListener(configuration, mqtt, hj212, goyo, tx101, loggers);
        await using var tls = certificates is null ? null : new TlsListener(configuration.Mqtt, mqtt, certificates, loggers);
        using var sweeping = new CancellationTokenSource();
        using var reload = new LedgerReload(configuration, model, directory, engine, [access.Follow, archive.Follow, modbus.Follow, next => mqtt.WatchDtus(next.Dtus())], reader, ingest, clock, loggers.CreateLogger<LedgerReload>());

        // The console takes longest to start and devices wait for nothing it does: it comes up beside them.
        var consoleStarts = Task.Run(() => StartAsync(ConsoleServer.Build(configuration, services => services
            .AddSingleton(reload).AddTransient(_ => reload.Model).AddSingleton(engine).AddSingleton(ingest).AddSingleton(clock).AddSingleton(identity).AddSingleton(ledger).AddSingleton(uplink).AddSingleton(bureaus)
            .AddSingleton(reader).AddSingleton(clockWatch).AddSingleton(passwordWork).AddSingleton(mqtt).AddSingleton(access).AddSingleton(hj212).AddSingleton<BoxLink>(goyo).AddSingleton<BoxLink>(tx101).AddSingleton(modbus).AddSingleton(brokers).AddSingleton(refused).AddSingleton(health).AddSingleton(frames).AddSingleton(archive).AddHistory(history), loggers)));
        engine.Start();
        archive.Start();
        await devices.StartAsync();
        if (tls is not null) await tls.StartAsync();
        hj212.Start();
        lines212.Start();
        boxLines.Start();
        modbus.Start();
        brokers.Start();
        live?.Start();
        uplink.Start();
        bureaus.Start();
        await using var console = await consoleStarts;
        var sweep = health.SuperviseAsync(mqtt.SweepAsync(sweeping.Token));
        var watch = Task.WhenAll(health.SuperviseAsync(reload.WatchAsync(sweeping.Token)), health.SuperviseAsync(access.WatchAsync(sweeping.Token)), health.SuperviseAsync(clockWatch.RunAsync(sweeping.Token)),
            health.SuperviseAsync(certificates?.WatchAsync(sweeping.Token) ?? Task.CompletedTask));
        health.Listening = true;
        await SayWhereAsync(configuration, console.Urls.First() + "/", engine, log);
        systemd.Ready("serving");
        var binary = health.SuperviseAsync(RunningFile.JournalAsync(engine, identity, log));
        await WatchAsync(health, engine, clock, systemd);

        systemd.Stopping();
        ProcessLog.Stopping(log, health.Fault ?? "asked to");
        await devices.StopAsync();
        if (tls is not null) await tls.StopAsync();
        lines212.Stop();
        boxLines.Stop();
        modbus.Stop();
        await brokers.StopAsync();
        await sweeping.CancelAsync();
        await sweep;
        await watch;
        // An engine that failed answers nobody any more.
        await Task.WhenAny(Task.WhenAll(refusals.TellDueAsync(all: true), hj212.RememberAsync()), Task.Delay(TimeSpan.FromSeconds(2), time));
        await console.Services.GetRequiredService<EventHub>().StopAsync();
        await console.StopAsync();
        await LastCheckpointAsync(binary, engine, ledger, clock.Time);
        if (live is not null) await live.StopAsync();
        await bureaus.StopAsync();
        await uplink.StopAsync();
        engine.Stop(TimeSpan.FromSeconds(10));
        await archive.StopAsync();
        history?.Stop(TimeSpan.FromSeconds(10));
        return health.Fault is null ? 0 : 3;
    }

    private static async Task<WebApplication> StartAsync(WebApplication console)
    {
        await StartupException.OfAddress(() => console.StartAsync());
        console.Services.GetRequiredService<EventHub>().Start();
        return console;
    }

    /// <summary>The newest row goes outside while somebody can still carry it: what is written behind it waits for the next start.</summary>
    private static async Task LastCheckpointAsync(Task before, EngineStage engine, UplinkLedger ledger, TimeProvider time)
    {
        // An engine that failed answers nobody any more.
        await Task.WhenAny(Task.WhenAll(before, engine.CheckpointAsync("stopping")), Task.Delay(TimeSpan.FromSeconds(2), time));
        for (int waits = 0; waits < 50 && ledger.Targets.Any(t => ledger.Lane(t, UplinkLedger.LaneOne).Next <= engine.CheckpointLaneRow); waits++) await Task.Delay(TimeSpan.FromMilliseconds(20), time);
    }

    private static void StopOn(PosixSignalContext signal, ProcessHealth health)
    {
        signal.Cancel = true;
        health.StopAsked();
    }

    /// <summary>Waits for the end; meanwhile tells the supervisor that we live, but only while the engine really goes round.</summary>
    private static async Task WatchAsync(ProcessHealth health, EngineStage engine, GatewayClock clock, SystemdNotify systemd)
    {
        var interval = SystemdNotify.WatchdogInterval ?? TimeSpan.FromSeconds(1);
        while (!health.Ended.IsCompleted)
        {
            if (clock.Time.GetElapsedTime(engine.LastLoopTimestamp) < EngineStallMax) systemd.Alive();
            await Task.WhenAny(health.Ended, Task.Delay(interval, clock.Time));
        }
    }

    private static async Task SayWhereAsync(GatewayConfiguration configuration, string console, EngineStage engine, ILogger log)
    {
        ProcessLog.Serving(log, console, Where(configuration.Mqtt.Enabled, configuration.Mqtt.Address, configuration.Mqtt.Port), Where(configuration.Mqtt.Tls.Enabled, configuration.Mqtt.Tls.Address, configuration.Mqtt.Tls.Port),
            Where(configuration.Hj212.Enabled, configuration.Hj212.Address, configuration.Hj212.Port),
            Where(configuration.Goyo.Enabled, configuration.Goyo.Address, configuration.Goyo.Port), Where(configuration.Tx101.Enabled, configuration.Tx101.Address, configuration.Tx101.Port));
        if (await SetupLink.EnsureAsync(engine) is { } token) ProcessLog.SetUp(log, $"{console}#link={token}");
    }

    private static string Where(bool enabled, string address, int port) => enabled ? $"{address}:{port}" : "off";

    private static void Logs(ILoggingBuilder logging, GatewayConfiguration configuration)
    {
        if (configuration.Logging is { } section) logging.AddConfiguration(section);
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        // A server that cannot start says so to us, and we say it in one line; its own log would add the whole stack.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // systemd stamps and colours by itself.
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null) logging.AddSystemdConsole();
        else logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "yyyy-MM-dd HH:mm:ss.fff "));
    }
}

internal static partial class ProcessLog
{
    [LoggerMessage(1, LogLevel.Information, "Console {Console}, MQTT {Mqtt}, MQTT over TLS {MqttTls}, HJ 212 {Hj212}, GOYO {Goyo}, TX101 {Tx101}")]
    public static partial void Serving(ILogger log, string console, string mqtt, string mqttTls, string hj212, string goyo, string tx101);

    [LoggerMessage(2, LogLevel.Warning, "No account yet. Make the first administrator here, once, within 24 hours: {Link}")]
    public static partial void SetUp(ILogger log, string link);

    [LoggerMessage(3, LogLevel.Information, "Stopping: {Why}")]
    public static partial void Stopping(ILogger log, string why);

    [LoggerMessage(4, LogLevel.Warning, "The running program cannot be read, its hash is not in the evidence: {Why}")]
    public static partial void ProgramUnreadable(ILogger log, string why);
}

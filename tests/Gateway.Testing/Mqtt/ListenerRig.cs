using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Access;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Access;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;
using Gateway.Store;
using Gateway.Uplink;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Testing.Mqtt;

/// <summary>The MQTT listener with its access and a real engine and store behind it, without sockets. Time stands still until the test moves it.</summary>
public sealed class ListenerRig : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly bool _ownsDirectory;
    private readonly MqttSessions _sessions;
    private readonly StateReader _reader;

    /// <param name="members">Further members of the ledger's object: <c>"devices": […], "clients": […]</c>.</param>
    /// <param name="directory">The folder of an earlier rig, whose gateway this one is after a restart.</param>
    public ListenerRig(string members, MqttOptions? options = null, TempDirectory? directory = null, FakeClock? time = null)
    {
        Clock = time ?? new FakeClock();
        (_directory, _ownsDirectory) = (directory ?? new TempDirectory(), directory is null);
        Options = options ?? new MqttOptions();
        var problems = new Problems();
        var profiles = ProfileCatalog.Load(Repository.ReadAll("src/Gateway.Service/profiles", ".json"), problems);
        var ledger = LedgerReader.Read("ledger.json", Encoding.UTF8.GetBytes($$"""{ "version": 1, "site": { "id": "s1", "name": "s" }, {{members}} }"""), profiles.KindsByProfile, problems);
        if (ledger is not null) MqttLedgerCheck.Check("ledger.json", ledger, problems);
        Ledger = ledger!;
        if (problems.Any) throw new InvalidOperationException(string.Join("; ", problems.Items));
        var clock = new GatewayClock(Clock);
        Store = new StoreOptions { Directory = _directory.Path, CommitLingerMs = 0 };
        var (texts, devices) = (new TextTable(), new DeviceDirectory(Ledger, profiles));
        _sessions = MqttSessions.Open(Store, Ingest);
        Engine = new EngineStage(Ledger, devices, [], texts, Ingest, clock, Store, new UplinkLedger([]), new EngineIdentity("gw", "0", "", "", 60), NullLogger<EngineStage>.Instance, _sessions.Journal);
        Engine.Recover();
        Engine.Start();
        _reader = new StateReader(Store.StatePath);
        Refusals = new RefusalAudit(Engine, clock, "mqtt.refused", "mqtt:", NullLogger<RefusalAudit>.Instance);
        Access = new MqttAccess(Options, Ledger, _reader, Work, Refusals, clock, NullLogger<MqttAccess>.Instance);
        Link = new MqttLink(Options, new MqttIntake(MqttLink.Name, devices, texts, Ingest, clock, new RefusedMessages()), _sessions, Access, NullLogger<MqttLink>.Instance);
        Commands = new DeviceCommands(Store, Ledger, clock, "cli:test");
        GatewayClock = clock;
    }

    public FakeClock Clock { get; }

    public GatewayClock GatewayClock { get; }

    public MqttOptions Options { get; }

    public SiteLedger Ledger { get; }

    public StoreOptions Store { get; }

    public IngestBuffer Ingest { get; } = new();

    public EngineStage Engine { get; }

    public PasswordWork Work { get; } = new();

    public RefusalAudit Refusals { get; }

    public MqttAccess Access { get; }

    public MqttLink Link { get; }

    /// <summary><c>gateway device</c>, in another process as far as the listener can tell.</summary>
    public DeviceCommands Commands { get; }

    /// <summary>Sets a password as <c>gateway device password</c> does, and lets the running gateway notice.</summary>
    public void SetPassword(string id, string password, int iterations = PasswordHash.IterationsMin)
    {
        if (Commands.Set(id, PasswordHash.Make(password, iterations)) != AccessOutcome.Done) throw new InvalidOperationException($"{id} takes no password");
        Access.Look();
    }

    public async Task<MqttSignIn> SignInAsync(string? user = null, string? password = null, string from = "10.0.0.7", X509Certificate2? certificate = null, bool webSocket = false, string clientId = "x") =>
        await Access.SignInAsync(ConnectOf(user, password, clientId), new MqttPeer(IPAddress.Parse(from), certificate, certificate is not null, webSocket));

    public static MqttConnect ConnectOf(string? user, string? password, string clientId = "x") =>
        new() { Version = MqttVersion.V5, ClientId = clientId, CleanStart = true, User = user, Password = password is null ? null : Encoding.UTF8.GetBytes(password) };

    /// <summary>A connection without a socket.</summary>
    public MqttTestClient Dial(string from = "127.0.0.1")
    {
        var (up, down) = (new Pipe(), new Pipe());
        _ = ServeAsync(new Transport(up.Reader, down.Writer), new MqttPeer(IPAddress.Parse(from), null, false));
        return new MqttTestClient(down.Reader.AsStream(), up.Writer.AsStream());
    }

    /// <summary>What stands in the audit, oldest first.</summary>
    public async Task<List<string>> AuditAsync()
    {
        // What was written beside an answer is before this in the writer's queue.
        await Engine.WriteAsync((_, _) => { });
        return [.. _reader.Audit(long.MaxValue, 500).Rows.Reverse().Select(r => $"{r.Who} {r.What} {r.Target ?? "-"}: {r.Detail ?? "-"}")];
    }

    public long Count(SignInOutcome outcome) => Access.Outcomes.Single(o => o.Outcome == outcome).Count;

    public ValueTask DisposeAsync()
    {
        Link.Stopping();
        Access.Dispose();
        Engine.Dispose();
        _reader.Dispose();
        _sessions.Dispose();
        Work.Dispose();
        Ingest.Dispose();
        if (_ownsDirectory) _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ServeAsync(Transport transport, MqttPeer peer)
    {
        await Link.ServeAsync(transport, peer, _ => transport.Input.CancelPendingRead());
        await transport.Output.CompleteAsync();
        await transport.Input.CompleteAsync();
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

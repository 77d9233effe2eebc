using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Links.Mqtt.Rig;

/// <summary>The listener in process: its real link, broker and store; connections are pipes, rounds of the engine and time are driven by hand, and nothing happens outside the test's turn.</summary>
internal sealed class MqttRig : IDisposable
{
    private static readonly TestSite Site = new();
    private static readonly string[] Tables = ["session", "subscription", "message", "queue", "received", "retained"];

    private readonly string _folder = System.IO.Directory.CreateDirectory(Path.Combine(Root, $"gateway-mqtt-{Guid.NewGuid():N}")).FullName;
    private readonly TurnContext _turns = new();
    private readonly int _linesBytesMax;
    private IngestBatch? _held;
    private MqttSessions _sessions = null!;

    public MqttRig(Action<MqttOptions>? set = null, int linesBytesMax = IngestBuffer.DefaultLinesBytesMax)
    {
        _linesBytesMax = linesBytesMax;
        set?.Invoke(Options);
        Boot();
    }

    public SteppedClock Clock { get; } = new();

    public MqttOptions Options { get; } = new() { SysSeconds = 0, MessagesPerSecondMax = 0 };

    public MqttLink Link { get; private set; } = null!;

    public DeviceDirectory Directory { get; private set; } = null!;

    public IngestBuffer Ingest { get; private set; } = null!;

    public MqttBroker Broker => Link.Broker;

    /// <summary>What all sessions hold, as the listener counts it.</summary>
    public long HeldBytes => Broker.HeldBytes;

    public int JournalWaiting => _sessions.Writer.Waiting;

    public long JournalBytes => _sessions.Writer.WaitingBytes;

    public MqttTally Tally => Link.Tally;

    /// <summary>Something waits for the next commit.</summary>
    public bool HasWork => _sessions.Journal.HasWork;

    /// <summary>What the engine was given, of rounds that were committed.</summary>
    public List<Reading> Readings { get; } = [];

    public List<LinkEvent> Events { get; } = [];

    // Memory if there is such a folder: a simulation commits thousands of times.
    private static string Root => System.IO.Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private string StorePath => Path.Combine(_folder, "mqtt.db");

    public void Turn(Action action) => _turns.Turn(action);

    /// <summary>A client that has sent its CONNECT; it was let in, or read why not. Rounds go by when that takes a commit.</summary>
    /// <param name="kept">With a session that outlives the connection: Clean Session 0, or Clean Start 0 and an hour of expiry.</param>
    public RigClient Connect(string id, MqttVersion version = MqttVersion.V5, bool kept = false, Func<MqttConnect, MqttConnect>? with = null)
    {
        var connect = new MqttConnect { Version = version, ClientId = id, CleanStart = !kept, SessionExpirySeconds = version == MqttVersion.V5 && kept ? 3600u : 0, KeepAliveSeconds = 0 };
        var client = Open(version);
        client.Connect(with is null ? connect : with(connect));
        if (client.Connack is null && !client.IsOver) Round();
        client.Read();
        return client;
    }

    /// <summary>A connection that has said nothing yet.</summary>
    public RigClient Open(MqttVersion version = MqttVersion.V5) => new(this, version);

    /// <summary>A connection whose network takes whatever is written to it at once.</summary>
    public RigClient OpenWide(MqttVersion version = MqttVersion.V5) => new(this, version, unreadBytesMax: 64 * 1024 * 1024);

    /// <summary>One round in the engine stage's order: take, commit, acknowledge, publish. False when the store refused: the same batch is offered again next time.</summary>
    public bool Round()
    {
        bool done = false;
        Turn(() => done = TryRound());
        return done;
    }

    /// <summary>The commit of a round and nothing after it: a power cut may come right there.</summary>
    public void CommitOnly() => Turn(() =>
    {
        _held ??= Ingest.Take();
        if (HasWork) _sessions.Journal.Commit();
    });

    /// <summary>Rounds until nobody has anything to say any more.</summary>
    public void Settle(params RigClient[] clients)
    {
        for (bool busy = true; busy;)
        {
            Round();
            Pass(TimeSpan.FromMilliseconds(250));
            busy = clients.Sum(c => c.Read().Count) > 0 || _sessions.Journal.HasWork;
        }
    }

    /// <summary>Time goes by; the link looks round at the end of it.</summary>
    public void Pass(TimeSpan time)
    {
        Turn(() => Clock.Advance(time));
        Turn(Link.Sweep);
    }

    public void PassSeconds(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>Kill -9 and a new start: what was not committed is gone, and so is every connection.</summary>
    public void Crash(TimeSpan down = default)
    {
        Shut();
        Clock.Advance(down);
        Boot();
    }

    /// <summary>While true every write to the store fails, as on a full disk.</summary>
    public void StoreRefuses(bool refuses)
    {
        using var db = SqliteDatabase.OpenWriter(StorePath);
        foreach (string table in Tables)
            foreach (string verb in (string[])["INSERT", "UPDATE", "DELETE"])
                db.Execute(refuses ? $"CREATE TRIGGER no_{verb}_{table} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END" : $"DROP TRIGGER no_{verb}_{table}");
    }

    /// <summary>Rows of a table as they are on disk.</summary>
    public long Rows(string table)
    {
        using var db = SqliteDatabase.OpenReader(StorePath);
        return db.ReadLong($"SELECT count(*) FROM {table}");
    }

    public long AllRows() => Tables.Sum(Rows);

    public void Dispose()
    {
        Shut();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private void Boot()
    {
        Ingest = new IngestBuffer(_linesBytesMax);
        _sessions = MqttSessions.Open(new StoreOptions { Directory = _folder }, Ingest);
        Directory = new DeviceDirectory(Site.Ledger, Site.Catalog);
        var intake = new MqttIntake(MqttLink.Name, Directory, Site.Texts, Ingest, new GatewayClock(Clock), new RefusedMessages());
        Link = new MqttLink(Options, intake, _sessions, new RigAccess(), NullLogger<MqttLink>.Instance) { Aside = _turns.Aside };
    }

    private void Shut()
    {
        _turns.Forget();
        _held = null;
        _sessions.Dispose();
        Ingest.Dispose();
    }

    private bool TryRound()
    {
        var batch = _held ??= Ingest.Take();
        bool beside = _sessions.Journal.HasWork;
        try
        {
            if (beside) _sessions.Journal.Commit();
        }
        catch (StoreException)
        {
            return false;
        }
        foreach (ref readonly var reading in batch.Readings) Readings.Add(reading);
        Events.AddRange(batch.Events);
        var toFlush = new HashSet<IAcknowledge>();
        foreach (var (sink, token) in batch.Acks)
            if (sink.Committed(token)) toFlush.Add(sink);
        foreach (var sink in toFlush) sink.Flush();
        if (beside) _sessions.Journal.Publish();
        Ingest.Return(batch);
        _held = null;
        return true;
    }
}

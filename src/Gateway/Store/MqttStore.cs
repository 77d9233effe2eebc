using Gateway.Links.Mqtt.Broker;
using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary><c>mqtt.db</c>: sessions, subscriptions, queues and retained messages of the MQTT listener. One owner thread writes.</summary>
internal sealed class MqttStore : IDisposable
{
    public const string Name = "mqtt.db";

    public const int SchemaVersion = 1;

    private const string Version1 = """
        CREATE TABLE session(client TEXT PRIMARY KEY, owner TEXT NOT NULL, expiry_s INTEGER NOT NULL, disconnected_ms INTEGER) WITHOUT ROWID;
        CREATE TABLE subscription(client TEXT NOT NULL, filter TEXT NOT NULL, qos INTEGER NOT NULL, options INTEGER NOT NULL, identifier INTEGER NOT NULL, PRIMARY KEY(client, filter)) WITHOUT ROWID;
        CREATE TABLE message(id INTEGER PRIMARY KEY, qos INTEGER NOT NULL, retain INTEGER NOT NULL, expires_ms INTEGER, topic BLOB NOT NULL, properties BLOB NOT NULL, payload BLOB NOT NULL);
        CREATE TABLE queue(client TEXT NOT NULL, number INTEGER NOT NULL, packet_id INTEGER NOT NULL, state INTEGER NOT NULL, qos INTEGER NOT NULL, retain INTEGER NOT NULL,
            subscriptions BLOB NOT NULL, message INTEGER NOT NULL, PRIMARY KEY(client, number)) WITHOUT ROWID;
        CREATE INDEX queue_message ON queue(message);
        CREATE TRIGGER message_done AFTER DELETE ON queue BEGIN
            DELETE FROM message WHERE id = old.message AND NOT EXISTS(SELECT 1 FROM queue WHERE message = old.message);
        END;
        CREATE TABLE received(client TEXT NOT NULL, packet_id INTEGER NOT NULL, PRIMARY KEY(client, packet_id)) WITHOUT ROWID;
        CREATE TABLE retained(topic BLOB PRIMARY KEY, qos INTEGER NOT NULL, expires_ms INTEGER, properties BLOB NOT NULL, payload BLOB NOT NULL);
        """;

    private readonly SqliteDatabase _db;
    private readonly SqliteStatement _keepSession;
    private readonly SqliteStatement[] _endSession;
    private readonly SqliteStatement _subscribe;
    private readonly SqliteStatement _unsubscribe;
    private readonly SqliteStatement _message;
    private readonly SqliteStatement _queue;
    private readonly SqliteStatement _step;
    private readonly SqliteStatement _unqueue;
    private readonly SqliteStatement _received;
    private readonly SqliteStatement _released;
    private readonly SqliteStatement _retain;
    private readonly SqliteStatement _forget;
    private MqttMessage? _lastWritten;
    private long _lastMessage;

    private MqttStore(SqliteDatabase db)
    {
        _db = db;
        _keepSession = db.Prepare("INSERT INTO session(client, owner, expiry_s, disconnected_ms) VALUES(?,?,?,?) ON CONFLICT(client) DO UPDATE SET owner = excluded.owner, expiry_s = excluded.expiry_s, disconnected_ms = excluded.disconnected_ms");
        _endSession =
        [
            db.Prepare("DELETE FROM session WHERE client = ?"), db.Prepare("DELETE FROM subscription WHERE client = ?"),
            db.Prepare("DELETE FROM queue WHERE client = ?"), db.Prepare("DELETE FROM received WHERE client = ?"),
        ];
        _subscribe = db.Prepare("INSERT INTO subscription(client, filter, qos, options, identifier) VALUES(?,?,?,?,?) ON CONFLICT(client, filter) DO UPDATE SET qos = excluded.qos, options = excluded.options, identifier = excluded.identifier");
        _unsubscribe = db.Prepare("DELETE FROM subscription WHERE client = ? AND filter = ?");
        _message = db.Prepare("INSERT OR IGNORE INTO message(id, qos, retain, expires_ms, topic, properties, payload) VALUES(?,?,?,?,?,?,?)");
        _queue = db.Prepare("INSERT OR REPLACE INTO queue(client, number, packet_id, state, qos, retain, subscriptions, message) VALUES(?,?,?,?,?,?,?,?)");
        _step = db.Prepare("UPDATE queue SET packet_id = ?, state = ? WHERE client = ? AND number = ?");
        _unqueue = db.Prepare("DELETE FROM queue WHERE client = ? AND number = ?");
        _received = db.Prepare("INSERT OR IGNORE INTO received(client, packet_id) VALUES(?,?)");
        _released = db.Prepare("DELETE FROM received WHERE client = ? AND packet_id = ?");
        _retain = db.Prepare("INSERT INTO retained(topic, qos, expires_ms, properties, payload) VALUES(?,?,?,?,?) ON CONFLICT(topic) DO UPDATE SET qos = excluded.qos, expires_ms = excluded.expires_ms, properties = excluded.properties, payload = excluded.payload");
        _forget = db.Prepare("DELETE FROM retained WHERE topic = ?");
        _lastMessage = db.ReadLong("SELECT max(id) FROM message");
    }

    /// <exception cref="StoreException">Not a store, or of a newer version.</exception>
    public static MqttStore Open(string path)
    {
        var db = SqliteDatabase.OpenWriter(path, SchemaVersion);
        try
        {
            SchemaMigration.Run(db, SchemaVersion, Version1);
            SchemaMigration.Expect(db, "session");
            return new MqttStore(db);
        }
        catch (StoreException)
        {
            db.Dispose();
            throw;
        }
    }

    public string Path => _db.Path;

    /// <summary>Goes on from the numbers of another one: its messages live on in memory under theirs.</summary>
    public void NumberFrom(MqttStore before) => _lastMessage = Math.Max(_lastMessage, before._lastMessage);

    /// <summary>Everything that is kept, in order.</summary>
    public MqttMemory Read()
    {
        var messages = Rows("SELECT id, qos, retain, expires_ms, topic, properties, payload FROM message",
            r => new MqttMessage(r.Blob(4).ToArray(), r.Blob(6).ToArray(), r.Blob(5).ToArray(), (int)r.Long(1), r.Long(2) != 0, Expiry(r, 3)) { StoredAs = r.Long(0) }).ToDictionary(m => m.StoredAs);
        return new MqttMemory(
            Rows("SELECT client, owner, expiry_s, disconnected_ms FROM session", r => new SessionRow(r.Text(0), r.Text(1), (uint)r.Long(2), r.IsNull(3) ? null : r.Long(3))),
            Rows("SELECT client, filter, qos, options, identifier FROM subscription", r => (r.Text(0), SubscriptionRow.Of(r.Text(1), (int)r.Long(2), (int)r.Long(3), (uint)r.Long(4)))),
            Rows("SELECT client, number, packet_id, state, qos, retain, subscriptions, message FROM queue ORDER BY client, number", r => (r.Text(0), ReadQueued(r, messages))),
            Rows("SELECT client, packet_id FROM received", r => (r.Text(0), (ushort)r.Long(1))),
            Rows("SELECT topic, qos, expires_ms, properties, payload FROM retained", r => new MqttMessage(r.Blob(0).ToArray(), r.Blob(4).ToArray(), r.Blob(3).ToArray(), (int)r.Long(1), true, Expiry(r, 2))));
    }

    /// <summary>Writes the changes in one synced transaction.</summary>
    /// <exception cref="StoreException">None of them was kept.</exception>
    public void Apply(List<MqttChange> changes) => _db.InTransaction(() =>
    {
        _lastWritten = null;
        foreach (var change in changes) Apply(change);
    });

    /// <summary>Returns what long queues held to the file system.</summary>
    public void GiveBack() => _db.GiveBack(everything: false);

    public void Dispose() => _db.Dispose();

    private void Apply(in MqttChange change)
    {
        switch (change.Kind)
        {
            case MqttChangeKind.SessionKeep when change.Body is SessionRow row:
                _keepSession.Bind(1, row.Client).Bind(2, row.Owner).Bind(3, row.ExpirySeconds).Bind(4, row.DisconnectedAtMs).Run();
                break;
            case MqttChangeKind.SessionEnd:
                _lastWritten = null;
                foreach (var statement in _endSession) statement.Bind(1, change.Client).Run();
                break;
            case MqttChangeKind.Subscribe when change.Body is Subscription s:
                _subscribe.Bind(1, change.Client).Bind(2, s.Filter).Bind(3, s.Qos).Bind(4, SubscriptionRow.Options(s)).Bind(5, s.Identifier).Run();
                break;
            case MqttChangeKind.Unsubscribe when change.Body is string filter:
                _unsubscribe.Bind(1, change.Client).Bind(2, filter).Run();
                break;
            case MqttChangeKind.QueueAdd when change.Body is Outgoing o:
                WriteQueued(change.Client, o);
                break;
            case MqttChangeKind.QueueStep when change.Body is Outgoing o:
                var (packetId, state) = o.Step;
                _step.Bind(1, packetId).Bind(2, (long)state).Bind(3, change.Client).Bind(4, o.Number).Run();
                break;
            case MqttChangeKind.QueueRemove:
                _lastWritten = null;
                _unqueue.Bind(1, change.Client).Bind(2, change.Number).Run();
                break;
            case MqttChangeKind.ReceivedAdd:
                _received.Bind(1, change.Client).Bind(2, change.Number).Run();
                break;
            case MqttChangeKind.ReceivedRemove:
                _released.Bind(1, change.Client).Bind(2, change.Number).Run();
                break;
            case MqttChangeKind.Retain when change.Body is MqttMessage { Payload.Length: 0 } gone:
                _forget.Bind(1, gone.Topic).Run();
                break;
            case MqttChangeKind.Retain when change.Body is MqttMessage m:
                _retain.Bind(1, m.Topic).Bind(2, m.Qos).Bind(3, Expiry(m)).Bind(4, m.Properties).Bind(5, m.Payload).Run();
                break;
        }
    }

    private void WriteQueued(string client, Outgoing o)
    {
        byte[] subscriptions = new byte[o.SubscriptionIds.Length * sizeof(uint)];
        Buffer.BlockCopy(o.SubscriptionIds, 0, subscriptions, 0, subscriptions.Length);
        var (packetId, state) = o.Step;
        _queue.Bind(1, client).Bind(2, o.Number).Bind(3, packetId).Bind(4, (long)state).Bind(5, o.Qos).Bind(6, o.Retain ? 1 : 0).Bind(7, subscriptions).Bind(8, Keep(o.Message)).Run();
    }

    /// <summary>One row for a message, however many queues it stands in: hundreds of sessions that wait for it must not cost the disk hundreds of copies. It goes with its last queue row.</summary>
    private long Keep(MqttMessage m)
    {
        if (m.StoredAs == 0) m.StoredAs = ++_lastMessage;
        if (ReferenceEquals(m, _lastWritten)) return m.StoredAs;
        _message.Bind(1, m.StoredAs).Bind(2, m.Qos).Bind(3, m.Retain ? 1 : 0).Bind(4, Expiry(m)).Bind(5, m.Topic).Bind(6, m.Properties).Bind(7, m.Payload).Run();
        _lastWritten = m;
        return m.StoredAs;
    }

    private static Outgoing ReadQueued(SqliteStatement r, Dictionary<long, MqttMessage> messages)
    {
        uint[] subscriptions = new uint[r.Blob(6).Length / sizeof(uint)];
        Buffer.BlockCopy(r.Blob(6).ToArray(), 0, subscriptions, 0, subscriptions.Length * sizeof(uint));
        // Whoever was promised a packet id may have seen it before the crash.
        var state = (OutgoingState)r.Long(3);
        var outgoing = new Outgoing(messages[r.Long(7)], (int)r.Long(4), r.Long(5) != 0, subscriptions, r.Long(1)) { WasSent = state != OutgoingState.Waiting };
        outgoing.Move((ushort)r.Long(2), state);
        return outgoing;
    }

    private static long? Expiry(MqttMessage m) => m.ExpiresAtMs == MqttMessage.Never ? null : m.ExpiresAtMs;

    private static long Expiry(SqliteStatement r, int column) => r.IsNull(column) ? MqttMessage.Never : r.Long(column);

    private List<T> Rows<T>(string sql, Func<SqliteStatement, T> read)
    {
        using var statement = _db.Prepare(sql);
        var rows = new List<T>();
        while (statement.Step()) rows.Add(read(statement));
        return rows;
    }
}

/// <summary>What the listener knew when it stopped.</summary>
internal sealed record MqttMemory(
    IReadOnlyList<SessionRow> Sessions,
    IReadOnlyList<(string Client, SubscriptionRow Subscription)> Subscriptions,
    IReadOnlyList<(string Client, Outgoing Message)> Queues,
    IReadOnlyList<(string Client, ushort PacketId)> Received,
    IReadOnlyList<MqttMessage> Retained);

/// <summary>A subscription as it is kept: its options in one number.</summary>
internal sealed record SubscriptionRow(string Filter, int Qos, bool NoLocal, bool RetainAsPublished, int RetainHandling, uint Identifier)
{
    public Subscription For(MqttSession session) => new(session, Filter, Qos, NoLocal, RetainAsPublished, RetainHandling, Identifier);

    /// <summary>Bits as in the SUBSCRIBE packet [§3.8.3.1]: 2 no local, 3 retain as published, 4–5 retain handling.</summary>
    public static int Options(Subscription s) => (s.NoLocal ? 4 : 0) | (s.RetainAsPublished ? 8 : 0) | s.RetainHandling << 4;

    public static SubscriptionRow Of(string filter, int qos, int options, uint identifier) => new(filter, qos, (options & 4) != 0, (options & 8) != 0, options >> 4 & 3, identifier);
}

using System.Text.Json;
using Gateway.Domain.Evidence;
using Gateway.Domain.Presence;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary>What the telemetry caused, on disk: journal, alarms, presence, lane one, cursors. One owner thread; every method that writes runs inside <see cref="Commit"/>.</summary>
public sealed partial class StateStore : IDisposable
{
    public const string Name = "state.db";

    public const int SchemaVersion = 6;

    private readonly SqliteDatabase _db;
    private readonly Dictionary<string, SqliteStatement> _prepared = new(StringComparer.Ordinal);
    private byte[] _hash;
    private long _seqFloor;
    private (byte[] Hash, long Seq, long LaneOne) _before;

    private StateStore(SqliteDatabase db)
    {
        _db = db;
        _hash = new byte[EvidenceChain.HashBytes];
        TakeUpHead();
        NextLaneOne = Math.Max(db.ReadLong("SELECT max(seq) FROM lane_one"), db.ReadLong("SELECT max(next) - 1 FROM cursor WHERE lane = 'one'")) + 1;
    }

    public string Path => _db.Path;

    /// <summary>Sequence of the newest journal row, 0 = none.</summary>
    public long LastSeq { get; private set; }

    /// <summary>Number of the next row of lane one.</summary>
    public long NextLaneOne { get; private set; }

    /// <exception cref="StoreException">Not a store, or of a newer version.</exception>
    public static StateStore Open(string path)
    {
        var db = SqliteDatabase.OpenWriter(path, SchemaVersion);
        try
        {
            SchemaMigration.Run(db, SchemaVersion, StateSchema.Version1, StateSchema.Version2, StateSchema.Version3, StateSchema.Version4, StateSchema.Version5, StateSchema.Version6);
            SchemaMigration.Expect(db, "journal");
            return new StateStore(db);
        }
        catch (StoreException)
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Runs the writes in one synced transaction, at the head of the chain: <c>gateway user</c> may have appended to it from another process. After a failure nothing of them happened and they can be offered again.</summary>
    /// <exception cref="StoreException">Disk full, read-only, damaged …</exception>
    public void Commit(Action writes)
    {
        _before = (_hash, LastSeq, NextLaneOne);
        try
        {
            _db.InTransaction(() =>
            {
                TakeUpHead();
                writes();
            });
        }
        catch (StoreException)
        {
            (_hash, LastSeq, NextLaneOne) = _before;
            _quarantine = null;
            throw;
        }
    }

    public string? Meta(string key)
    {
        var read = Statement("SELECT value FROM meta WHERE key = ?").Bind(1, key);
        string? value = read.Step() ? read.Text(0) : null;
        read.Reset();
        return value;
    }

    public long MetaLong(string key) => long.TryParse(Meta(key), System.Globalization.CultureInfo.InvariantCulture, out long value) ? value : 0;

    public void SetMeta(string key, string value) =>
        Statement("INSERT INTO meta(key, value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value = excluded.value").Bind(1, key).Bind(2, value).Run();

    public void SetMeta(string key, long value) => SetMeta(key, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The next row gets this number at least: numbers that were lost but may have been seen are not used again.</summary>
    /// <param name="laneOne">The same for the rows of lane one.</param>
    public void NumberFrom(long seq, long laneOne) => (_seqFloor, NextLaneOne) = (seq - 1, Math.Max(NextLaneOne, laneOne));

    /// <summary>Whether the last run came to its end: after any other the files deserve a look.</summary>
    public bool EndedInOrder() => _db.ReadLong("SELECT coalesce((SELECT max(seq) FROM journal WHERE kind = 'shutdown'), 0) >= coalesce((SELECT max(seq) FROM journal WHERE kind = 'boot'), 0)") == 1;

    /// <summary>The furthest line any target has, 0 without one.</summary>
    public long FurthestCursor(string lane)
    {
        var read = Statement("SELECT coalesce(max(next), 0) FROM cursor WHERE lane = ?").Bind(1, lane);
        return read.Number();
    }

    /// <summary>Appends a row to the evidence chain.</summary>
    /// <param name="body">UTF-8 JSON, kept exactly.</param>
    /// <returns>Its sequence.</returns>
    public long Journal(string kind, long atMs, ReadOnlySpan<byte> body)
    {
        _hash = EvidenceChain.Next(_hash, LastSeq + 1, atMs, kind, body);
        Statement("INSERT INTO journal(seq, at_ms, kind, body, hash) VALUES(?,?,?,?,?)").Bind(1, ++LastSeq).Bind(2, atMs).Bind(3, kind).Bind(4, body).Bind(5, _hash.AsSpan()).Run();
        return LastSeq;
    }

    public void Audit(long atMs, AuditRow row) => Journal("audit", atMs, JsonSerializer.SerializeToUtf8Bytes(row, ViewJson.Default.AuditRow));

    public void KeepAlarm(AlarmView alarm, ReadOnlySpan<byte> body) =>
        Statement("""
            INSERT INTO alarm(id, number, seq, open, body) VALUES(?,?,?,?,?)
            ON CONFLICT(id) DO UPDATE SET seq = excluded.seq, open = excluded.open, body = excluded.body
            """).Bind(1, alarm.Id).Bind(2, alarm.Number).Bind(3, alarm.Seq).Bind(4, alarm.State == Domain.Alarms.AlarmState.Normal ? 0 : 1).Bind(5, body).Run();

    public void KeepPresence(string device, PresenceState state, string cause, long intervalFromMs) =>
        Statement("""
            INSERT INTO presence(device, state, cause, interval_from_ms) VALUES(?,?,?,?)
            ON CONFLICT(device) DO UPDATE SET state = excluded.state, cause = excluded.cause, interval_from_ms = excluded.interval_from_ms
            """).Bind(1, device).Bind(2, (long)state).Bind(3, cause).Bind(4, intervalFromMs).Run();

    public void KeepInterval(string device, PresenceInterval interval, long seq) =>
        Statement("INSERT INTO presence_interval(device, from_ms, to_ms, state, cause, seq) VALUES(?,?,?,?,?,?)")
            .Bind(1, device).Bind(2, interval.FromMs).Bind(3, interval.ToMs).Bind(4, (long)interval.State).Bind(5, interval.Cause).Bind(6, seq).Run();

    public void KeepWork(string device, long dayFromMs, WorkMemory work) =>
        Statement("""
            INSERT INTO work_day(device, day_from_ms, working_ms, certified_ms) VALUES(?,?,?,?)
            ON CONFLICT(device) DO UPDATE SET day_from_ms = excluded.day_from_ms, working_ms = excluded.working_ms, certified_ms = excluded.certified_ms
            """).Bind(1, device).Bind(2, dayFromMs).Bind(3, work.WorkingMs).Bind(4, work.CertifiedMs).Run();

    /// <summary>Puts lines into the lane that is never dropped.</summary>
    public void AppendLaneOne(ReadOnlySpan<byte> lines, int count) =>
        Statement("INSERT INTO lane_one(seq, lines, body) VALUES(?,?,?)").Bind(1, NextLaneOne++).Bind(2, count).Bind(3, lines).Run();

    /// <summary>How far a reader of its own has come that is no target of the uplink.</summary>
    public void SetCursor(string reader, string lane, long next) =>
        Statement("INSERT INTO cursor(target, lane, next) VALUES(?,?,?) ON CONFLICT(target, lane) DO UPDATE SET next = excluded.next").Bind(1, reader).Bind(2, lane).Bind(3, next).Run();

    /// <summary>What the engine takes up after a stop.</summary>
    public EngineMemory Memory(IReadOnlyDictionary<string, int> deviceIndexes, long dayFromMs)
    {
        var presence = new Dictionary<string, PresenceMemory>(StringComparer.Ordinal);
        using (var rows = _db.Prepare("SELECT device, state, cause, interval_from_ms FROM presence"))
            while (rows.Step()) presence[rows.Text(0)] = new PresenceMemory((PresenceState)rows.Long(1), rows.Text(2), rows.Long(3));
        var today = new List<PresenceInterval>();
        using (var rows = _db.Prepare("SELECT device, state, cause, from_ms, to_ms FROM presence_interval WHERE to_ms > ? ORDER BY seq").Bind(1, dayFromMs))
            while (rows.Step())
                if (deviceIndexes.TryGetValue(rows.Text(0), out int index)) today.Add(new PresenceInterval(index, (PresenceState)rows.Long(1), rows.Text(2), rows.Long(3), rows.Long(4)));
        var work = new Dictionary<string, WorkMemory>(StringComparer.Ordinal);
        using (var rows = _db.Prepare("SELECT device, working_ms, certified_ms FROM work_day WHERE day_from_ms = ?").Bind(1, dayFromMs))
            while (rows.Step()) work[rows.Text(0)] = new WorkMemory(rows.Long(1), rows.Long(2));
        return new EngineMemory(MetaLong("heartbeat_ms"), presence, today, work, [.. OpenAlarms().Select(a => a.ToAlarm())], _db.ReadLong("SELECT max(number) FROM alarm")) { WorkOpen = WorkOpen() };
    }

    public IReadOnlyList<AlarmView> OpenAlarms()
    {
        var alarms = new List<AlarmView>();
        using var rows = _db.Prepare("SELECT body FROM alarm WHERE open = 1 ORDER BY number");
        while (rows.Step()) alarms.Add(JsonSerializer.Deserialize(rows.Blob(0), ViewJson.Default.AlarmView)!);
        return alarms;
    }

    /// <summary>Returns what lane one held to the file system.</summary>
    public void GiveBack() => _db.GiveBack(everything: false);

    public void Dispose() => _db.Dispose();

    /// <summary>Within a transaction nobody else writes: what is the newest row now stays it until the end.</summary>
    private void TakeUpHead()
    {
        var last = Statement("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");
        if (last.Step() && last.Long(0) != LastSeq) (LastSeq, _hash) = (last.Long(0), last.Blob(1).ToArray());
        last.Reset();
        LastSeq = Math.Max(LastSeq, _seqFloor);
    }

    private SqliteStatement Statement(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var statement)) _prepared[sql] = statement = _db.Prepare(sql);
        // A statement whose last run failed still holds its row; reset makes it new.
        statement.Reset();
        return statement;
    }
}

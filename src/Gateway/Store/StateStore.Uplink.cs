using Gateway.Engine.Views;
using Gateway.Uplink.Audit;
using Gateway.Uplink.Progress;

namespace Gateway.Store;

/// <summary>How far each target has come, what it refused, how many points it should hold.</summary>
public sealed partial class StateStore
{
    /// <summary>Beyond these the oldest quarantined line goes, counted.</summary>
    public const long QuarantineRowsMax = 10_000;
    public const long QuarantineBytesMax = 16 * 1024 * 1024;

    private const string QuarantineDropped = "quarantine_dropped";

    /// <summary>What is known of hours this old is not needed any more, hours.</summary>
    private const long HoursKept = 30 * 24;

    private (long Rows, long Bytes)? _quarantine;

    public LaneMemory Progress(string target, string lane)
    {
        var backlog = lane == Gateway.Uplink.UplinkLedger.Telemetry
            ? Statement("SELECT from_line, to_line, again FROM backlog WHERE target = ? ORDER BY from_line").Bind(1, target).All(row => (new LineRange(row.Long(0), row.Long(1)), row.Long(2) == 1))
            : [];
        return Statement("SELECT next, settled, started FROM cursor WHERE target = ? AND lane = ?").Bind(1, target).Bind(2, lane)
            .One(row => new LaneMemory(row.Long(0), row.Long(1), TargetStart.Parse(row.TextOrNull(2)), backlog)) ?? LaneMemory.Empty;
    }

    public void Keep(LaneChanges changes)
    {
        foreach (var line in changes.Refused) Quarantine(line.Target, line.Lane, line.AtMs, line.Line, line.Words);
        foreach (var line in changes.Replayed) EndReplay(line);
        foreach (var counts in changes.Counted) Count(changes.Target, counts);
        var memory = changes.Memory;
        Statement("""
            INSERT INTO cursor(target, lane, next, settled, started) VALUES(?,?,?,?,?)
            ON CONFLICT(target, lane) DO UPDATE SET next = excluded.next, settled = excluded.settled, started = excluded.started
            """).Bind(1, changes.Target).Bind(2, changes.Lane).Bind(3, memory.Next).Bind(4, memory.Settled).Bind(5, memory.Started?.ToString()).Run();
        if (changes.Lane != Gateway.Uplink.UplinkLedger.Telemetry) return;
        Statement("DELETE FROM backlog WHERE target = ?").Bind(1, changes.Target).Run();
        foreach (var (range, again) in memory.Backlog)
            Statement("INSERT INTO backlog(target, from_line, to_line, again) VALUES(?,?,?,?)").Bind(1, changes.Target).Bind(2, range.From).Bind(3, range.To).Bind(4, again ? 1 : 0).Run();
    }

    /// <summary>Removes lane-one rows that every target has settled.</summary>
    public void TrimLaneOne(long before) => Statement("DELETE FROM lane_one WHERE seq < ?").Bind(1, before).Run();

    /// <summary>A line the target refused for good, with the server's words or ours.</summary>
    public void Quarantine(string target, string lane, long atMs, ReadOnlySpan<byte> line, string words)
    {
        Statement("INSERT INTO quarantine(target, lane, at_ms, line, words) VALUES(?,?,?,?,?)").Bind(1, target).Bind(2, lane).Bind(3, atMs).Bind(4, line).Bind(5, words).Run();
        var (rows, bytes) = _quarantine ?? Measure();
        if (_quarantine is not null) (rows, bytes) = (rows + 1, bytes + line.Length);
        for (; rows > QuarantineRowsMax || bytes > QuarantineBytesMax; rows--)
        {
            bytes -= Statement("SELECT length(line) FROM quarantine ORDER BY id LIMIT 1").Number();
            Statement("DELETE FROM quarantine WHERE id = (SELECT min(id) FROM quarantine)").Run();
            SetMeta(QuarantineDropped, MetaLong(QuarantineDropped) + 1);
        }
        _quarantine = (rows, bytes);
    }

    /// <summary>Asks for lines to be sent once more.</summary>
    /// <param name="id">Null: all of the target.</param>
    /// <returns>How many were asked for.</returns>
    public long AskReplay(long nowMs, string who, string? target, long? id)
    {
        Statement("UPDATE quarantine SET replay = 1 WHERE (?1 IS NULL OR target = ?1) AND (?2 IS NULL OR id = ?2)").Bind(1, target).Bind(2, id).Run();
        long lines = _db.Changes;
        if (lines > 0) Audit(nowMs, new AuditRow(who, "quarantine.replay", target ?? TextOf(id!.Value), $"{lines} lines"));
        return lines;
    }

    /// <summary>Gives a line up, for a reason that stays.</summary>
    /// <returns>True when there was one.</returns>
    public bool Discard(long nowMs, string who, long id, string reason)
    {
        Forget(id);
        if (_db.Changes == 0) return false;
        Audit(nowMs, new AuditRow(who, "quarantine.discard", TextOf(id), reason));
        return true;
    }

    public void KeepHour(SettledHour hour) =>
        Statement("UPDATE settled_hour SET state = ?3, attempts = ?4 WHERE target = ?1 AND hour_ms = ?2").Bind(1, hour.Target).Bind(2, hour.HourMs).Bind(3, (long)hour.State).Bind(4, hour.Attempts).Run();

    /// <summary>Removes what is known of hours long past.</summary>
    public void ForgetHours(long nowMs)
    {
        long before = nowMs - HoursKept * PointCounts.HourMs;
        Statement("DELETE FROM settled_count WHERE hour_ms < ?").Bind(1, before).Run();
        Statement("DELETE FROM settled_hour WHERE hour_ms < ?").Bind(1, before).Run();
    }

    private static string TextOf(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private void EndReplay(ReplayedLine line)
    {
        if (line.Words is null) Forget(line.Id);
        else Statement("UPDATE quarantine SET replay = 0, at_ms = ?, words = ? WHERE id = ?").Bind(1, line.AtMs).Bind(2, line.Words).Bind(3, line.Id).Run();
    }

    private void Forget(long id)
    {
        _quarantine = null;
        Statement("DELETE FROM quarantine WHERE id = ?").Bind(1, id).Run();
    }

    private (long Rows, long Bytes) Measure() => Statement("SELECT count(*), coalesce(sum(length(line)), 0) FROM quarantine").One(row => new Tuple<long, long>(row.Long(0), row.Long(1))) is { } size ? (size.Item1, size.Item2) : (0, 0);

    private void Count(string target, PointCounts counts)
    {
        foreach (var (shape, hourMs, tally) in counts.All)
        {
            foreach (string field in shape.Fields)
                Statement("""
                    INSERT INTO settled_count(target, hour_ms, measurement, field, points) VALUES(?,?,?,?,?)
                    ON CONFLICT(target, hour_ms, measurement, field) DO UPDATE SET points = points + excluded.points
                    """).Bind(1, target).Bind(2, hourMs).Bind(3, shape.Measurement).Bind(4, field).Bind(5, tally.Points).Run();
            Statement("""
                INSERT INTO settled_hour(target, hour_ms, from_line, to_line, state, attempts) VALUES(?,?,?,?,0,0)
                ON CONFLICT(target, hour_ms) DO UPDATE SET from_line = min(from_line, excluded.from_line), to_line = max(to_line, excluded.to_line), state = 0
                """).Bind(1, target).Bind(2, hourMs).Bind(3, tally.FromLine).Bind(4, tally.ToLine).Run();
        }
    }
}

using Gateway.Uplink.Quarantine;

namespace Gateway.Store;

/// <summary>What the targets refused, and what they should hold.</summary>
public sealed partial class StateReader
{
    /// <summary>Lines somebody asked to send once more, oldest first.</summary>
    public IReadOnlyList<(long Id, long AtMs, byte[] Line)> QuarantineToReplay(string target, int limit)
    {
        lock (_gate)
            return Statement("SELECT id, at_ms, line FROM quarantine WHERE target = ? AND replay = 1 ORDER BY id LIMIT ?").Bind(1, target).Bind(2, limit).All(row => (row.Long(0), row.Long(1), row.Blob(2).ToArray()));
    }

    /// <summary>Lines in quarantine, newest first.</summary>
    /// <param name="target">Null: of all targets.</param>
    /// <returns>The rows and the cursor of the next page (0 = no more).</returns>
    public (IReadOnlyList<QuarantinedLine> Rows, long Next) Quarantine(string? target, long beforeId, int limit)
    {
        List<QuarantinedLine> rows;
        lock (_gate)
            rows = Statement("SELECT id, target, lane, at_ms, line, words, replay FROM quarantine WHERE id < ?1 AND (?2 IS NULL OR target = ?2) ORDER BY id DESC LIMIT ?3")
                .Bind(1, beforeId).Bind(2, target).Bind(3, limit + 1)
                .All(row => new QuarantinedLine(row.Long(0), row.Text(1), row.Text(2), row.Long(3), row.Blob(4).ToArray(), row.Text(5), row.Long(6) == 1));
        if (rows.Count <= limit) return (rows, 0);
        rows.RemoveAt(limit);
        return (rows, rows[^1].Id);
    }

    public long QuarantineLines(string target)
    {
        lock (_gate) return Statement("SELECT count(*) FROM quarantine WHERE target = ?").Bind(1, target).Number();
    }

    /// <summary>Hours of a target that are over and not found to agree.</summary>
    public IReadOnlyList<SettledHour> HoursToAudit(string target, long beforeMs)
    {
        lock (_gate)
            return Statement("SELECT hour_ms, from_line, to_line, state, attempts FROM settled_hour WHERE target = ? AND hour_ms < ? AND state <> 1 ORDER BY hour_ms").Bind(1, target).Bind(2, beforeMs)
                .All(row => new SettledHour(target, row.Long(0), row.Long(1), row.Long(2), (HourState)row.Long(3), (int)row.Long(4)));
    }

    /// <summary>First line that an hour may still need which is not read back; <see cref="long.MaxValue"/> when there is none.</summary>
    public long FirstLineToAudit(string target)
    {
        lock (_gate)
        {
            long first = Statement("SELECT coalesce(min(from_line), -1) FROM settled_hour WHERE target = ? AND state <> 1").Bind(1, target).Number();
            return first < 0 ? long.MaxValue : first;
        }
    }

    public IReadOnlyList<SettledCount> SettledCounts(string target, long hourMs)
    {
        lock (_gate)
            return Statement("SELECT measurement, field, points FROM settled_count WHERE target = ? AND hour_ms = ? AND points > 0 ORDER BY measurement, field").Bind(1, target).Bind(2, hourMs)
                .All(row => new SettledCount(row.Text(0), row.Text(1), row.Long(2)));
    }
}

/// <summary>What is known of an hour of a target.</summary>
public enum HourState : byte
{
    /// <summary>Not asked since points were last added.</summary>
    Open,
    Agrees,
    /// <summary>The target held fewer points than were settled.</summary>
    Missing,
}

/// <param name="FromLine">First line with a point of the hour; <paramref name="ToLine"/> is behind the last. 0 and 0 once they are not kept any more.</param>
/// <param name="Attempts">How often its lines were sent again.</param>
public sealed record SettledHour(string Target, long HourMs, long FromLine, long ToLine, HourState State, int Attempts);

public readonly record struct SettledCount(string Measurement, string Field, long Points);

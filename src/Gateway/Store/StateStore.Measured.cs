using Gateway.Domain.Presence;

namespace Gateway.Store;

/// <summary>Which intervals a device's later word reaches into.</summary>
public sealed partial class StateStore
{
    /// <summary>Time of a device between two moments in which it was unknown or silent: the row of each closed interval, in order, and 0 for the one that is open.</summary>
    public IReadOnlyList<(long Seq, long FromMs, long ToMs)> Unheard(string device, long fromMs, long toMs) => Statement("""
        SELECT seq, from_ms, to_ms, state, cause FROM presence_interval WHERE to_ms > ?2 AND from_ms < ?3 AND device = ?1
        UNION ALL SELECT 0, interval_from_ms, ?3, state, cause FROM presence WHERE device = ?1 AND interval_from_ms < ?3
        ORDER BY from_ms
        """).Bind(1, device).Bind(2, fromMs).Bind(3, toMs)
        .All(r => (Seq: r.Long(0), FromMs: r.Long(1), ToMs: r.Long(2), State: (PresenceState)r.Long(3), Cause: r.Text(4)))
        .Where(i => i.State == PresenceState.Unknown || (i.State == PresenceState.Offline && i.Cause == PresenceCause.Silent))
        .Select(i => (i.Seq, i.FromMs, i.ToMs)).ToList();
}

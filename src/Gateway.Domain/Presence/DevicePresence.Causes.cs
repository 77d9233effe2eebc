namespace Gateway.Domain.Presence;

/// <summary>What stands between us and the device: while any of it is lost, the device's silence says nothing.</summary>
public sealed partial class DevicePresence
{
    /// <summary>From here on nothing is known. The root-most of all causes that hold names the time.</summary>
    public bool CauseLost(long atMs, string cause)
    {
        bool changed = Pass(atMs);
        _held = _held.With(cause);
        string named = _held.RootMost;
        if (State is PresenceState.NotInService || (State == PresenceState.Unknown && Cause == named)) return changed;
        Enter(PresenceState.Unknown, named, atMs, atMs);
        return true;
    }

    /// <summary>It was never reached since boot: silence means nothing until that changes, one way or the other.</summary>
    public void Await(string cause) => _held = _held.With(cause);

    /// <summary>
    /// It is back. While another cause holds, that one names the time from here on; else the device has <c>offlineAfter</c> to show itself before it counts as offline.
    /// </summary>
    /// <returns>True when the live state changed.</returns>
    public bool CauseReturned(long atMs, string cause)
    {
        bool changed = Pass(atMs);
        if (!_held.Holds(cause)) return changed;
        _held = _held.Without(cause);
        _deadlineMs = atMs + _offlineAfterMs;
        if (!_held.Any || State != PresenceState.Unknown || Cause != cause) return changed;
        Enter(PresenceState.Unknown, _held.RootMost, atMs, atMs);
        return true;
    }

    /// <summary>Civil time was skipped: the timeline jumps, no time passes. The span is unknown(clock), then everything goes on where it stood.</summary>
    /// <param name="toMs">Behind <paramref name="fromMs"/>.</param>
    /// <returns>True when another interval is open now, or the live state changed.</returns>
    public bool Skip(long fromMs, long toMs)
    {
        bool changed = Pass(fromMs);
        long skippedMs = toMs - fromMs;
        if (LastLifeMs > 0) LastLifeMs += skippedMs;
        _deadlineMs += skippedMs;
        if (State == PresenceState.NotInService) return changed;
        var (state, cause, sinceMs) = (State, Cause, SinceMs);
        Enter(PresenceState.Unknown, PresenceCause.Clock, fromMs, sinceMs);
        Enter(state, cause, toMs, sinceMs);
        return true;
    }
}

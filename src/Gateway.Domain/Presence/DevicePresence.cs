using Gateway.Domain.Ledger;

namespace Gateway.Domain.Presence;

/// <summary>
/// Decides whether one device is online, and accounts for every millisecond of it. Pure: time comes in with each call and never goes back.
/// </summary>
/// <remarks>
/// A life-giving message vouches for one expected interval; a gap up to <c>offlineAfter</c> is bridged; a longer one is offline from the moment the
/// next message was due. The live state changes at last + offlineAfter, the closed interval carries the back-dated start (DESIGN §4, Accounting).
/// A device that speaks and is not believed (<see cref="Judged"/>) is offline for that cause from the deciding message on, until it is believed again.
/// </remarks>
public sealed partial class DevicePresence
{
    private int _index;
    private int _expectedMs;
    private int _offlineAfterMs;
    private readonly List<PresenceInterval> _closed;
    private HeldCauses _held;
    private long _deadlineMs;
    private long _dayFromMs;
    private long _onlineClosedMs;
    private long _requiredClosedMs;

    /// <param name="closed">Receives each interval as it closes.</param>
    public DevicePresence(int index, Device device, long nowMs, List<PresenceInterval> closed)
    {
        (_index, _expectedMs, _offlineAfterMs, _closed) = (index, device.ExpectedMs, device.OfflineAfterMs, closed);
        (State, Cause, SinceMs, IntervalFromMs) = (PresenceState.Unknown, PresenceCause.Gateway, nowMs, nowMs);
        _deadlineMs = nowMs + _offlineAfterMs;
    }

    public PresenceState State { get; private set; }

    /// <summary>One of <see cref="PresenceCause"/>; empty when online.</summary>
    public string Cause { get; private set; }

    /// <summary>When the live state changed.</summary>
    public long SinceMs { get; private set; }

    /// <summary>Where the open interval starts in the accounts; before <see cref="SinceMs"/> when back-dated.</summary>
    public long IntervalFromMs { get; private set; }

    /// <summary>Last life-giving message, 0 = none since boot.</summary>
    public long LastLifeMs { get; private set; }

    /// <summary>
    /// Takes up the state that was persisted before a stop: what it was until the last heartbeat is closed, what follows is unknown.
    /// Not in service stays what it is: nobody misses such a device.
    /// </summary>
    /// <param name="serviceChangedMs">When the device entered or left service, if that fell into the time we were down; default now.</param>
    /// <param name="downCause">Why nothing is known of that time: the gateway was down, or the box without power.</param>
    public void Restore(PresenceState state, string cause, long intervalFromMs, long heartbeatMs, long nowMs, long? serviceChangedMs = null, string downCause = PresenceCause.Gateway)
    {
        bool wasInService = state != PresenceState.NotInService, inService = State != PresenceState.NotInService;
        long until = Math.Max(intervalFromMs, Math.Min(heartbeatMs, nowMs));
        long changed = Math.Max(until, Math.Min(serviceChangedMs ?? nowMs, nowMs));
        (State, Cause, IntervalFromMs, SinceMs) = (state, cause, intervalFromMs, nowMs);
        if (wasInService) Enter(PresenceState.Unknown, downCause, until, liveAtMs: nowMs);
        if (wasInService && !inService) Enter(PresenceState.NotInService, PresenceCause.None, changed, liveAtMs: nowMs);
        if (!wasInService && inService) Enter(PresenceState.Unknown, downCause, changed, liveAtMs: nowMs);
        _deadlineMs = nowMs + _offlineAfterMs;
    }

    /// <summary>A valid, live, life-giving message. True when the live state changed.</summary>
    public bool Alive(long atMs)
    {
        bool changed = Pass(atMs);
        LastLifeMs = atMs;
        if (State is PresenceState.NotInService || Fresh) return changed;
        _held = HeldCauses.None;
        Enter(Believed, _judged, atMs, atMs);
        return true;
    }

    /// <summary>The device's own death notice (Will, instrument broken): offline now, without waiting.</summary>
    public bool Died(long atMs, string cause)
    {
        bool changed = Pass(atMs);
        if (State is PresenceState.NotInService || _held.Any || (State == PresenceState.Offline && Cause == cause)) return changed;
        CountLoss(atMs);
        Enter(PresenceState.Offline, cause, atMs, atMs);
        return true;
    }

    /// <summary>The device enters or leaves service (a new civil day, a ledger entry).</summary>
    public bool InService(long atMs, bool inService)
    {
        bool changed = Pass(atMs);
        if (inService == (State != PresenceState.NotInService)) return changed;
        if (inService)
        {
            Enter(PresenceState.Unknown, _held.RootMost, atMs, atMs);
            _deadlineMs = atMs + _offlineAfterMs;
        }
        else
        {
            _judged = PresenceCause.None;
            Enter(PresenceState.NotInService, PresenceCause.None, atMs, atMs);
        }
        return true;
    }

    /// <summary>Lets time pass up to <paramref name="nowMs"/>. True when the live state changed.</summary>
    public bool Pass(long nowMs)
    {
        if (Fresh && nowMs > LastLifeMs + _offlineAfterMs && LastLifeMs > 0)
        {
            CountLoss(LastLifeMs + _offlineAfterMs);
            Enter(PresenceState.Offline, PresenceCause.Silent, Math.Max(LastLifeMs + _expectedMs, IntervalFromMs), LastLifeMs + _offlineAfterMs);
            return true;
        }
        if (State == PresenceState.Unknown && !_held.Any && nowMs >= _deadlineMs)
        {
            Enter(PresenceState.Offline, PresenceCause.Silent, _deadlineMs, _deadlineMs);
            return true;
        }
        return false;
    }

    /// <summary>Starts a civil day at <paramref name="dayFromMs"/>: the running figures count from there.</summary>
    public void StartDay(long dayFromMs) => (_dayFromMs, _onlineClosedMs, _requiredClosedMs) = (dayFromMs, 0, 0);

    /// <summary>Counts an interval of today that was closed before this process began.</summary>
    public void Recount(PresenceState state, long fromMs, long toMs) => Count(state, fromMs, toMs);

    /// <summary>Online and required milliseconds since the day began, the open interval included up to now.</summary>
    public (long OnlineMs, long RequiredMs) Today(long nowMs)
    {
        long open = Math.Max(0, nowMs - Math.Max(IntervalFromMs, _dayFromMs));
        return (_onlineClosedMs + (State == PresenceState.Online ? open : 0), _requiredClosedMs + (State == PresenceState.NotInService ? 0 : open));
    }

    private void Enter(PresenceState state, string cause, long fromMs, long liveAtMs)
    {
        if (fromMs > IntervalFromMs)
        {
            _closed.Add(new PresenceInterval(_index, State, Cause, IntervalFromMs, fromMs));
            Count(State, IntervalFromMs, fromMs);
        }
        // Never back: after a boot with a clock in the past, what was accounted for once is not accounted for again.
        (State, Cause, IntervalFromMs, SinceMs) = (state, cause, Math.Max(fromMs, IntervalFromMs), liveAtMs);
    }

    private void Count(PresenceState state, long fromMs, long toMs)
    {
        long ms = Math.Max(0, toMs - Math.Max(fromMs, _dayFromMs));
        if (state == PresenceState.Online) _onlineClosedMs += ms;
        if (state != PresenceState.NotInService) _requiredClosedMs += ms;
    }
}

namespace Gateway.Domain.Presence;

/// <summary>The rungs above <i>fresh</i>: whether what a device says is believed; and how often it was lost.</summary>
public sealed partial class DevicePresence
{
    private string _judged = PresenceCause.None;
    private FlapCount? _losses;

    /// <summary>Valid measurements come, whether they are believed or not.</summary>
    public bool Fresh => State == PresenceState.Online || IsHeld;

    /// <summary>How often it was lost (fell silent, died) since the start of the process.</summary>
    public int Losses { get; private set; }

    /// <summary>When it was last lost, 0 = never.</summary>
    public long LastLossMs { get; private set; }

    private bool IsHeld => State == PresenceState.Offline && _judged.Length > 0 && Cause == _judged;

    private PresenceState Believed => _judged.Length == 0 ? PresenceState.Online : PresenceState.Offline;

    /// <summary>
    /// What the checks of its messages say from now on: the cause for which it cannot be online, or none. It changes the state only of a device that is fresh: nothing here
    /// brings back one that is silent or unknown, its next message does.
    /// </summary>
    /// <returns>True when the live state changed.</returns>
    public bool Judged(long atMs, string cause)
    {
        bool changed = Pass(atMs);
        if (cause == _judged) return changed;
        bool fresh = Fresh, online = State == PresenceState.Online;
        _judged = cause;
        if (!fresh) return changed;
        // The last valid message vouches for one expected interval, no more: if the deciding one was none, it was offline from then on.
        long fromMs = online && atMs > LastLifeMs + _expectedMs ? LastLifeMs + _expectedMs : atMs;
        Enter(Believed, cause, Math.Max(fromMs, IntervalFromMs), atMs);
        return true;
    }

    /// <summary>How often it was lost within the hour before, to the minute.</summary>
    public int LossesLastHour(long nowMs) => _losses?.LastHour(nowMs) ?? 0;

    private void CountLoss(long atMs)
    {
        if (!Fresh) return;
        (Losses, LastLossMs) = (Losses + 1, atMs);
        (_losses ??= new FlapCount()).Add(atMs);
    }
}

using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

/// <summary>Holds device time against ours.</summary>
internal sealed class ClockWatch(ClockCheck check) : CheckWatch(check, ClockCheck.Times)
{
    /// <summary>The same device time again within this is the same message again, not a clock that stands still.</summary>
    private const long RepeatMs = 1_000;

    private long _lastAtMs;
    private long _lastMeasuredMs;

    protected override CheckVerdict Look(in LiveMessage message)
    {
        if (message.MeasuredAtMs == 0) return CheckVerdict.None;
        long skewMs = message.MeasuredAtMs - message.AtMs, passedMs = message.AtMs - _lastAtMs, measuredMs = message.MeasuredAtMs - _lastMeasuredMs;
        bool known = _lastAtMs != 0;
        (_lastAtMs, _lastMeasuredMs) = (message.AtMs, message.MeasuredAtMs);
        if (Math.Abs(skewMs) <= check.SkewMsMax) return CheckVerdict.Good;
        // A device that empties its store after an outage tells old times quickly, or once more: late is not wrong.
        if (skewMs < 0 && known && (4 * measuredMs > 5 * passedMs || measuredMs < 0 || (measuredMs == 0 && passedMs < RepeatMs))) return CheckVerdict.None;
        (Seen, Limit) = (skewMs / 1000.0, check.SkewMsMax / 1000.0);
        return CheckVerdict.Bad;
    }

    protected override void Forget() => _lastAtMs = 0;
}

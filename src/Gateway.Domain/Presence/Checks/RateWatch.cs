using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

internal sealed class RateWatch(RateCheck check, int expectedMs) : CheckWatch(check, check.Times)
{
    /// <summary>A change within less counts as if it took a second: two samples a millisecond apart differ by a sensor's noise alone.</summary>
    private const long SpanMsMin = 1_000;

    private double _last;
    private long _lastAtMs;
    private long _lastMeasuredMs;

    protected override CheckVerdict Look(in LiveMessage message)
    {
        if (!message.Good(check.Slot, out double value)) return CheckVerdict.None;
        double change = Math.Abs(value - _last);
        bool first = _lastAtMs == 0;
        long measuredMs = message.MeasuredAtMs > 0 && _lastMeasuredMs > 0 ? message.MeasuredAtMs - _lastMeasuredMs : 0;
        // Networks hand over in a bunch what was measured an interval apart: only the device's own time can say that it was less.
        long spanMs = Math.Max(SpanMsMin, measuredMs > 0 ? measuredMs : Math.Max(message.AtMs - _lastAtMs, expectedMs));
        (_last, _lastAtMs, _lastMeasuredMs) = (value, message.AtMs, message.MeasuredAtMs);
        if (first) return CheckVerdict.None;
        double perSecond = change * 1000 / spanMs;
        if (perSecond <= check.PerSecondMax) return CheckVerdict.Good;
        (Slot, Seen, Limit) = (check.Slot, perSecond, check.PerSecondMax);
        return CheckVerdict.Bad;
    }

    protected override void Forget() => _lastAtMs = 0;
}

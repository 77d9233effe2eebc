using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

internal sealed class FrozenWatch : CheckWatch
{
    private readonly FrozenCheck _check;
    private readonly int[] _slots;
    private readonly double[] _last;
    private long _sinceMs;

    public FrozenWatch(FrozenCheck check) : base(check, times: 1)
    {
        (_check, _slots, _last) = (check, [.. check.Slots], new double[check.Slots.Count]);
        Forget();
    }

    protected override CheckVerdict Look(in LiveMessage message)
    {
        int newest = -1;
        for (int i = 0; i < _slots.Length; i++)
        {
            if (!message.Good(_slots[i], out double value)) continue;
            newest = i;
            if (value == _last[i]) continue;
            (_last[i], _sinceMs) = (value, message.AtMs);
        }
        if (newest < 0) return CheckVerdict.None;
        if (message.IsAtRest(_check.Unless)) _sinceMs = message.AtMs;
        if (message.AtMs - _sinceMs < _check.ForMs) return CheckVerdict.Good;
        (Slot, Seen, Limit) = (_slots[newest], _last[newest], _check.ForMs / 1000.0);
        return CheckVerdict.Bad;
    }

    /// <summary>No value equals this one: whatever comes next begins a new span.</summary>
    protected override void Forget() => Array.Fill(_last, double.NaN);
}

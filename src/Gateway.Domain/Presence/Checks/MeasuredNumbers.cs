using Gateway.Domain.Readings;

namespace Gateway.Domain.Presence.Checks;

/// <summary>Whether any measured number of a device changed with a message. Counters, words of bits and texts (integer and text fields) are no measurements.</summary>
internal sealed class MeasuredNumbers
{
    private readonly int[] _slots;
    private readonly double[] _last;

    public MeasuredNumbers(DeviceProfile profile)
    {
        _slots = [.. Enumerable.Range(0, profile.Fields.Count).Where(s => profile.Fields[s].Type == FieldType.Number)];
        _last = new double[_slots.Length];
        Array.Fill(_last, double.NaN);
    }

    /// <summary>The message carried one at all.</summary>
    public bool Any { get; private set; }

    public bool Changed { get; private set; }

    public void Take(in LiveMessage message)
    {
        (Any, Changed) = (false, false);
        for (int i = 0; i < _slots.Length; i++)
        {
            if (!message.Good(_slots[i], out double value)) continue;
            Any = true;
            if (value == _last[i]) continue;
            (_last[i], Changed) = (value, true);
        }
    }
}

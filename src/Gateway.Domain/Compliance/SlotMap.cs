using Gateway.Domain.Lifecycle;

namespace Gateway.Domain.Compliance;

/// <summary>For which slots of a civil day a datum of one device came, and for which a valid one.</summary>
/// <remarks>
/// <b>Shape</b>: slots of one length from the day's beginning; a last one that is not whole is not due. Slot n is bit n mod 8 of byte n / 8. <b>Cost</b>: a datum takes a
/// few nanoseconds and allocates nothing. <b>Source</b>: DOMAIN §5.2.
/// </remarks>
public sealed class SlotMap
{
    private readonly byte[] _received;
    private readonly byte[] _valid;

    /// <param name="slotMs">Length of the time in which one datum is due, ms.</param>
    /// <param name="received">What was kept of it; what another length of slot left over is not looked at.</param>
    public SlotMap(CivilDay day, long slotMs, ReadOnlySpan<byte> received = default, ReadOnlySpan<byte> valid = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slotMs);
        (Day, SlotMs, Slots) = (day, slotMs, (int)(day.LengthMs / slotMs));
        (_received, _valid) = (new byte[Slots / 8 + 1], new byte[Slots / 8 + 1]);
        for (int slot = 0; slot < Slots; slot++)
        {
            bool good = IsSet(valid, slot);
            if (good || IsSet(received, slot)) Set(slot, good);
        }
    }

    public CivilDay Day { get; }

    public long SlotMs { get; }

    /// <summary>Whole slots of the day: 144 of ten minutes, 138 where it has 23 hours, 150 where it has 25.</summary>
    public int Slots { get; }

    public ReadOnlySpan<byte> Received => _received;

    public ReadOnlySpan<byte> Valid => _valid;

    /// <summary>Takes a datum; one of another day is passed over.</summary>
    /// <param name="atMs">Which time it is about.</param>
    /// <returns>True when it says something new.</returns>
    public bool Mark(long atMs, bool good)
    {
        if (atMs < Day.FromMs || atMs >= Day.ToMs) return false;
        long slot = (atMs - Day.FromMs) / SlotMs;
        return slot < Slots && Set((int)slot, good);
    }

    /// <summary>Counts the slots in which a datum was due: those that lie wholly in service and are not excused.</summary>
    /// <param name="spans">Of the device, from ever to for good.</param>
    public DataQuality Count(IReadOnlyList<LifecycleSpan> spans)
    {
        var sum = default(DataQuality);
        for (int i = 0; i < spans.Count; i++)
        {
            if (spans[i].State != LifecycleState.InService) continue;
            long fromMs = Math.Max(spans[i].FromMs, Day.FromMs);
            // An entry that leaves it in service cuts no slot.
            while (i + 1 < spans.Count && spans[i + 1].State == LifecycleState.InService) i++;
            sum += Count(fromMs, Math.Min(spans[i].ToMs, Day.ToMs));
        }
        return sum;
    }

    private DataQuality Count(long fromMs, long toMs)
    {
        if (toMs <= fromMs) return default;
        long first = (fromMs - Day.FromMs + SlotMs - 1) / SlotMs, end = Math.Min((toMs - Day.FromMs) / SlotMs, Slots);
        long expected = Math.Max(0, end - first), received = 0, valid = 0;
        for (int slot = (int)first; slot < end; slot++)
        {
            received += IsSet(_received, slot) ? 1 : 0;
            valid += IsSet(_valid, slot) ? 1 : 0;
        }
        return new DataQuality(expected, received, valid);
    }

    private bool Set(int slot, bool good)
    {
        var (at, bit) = (slot >> 3, (byte)(1 << (slot & 7)));
        bool isNew = (_received[at] & bit) == 0 || (good && (_valid[at] & bit) == 0);
        _received[at] |= bit;
        if (good) _valid[at] |= bit;
        return isNew;
    }

    private static bool IsSet(ReadOnlySpan<byte> bits, int slot) => slot >> 3 < bits.Length && (bits[slot >> 3] & 1 << (slot & 7)) != 0;
}

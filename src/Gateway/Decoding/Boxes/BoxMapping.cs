using Gateway.Decoding.Forms;
using Gateway.Protocols.Goyo;
using Gateway.Protocols.Tx101;

namespace Gateway.Decoding.Boxes;

/// <summary>How a profile reads the frames of one black box.</summary>
/// <param name="Goyo">The version it is for; null for a TX101 box.</param>
/// <param name="Tx101">The function of its real-time frames; null for a GOYO box.</param>
/// <param name="Fields">What becomes a field by itself.</param>
/// <param name="Words">The fields that are put together from bits, levels and lists of alarms.</param>
/// <param name="Bits">Items whose bits are alarms.</param>
/// <param name="Levels">Items that carry the device's own judgement (TX101).</param>
/// <param name="Lists">What the numbers of alarm frames mean (TX101), or null.</param>
public sealed record BoxMapping(GoyoVersion? Goyo, Tx101Function? Tx101, BoxField[] Fields, AlarmWord[] Words, BoxBits[] Bits, BoxLevel[] Levels, BoxLists? Lists)
{
    /// <summary>Place of <c>alarm_bits</c> in <see cref="Words"/>, or −1.</summary>
    public int AlarmWord { get; init; } = -1;

    /// <summary>Place of <c>warn_bits</c> in <see cref="Words"/>, or −1.</summary>
    public int WarnWord { get; init; } = -1;
}

/// <param name="Item">A <see cref="GoyoItem"/>, a <see cref="Tx101Item"/>, or one of <see cref="BoxItems"/>' computed ones.</param>
/// <param name="Last">Of a text only the last characters are kept; 0 = all of it.</param>
public sealed record BoxField(byte Item, ushort Slot, double Scale, double Offset, bool IsText, int Last)
{
    /// <summary>Hundredths are divided by, not multiplied with: 4180 is 41.8, not 41.800000000000004.</summary>
    private readonly double _divisor = Scale is > 0 and < 1 && Math.Abs(Math.Round(1 / Scale) * Scale - 1) < 1e-12 ? Math.Round(1 / Scale) : 0;

    public double Of(double raw) => (_divisor > 0 ? raw / _divisor : raw * Scale) + Offset;
}

/// <param name="Word">Place in <see cref="BoxMapping.Words"/>.</param>
/// <param name="Masks">Our bit, as a mask, of each of the device's bits; 0 where that bit is not judged.</param>
/// <param name="Mask">All bits it can speak of.</param>
public sealed record BoxBits(byte Item, int Word, long[] Masks, long Mask)
{
    public long Of(ulong vendor)
    {
        long ours = 0;
        for (ulong left = vendor; left != 0; left &= left - 1) ours |= Masks[System.Numerics.BitOperations.TrailingZeroCount(left)];
        return ours;
    }
}

/// <param name="Upper">Our bits when the quantity is at or above its upper limit; 0 = not judged.</param>
/// <param name="Lower">Our bits when it is at or below its lower limit.</param>
public sealed record BoxLevel(byte Item, long Upper, long Lower);

/// <param name="Alarms">Our bit, as a mask, of each number of alarms.</param>
/// <param name="Violations">The same of violations.</param>
/// <param name="Limits">Our bit of each of the eight limits of alarm 4, in the order of <see cref="Tx101AlarmEntry.Limits"/>.</param>
/// <param name="Mask">All bits that the lists can speak of.</param>
public sealed record BoxLists(long[] Alarms, long[] Violations, long[] Limits, long Mask);

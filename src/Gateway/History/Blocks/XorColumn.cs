using System.Numerics;

namespace Gateway.History.Blocks;

/// <summary>Any doubles: each exclusive-or the one before, without the zero bytes at both ends (the idea of Gorilla, VLDB 2015, in whole bytes, which compress better afterwards than its bits).</summary>
internal static class XorColumn
{
    public static void Write(ReadOnlySpan<double> values, BlockWriter to)
    {
        ulong before = 0;
        foreach (double value in values)
        {
            if (double.IsNaN(value)) continue;
            ulong bits = BitConverter.DoubleToUInt64Bits(value), changed = bits ^ before;
            before = bits;
            if (changed == 0)
            {
                to.Byte(0);
                continue;
            }
            int behind = BitOperations.TrailingZeroCount(changed) / 8, bytes = 8 - behind - BitOperations.LeadingZeroCount(changed) / 8;
            to.Byte((byte)(behind << 4 | bytes));
            to.Low(changed >> 8 * behind, bytes);
        }
    }

    /// <param name="values">Gets a value wherever it is not NaN.</param>
    public static bool TryRead(ref BlockReader from, Span<double> values)
    {
        ulong bits = 0;
        foreach (ref double value in values)
        {
            if (double.IsNaN(value)) continue;
            int head = from.Byte(), behind = head >> 4, bytes = head & 0xF;
            if (behind + bytes > 8) return false;
            bits ^= from.Low(bytes) << 8 * behind;
            value = BitConverter.UInt64BitsToDouble(bits);
        }
        return true;
    }
}

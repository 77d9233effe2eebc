namespace Gateway.History.Blocks;

/// <summary>
/// Numbers with few decimals as whole multiples of a power of ten, each as the difference from the one before: what sensors send, in one byte a value before compression.
/// Exact: it is used only where every value comes back bit by bit.
/// </summary>
internal static class DecimalColumn
{
    /// <summary>Beyond this a number is no measurement with decimals, but the result of a calculation.</summary>
    public const int DecimalsMax = 9;

    /// <summary>2^53: up to it a double holds every whole number.</summary>
    private const double WholeMax = 9_007_199_254_740_992;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    public static double Scale(int decimals) => Powers[decimals];

    /// <summary>The fewest decimals that hold every value exactly (NaN is no value), −1 when there are none.</summary>
    public static int Decimals(ReadOnlySpan<double> values)
    {
        int decimals = 0;
        foreach (double value in values)
            if (!double.IsNaN(value))
                while (!Holds(value, Powers[decimals]))
                    if (++decimals > DecimalsMax) return -1;
        // More decimals hold what fewer held, but for the largest numbers: those are looked at again.
        foreach (double value in values)
            if (!double.IsNaN(value) && !Holds(value, Powers[decimals])) return -1;
        return decimals;
    }

    /// <summary>The multiple nearest to a sum of multiples: additions of doubles stray by their last bit.</summary>
    public static double Snap(double sum, int decimals)
    {
        double multiple = Math.Round(sum * Powers[decimals]);
        return Math.Abs(multiple) <= WholeMax ? multiple / Powers[decimals] : sum;
    }

    public static void Write(ReadOnlySpan<double> values, int decimals, BlockWriter to)
    {
        to.Byte((byte)decimals);
        long before = 0;
        foreach (double value in values)
        {
            if (double.IsNaN(value)) continue;
            long multiple = (long)Math.Round(value * Powers[decimals]);
            to.Signed(multiple - before);
            before = multiple;
        }
    }

    /// <param name="values">Gets a value wherever it is not NaN.</param>
    /// <returns>Their decimals, −1 when it is no such column.</returns>
    public static int Read(ref BlockReader from, Span<double> values)
    {
        int decimals = from.Byte();
        if (decimals > DecimalsMax) return -1;
        double scale = Powers[decimals];
        long multiple = 0;
        foreach (ref double value in values)
        {
            if (double.IsNaN(value)) continue;
            multiple += from.Signed();
            value = multiple / scale;
        }
        return decimals;
    }

    private static bool Holds(double value, double scale)
    {
        double multiple = Math.Round(value * scale);
        // Bits, not values: the sign of −0 must not get lost.
        return Math.Abs(multiple) <= WholeMax && BitConverter.DoubleToInt64Bits((long)multiple / scale) == BitConverter.DoubleToInt64Bits(value);
    }
}

namespace Gateway.History.Blocks;

/// <summary>Min, max, last, sum and count of each field over intervals aligned to Unix time. Partial figures of one interval add up in any order; only <i>last</i> follows the readings' times.</summary>
internal static class RollUp
{
    /// <summary>Rolls sorted raw rows up.</summary>
    public static void OfRaw(BlockTable raw, long stepUs, BlockTable to)
    {
        to.Clear();
        int[] intervals = Intervals(raw, stepUs, to, raw.TimesUs);
        foreach (var values in raw.Columns)
        {
            var (min, max, last, sum, count) = Columns(to, values.Field);
            int decimals = DecimalColumn.Decimals(values.Rows(0, raw.Rows));
            // Whole multiples add up without an error; at the end they become the sum.
            double scale = decimals < 0 ? 1 : DecimalColumn.Scale(decimals);
            for (int row = 0; row < raw.Rows; row++)
            {
                double value = values[row], multiple = decimals < 0 ? value : Math.Round(value * scale);
                if (double.IsNaN(value)) continue;
                int i = intervals[row];
                bool first = double.IsNaN(count[i]);
                min[i] = first ? value : Math.Min(min[i], value);
                max[i] = first ? value : Math.Max(max[i], value);
                last[i] = value;
                sum[i] = first ? multiple : sum[i] + multiple;
                count[i] = first ? 1 : count[i] + 1;
            }
            for (int i = 0; decimals > 0 && i < to.Rows; i++) sum[i] /= scale;
            sum.Decimals = decimals;
        }
    }

    /// <summary>Makes coarser intervals of sorted finer ones, or one row of several partial ones of the same interval.</summary>
    public static void Combine(BlockTable fine, long stepUs, BlockTable to)
    {
        to.Clear();
        int[] intervals = Intervals(fine, stepUs, to, fine.NewestUs);
        for (int c = 0; c < fine.Columns.Count; c++)
        {
            var fineCount = fine.Columns[c];
            if (fineCount.Stat != Stat.Count) continue;
            var (fineMin, fineMax, fineLast, fineSum, _) = Columns(fine, fineCount.Field);
            var (min, max, last, sum, count) = Columns(to, fineCount.Field);
            sum.Decimals = fineSum.Decimals;
            for (int row = 0; row < fine.Rows; row++)
            {
                if (double.IsNaN(fineCount[row])) continue;
                int i = intervals[row];
                bool first = double.IsNaN(count[i]);
                min[i] = first ? fineMin[row] : Math.Min(min[i], fineMin[row]);
                max[i] = first ? fineMax[row] : Math.Max(max[i], fineMax[row]);
                last[i] = fineLast[row];
                double total = first ? fineSum[row] : sum[i] + fineSum[row];
                sum[i] = first || sum.Decimals < 0 ? total : DecimalColumn.Snap(total, sum.Decimals);
                count[i] = first ? fineCount[row] : count[i] + fineCount[row];
            }
        }
    }

    /// <summary>Makes the rows of the intervals and says which one each row belongs to.</summary>
    private static int[] Intervals(BlockTable from, long stepUs, BlockTable to, ReadOnlySpan<long> newestUs)
    {
        int[] intervals = new int[from.Rows];
        int current = -1;
        for (int row = 0; row < from.Rows; row++)
        {
            long startUs = StartOf(from.TimesUs[row], stepUs);
            if (current < 0 || to.TimesUs[current] != startUs) current = to.AddRow(startUs, RowFlags.None, newestUs[row]);
            to.Flags[current] |= from.Flags[row];
            to.NewestUs[current] = Math.Max(to.NewestUs[current], newestUs[row]);
            intervals[row] = current;
        }
        return intervals;
    }

    /// <summary>Start of the interval a time lies in; times before 1970 too.</summary>
    public static long StartOf(long timeUs, long stepUs) => timeUs - ((timeUs % stepUs) + stepUs) % stepUs;

    private static (BlockColumn Min, BlockColumn Max, BlockColumn Last, BlockColumn Sum, BlockColumn Count) Columns(BlockTable table, int field) =>
        (table.Column(field, Stat.Min), table.Column(field, Stat.Max), table.Column(field, Stat.Last), table.Column(field, Stat.Sum), table.Column(field, Stat.Count));
}

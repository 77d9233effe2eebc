using Gateway.History.Blocks;

namespace Gateway.History;

/// <summary>Puts sorted rows into a frame: as they are, or into intervals. A silence longer than what the device may be silent for becomes one row of holes, so that no chart draws a line across it.</summary>
/// <param name="fieldIds">Field of each column of the frame, as blocks number it.</param>
/// <param name="gapUs">The longest silence that is none, µs.</param>
internal sealed class FrameBuilder(HistoryFrame frame, IReadOnlyList<int> fieldIds, long gapUs, int rowsMax)
{
    private readonly long _stepUs = frame.StepMs * 1000;
    private long _lastUs = long.MinValue;

    /// <summary>More rows came than may.</summary>
    public bool IsFull { get; private set; }

    public void Add(BlockTable table, long fromUs, long toUs)
    {
        int from = table.RowAt(fromUs), to = table.RowAt(toUs);
        if (from >= to) return;
        int[] rows = new int[to - from];
        for (int row = from; row < to && !IsFull; row++) rows[row - from] = RowFor(table.TimesUs[row]);
        if (IsFull) return;
        for (int i = 0; i < fieldIds.Count; i++)
        {
            var column = frame.Fields[i];
            if (table.Find(fieldIds[i], Stat.Count) is { } count) AddRollUp(table, fieldIds[i], count, column, from, rows);
            else if (table.Find(fieldIds[i], Stat.Value) is { } values) AddValues(values, column, from, rows);
        }
    }

    private void AddValues(BlockColumn values, HistoryColumns column, int from, int[] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            double value = values[from + i];
            if (double.IsNaN(value)) continue;
            if (_stepUs == 0) column.Set(rows[i], value);
            else column.Merge(rows[i], value, value, value, value, 1);
        }
    }

    private static void AddRollUp(BlockTable table, int field, BlockColumn count, HistoryColumns column, int from, int[] rows)
    {
        var (min, max, last, sum) = (table.Column(field, Stat.Min), table.Column(field, Stat.Max), table.Column(field, Stat.Last), table.Column(field, Stat.Sum));
        for (int i = 0; i < rows.Length; i++)
            if (!double.IsNaN(count[from + i])) column.Merge(rows[i], min[from + i], max[from + i], last[from + i], sum[from + i], count[from + i]);
    }

    private int RowFor(long timeUs)
    {
        long atUs = _stepUs == 0 ? timeUs : RollUp.StartOf(timeUs, _stepUs);
        if (atUs == _lastUs) return frame.Rows - 1;
        if (_lastUs != long.MinValue && atUs - _lastUs > Math.Max(gapUs, _stepUs)) Row((_lastUs + Math.Max(_stepUs, 1000)) / 1000);
        _lastUs = atUs;
        return Row(atUs / 1000);
    }

    private int Row(long timeMs)
    {
        IsFull |= frame.Rows >= rowsMax;
        return IsFull ? 0 : frame.Add(timeMs);
    }
}

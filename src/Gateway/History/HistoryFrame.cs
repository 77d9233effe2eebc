namespace Gateway.History;

/// <summary>Rows for a chart: one array of times, and for each field arrays of the same length. NaN is a gap.</summary>
public sealed class HistoryFrame
{
    private long[] _timesMs = new long[256];

    internal HistoryFrame(string resolution, long stepMs, IReadOnlyList<string> fields)
    {
        (Resolution, StepMs) = (resolution, stepMs);
        Fields = [.. fields.Select(f => new HistoryColumns(f, stepMs > 0))];
    }

    /// <summary>What it was made of: <c>raw</c>, <c>1m</c>, <c>15m</c>.</summary>
    public string Resolution { get; }

    /// <summary>Length of a row's interval, ms; 0: each row is one reading.</summary>
    public long StepMs { get; }

    public int Rows { get; private set; }

    /// <summary>Unix ms: of the reading, or the start of the interval.</summary>
    public ReadOnlySpan<long> TimesMs => _timesMs.AsSpan(0, Rows);

    public IReadOnlyList<HistoryColumns> Fields { get; }

    /// <summary>Spans with blocks that cannot be read, ms of Unix time.</summary>
    public IReadOnlyList<(long FromMs, long ToMs)> Unreadable { get; internal set; } = [];

    /// <summary>Adds a row of holes.</summary>
    internal int Add(long timeMs)
    {
        if (Rows == _timesMs.Length) Array.Resize(ref _timesMs, 2 * Rows);
        _timesMs[Rows] = timeMs;
        foreach (var field in Fields) field.Add(Rows);
        return Rows++;
    }
}

/// <summary>One field of a frame.</summary>
public sealed class HistoryColumns
{
    private readonly bool _rollUp;
    private double[] _value = new double[256];
    private double[] _min = [], _max = [], _sum = [], _count = [];

    internal HistoryColumns(string field, bool rollUp)
    {
        (Field, _rollUp) = (field, rollUp);
        if (rollUp) (_min, _max, _sum, _count) = (new double[256], new double[256], new double[256], new double[256]);
    }

    public string Field { get; }

    /// <summary>The value of each reading; of an interval the newest one.</summary>
    public double Last(int row) => _value[row];

    public double Min(int row) => _min[row];

    public double Max(int row) => _max[row];

    /// <summary>Weighted by count, over whatever was put together.</summary>
    public double Mean(int row) => _sum[row] / _count[row];

    public double Count(int row) => _count[row];

    internal void Add(int row)
    {
        Room(ref _value, row);
        _value[row] = double.NaN;
        if (!_rollUp) return;
        Room(ref _min, row);
        Room(ref _max, row);
        Room(ref _sum, row);
        Room(ref _count, row);
        (_min[row], _max[row], _sum[row], _count[row]) = (double.NaN, double.NaN, double.NaN, 0);
    }

    internal void Set(int row, double value) => _value[row] = value;

    /// <summary>Adds figures to those of the row; newer ones come later.</summary>
    internal void Merge(int row, double min, double max, double last, double sum, double count)
    {
        bool first = _count[row] == 0;
        _min[row] = first ? min : Math.Min(_min[row], min);
        _max[row] = first ? max : Math.Max(_max[row], max);
        _sum[row] = first ? sum : _sum[row] + sum;
        _count[row] += count;
        _value[row] = last;
    }

    private static void Room(ref double[] array, int row)
    {
        if (row == array.Length) Array.Resize(ref array, 2 * row);
    }
}

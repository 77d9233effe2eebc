namespace Gateway.History.Blocks;

/// <summary>
/// Rows of one device, by column, as blocks hold them: times, flags and a column for each field (raw) or for each statistic of each field (roll-ups). Used again and again by one owner;
/// arrays grow to what is needed and stay.
/// </summary>
internal sealed class BlockTable
{
    private readonly List<BlockColumn> _columns = [];
    private readonly Stack<BlockColumn> _unused = new();
    private long[] _timesUs = new long[64];
    private long[] _newestUs = new long[64];
    private byte[] _flags = new byte[64];

    public int Rows { get; private set; }

    /// <summary>Times of the rows, µs of Unix time; of a roll-up the start of its interval.</summary>
    public Span<long> TimesUs => _timesUs.AsSpan(0, Rows);

    /// <summary>Roll-ups: time of the newest reading in the interval, µs.</summary>
    public Span<long> NewestUs => _newestUs.AsSpan(0, Rows);

    /// <summary><see cref="RowFlags"/> of each row.</summary>
    public Span<byte> Flags => _flags.AsSpan(0, Rows);

    public IReadOnlyList<BlockColumn> Columns => _columns;

    public void Clear()
    {
        foreach (var column in _columns) _unused.Push(column);
        _columns.Clear();
        Rows = 0;
    }

    /// <summary>Adds rows that are all holes.</summary>
    /// <returns>The first of them.</returns>
    public int AddRows(int count)
    {
        int first = Rows, rows = Rows + count;
        if (_timesUs.Length < rows)
        {
            int room = Math.Max(rows, 2 * _timesUs.Length);
            Array.Resize(ref _timesUs, room);
            Array.Resize(ref _newestUs, room);
            Array.Resize(ref _flags, room);
        }
        foreach (var column in _columns) column.Grow(first, rows);
        Rows = rows;
        return first;
    }

    public int AddRow(long timeUs, RowFlags flags, long newestUs)
    {
        int row = AddRows(1);
        (_timesUs[row], _flags[row], _newestUs[row]) = (timeUs, (byte)flags, newestUs);
        return row;
    }

    /// <summary>Adds rows of another table.</summary>
    public void Add(BlockTable other, int from, int to)
    {
        int first = AddRows(to - from);
        other.TimesUs[from..to].CopyTo(TimesUs[first..]);
        other.NewestUs[from..to].CopyTo(NewestUs[first..]);
        other.Flags[from..to].CopyTo(Flags[first..]);
        foreach (var column in other.Columns)
        {
            var mine = Column(column.Field, column.Stat);
            column.Rows(from, to).CopyTo(mine.Rows(first, Rows));
            mine.Decimals = mine.Decimals < 0 || column.Decimals < 0 ? -1 : Math.Max(mine.Decimals, column.Decimals);
        }
    }

    /// <summary>Takes the last rows off again.</summary>
    public void Truncate(int rows) => Rows = rows;

    public BlockColumn? Find(int field, Stat stat)
    {
        foreach (var column in _columns)
            if (column.Field == field && column.Stat == stat) return column;
        return null;
    }

    /// <summary>The column, made of holes where there was none.</summary>
    public BlockColumn Column(int field, Stat stat)
    {
        if (Find(field, stat) is { } known) return known;
        var column = _unused.TryPop(out var used) ? used : new BlockColumn();
        column.Begin(field, stat, Rows);
        _columns.Add(column);
        return column;
    }

    /// <summary>Puts rows in the order of their times; those of one time stay in the order in which they became known, roll-ups in that of their newest reading.</summary>
    public void Sort()
    {
        if (IsSorted()) return;
        int[] order = new int[Rows];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) =>
        {
            int byTime = _timesUs[a].CompareTo(_timesUs[b]);
            if (byTime == 0) byTime = _newestUs[a].CompareTo(_newestUs[b]);
            return byTime == 0 ? a.CompareTo(b) : byTime;
        });
        Permute(_timesUs, order);
        Permute(_newestUs, order);
        Permute(_flags, order);
        double[] scratch = new double[Rows];
        foreach (var column in _columns) column.Permute(order, scratch);
    }

    /// <summary>Makes one row of those of one time, of sorted raw rows: what became known later overwrites, field by field.</summary>
    public void Collapse()
    {
        int kept = 0;
        for (int row = 1; row < Rows; row++)
        {
            if (_timesUs[row] != _timesUs[kept])
            {
                if (++kept != row) Move(row, kept);
                continue;
            }
            _flags[kept] |= _flags[row];
            foreach (var column in _columns)
                if (!double.IsNaN(column[row])) column[kept] = column[row];
        }
        if (Rows > 0) Rows = kept + 1;
    }

    /// <summary>First row at or after the time, of sorted rows.</summary>
    public int RowAt(long timeUs)
    {
        int found = TimesUs.BinarySearch(timeUs);
        if (found < 0) return ~found;
        while (found > 0 && _timesUs[found - 1] == timeUs) found--;
        return found;
    }

    private bool IsSorted()
    {
        for (int row = 1; row < Rows; row++)
            if (_timesUs[row] < _timesUs[row - 1] || (_timesUs[row] == _timesUs[row - 1] && _newestUs[row] < _newestUs[row - 1])) return false;
        return true;
    }

    private void Move(int from, int to)
    {
        (_timesUs[to], _newestUs[to], _flags[to]) = (_timesUs[from], _newestUs[from], _flags[from]);
        foreach (var column in _columns) column[to] = column[from];
    }

    private static void Permute<T>(T[] values, int[] order)
    {
        var permuted = new T[order.Length];
        for (int i = 0; i < order.Length; i++) permuted[i] = values[order[i]];
        permuted.CopyTo(values, 0);
    }
}

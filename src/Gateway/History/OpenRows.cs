using System.Runtime.CompilerServices;
using Gateway.History.Blocks;

namespace Gateway.History;

/// <summary>Readings of one device between two writes, a row each: as the engine's thread can append them fastest. Arrays grow to what the device needs and stay.</summary>
internal sealed class OpenRows(int columns)
{
    private long[] _timesUs = new long[8];
    private byte[] _flags = new byte[8];
    private double[] _cells = new double[8 * columns];

    public int Rows { get; private set; }

    /// <summary>What a row takes, bytes.</summary>
    public int RowBytes => sizeof(long) + 1 + columns * sizeof(double);

    /// <summary>Rows there is room for.</summary>
    public int Capacity => _timesUs.Length;

    /// <summary>A new row of holes. Keep it with <see cref="Keep"/>, or the next one takes its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<double> Next()
    {
        if (Rows == _timesUs.Length) Grow();
        var cells = _cells.AsSpan(Rows * columns, columns);
        cells.Fill(double.NaN);
        return cells;
    }

    public void Keep(long timeUs, RowFlags flags)
    {
        (_timesUs[Rows], _flags[Rows]) = (timeUs, (byte)flags);
        Rows++;
    }

    public void Clear() => Rows = 0;

    public OpenRows Copy()
    {
        var copy = new OpenRows(columns) { _timesUs = _timesUs[..Rows], _flags = _flags[..Rows], _cells = _cells[..(Rows * columns)] };
        copy.Rows = Rows;
        return copy;
    }

    /// <summary>Adds the rows to a table, sorted and each time once.</summary>
    /// <param name="fields">Field of each column, −1 to leave it out.</param>
    public void AddTo(BlockTable table, ReadOnlySpan<int> fields)
    {
        int first = table.AddRows(Rows);
        _timesUs.AsSpan(0, Rows).CopyTo(table.TimesUs[first..]);
        _flags.AsSpan(0, Rows).CopyTo(table.Flags[first..]);
        table.NewestUs[first..].Clear();
        for (int c = 0; c < fields.Length; c++)
        {
            if (fields[c] < 0) continue;
            var column = table.Column(fields[c], Stat.Value);
            for (int row = 0; row < Rows; row++) column[first + row] = _cells[row * columns + c];
        }
        table.Sort();
        table.Collapse();
    }

    private void Grow()
    {
        int room = 2 * _timesUs.Length;
        Array.Resize(ref _timesUs, room);
        Array.Resize(ref _flags, room);
        Array.Resize(ref _cells, room * columns);
    }
}

namespace Gateway.History.Blocks;

/// <summary>One column of a <see cref="BlockTable"/>; NaN is a hole.</summary>
internal sealed class BlockColumn
{
    private double[] _cells = [];

    public int Field { get; private set; }

    public Stat Stat { get; private set; }

    /// <summary>Decimals that hold every value exactly, −1 when there are none or nobody looked.</summary>
    public int Decimals { get; set; }

    public double this[int row]
    {
        get => _cells[row];
        set => _cells[row] = value;
    }

    public Span<double> Rows(int from, int to) => _cells.AsSpan(from, to - from);

    public void Begin(int field, Stat stat, int rows)
    {
        (Field, Stat, Decimals) = (field, stat, 0);
        Reserve(rows);
        _cells.AsSpan(0, rows).Fill(double.NaN);
    }

    /// <summary>Room for so many rows; new ones are holes.</summary>
    public void Grow(int from, int rows)
    {
        Reserve(rows);
        _cells.AsSpan(from, rows - from).Fill(double.NaN);
    }

    public void Permute(ReadOnlySpan<int> order, double[] scratch)
    {
        for (int i = 0; i < order.Length; i++) scratch[i] = _cells[order[i]];
        scratch.AsSpan(0, order.Length).CopyTo(_cells);
    }

    private void Reserve(int rows)
    {
        if (_cells.Length < rows) Array.Resize(ref _cells, Math.Max(rows, 2 * _cells.Length));
    }
}

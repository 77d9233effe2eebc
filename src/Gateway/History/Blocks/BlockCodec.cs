namespace Gateway.History.Blocks;

/// <summary>Rows ⇄ the body of a block (format: <c>History/FORMAT.md</c>). Pure; exact to the bit.</summary>
internal static class BlockCodec
{
    /// <summary>No block holds more rows: what says so is damaged.</summary>
    public const int RowsMax = 1 << 20;

    private const int Decimal = 1, Xor = 2, Holes = 0x80;

    [ThreadStatic]
    private static BlockWriter? s_column;

    /// <summary>Writes rows <paramref name="from"/> to before <paramref name="to"/>, which are sorted and at least one.</summary>
    /// <param name="spanUs">Start of the span the block belongs to.</param>
    /// <param name="rollUp">Whether the newest times are kept.</param>
    public static void Write(BlockTable table, int from, int to, long spanUs, bool rollUp, BlockWriter body)
    {
        body.Varint((ulong)(to - from));
        WriteTimes(table.TimesUs[from..to], spanUs, body);
        WriteFlags(table.Flags[from..to], body);
        if (rollUp)
            for (int row = from; row < to; row++) body.Varint((ulong)((table.NewestUs[row] - table.TimesUs[row]) / 1000));
        var column = s_column ??= new BlockWriter();
        foreach (var c in table.Columns)
        {
            var cells = c.Rows(from, to);
            int present = Present(cells);
            if (present == 0) continue;
            column.Clear();
            WriteColumn(cells, present, column);
            body.Varint((ulong)c.Field << 3 | (ulong)c.Stat);
            body.Varint((ulong)column.Length);
            body.Bytes(column.Written);
        }
    }

    /// <summary>Appends the block's rows to a table.</summary>
    /// <param name="wanted">Fields to read; null = all. Columns of others are skipped unread.</param>
    /// <returns>False when it is no such body; the table is then as it was.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long spanUs, bool rollUp, IReadOnlySet<int>? wanted, BlockTable table)
    {
        var body = new BlockReader(bytes);
        ulong rows = body.Varint();
        if (body.Failed || rows is 0 or > RowsMax) return false;
        int from = table.AddRows((int)rows), to = table.Rows;
        bool good = TryReadTimes(ref body, spanUs, table.TimesUs[from..]) && TryReadFlags(ref body, table.Flags[from..]);
        for (int row = from; good && row < to; row++) table.NewestUs[row] = rollUp ? table.TimesUs[row] + (long)body.Varint() * 1000 : 0;
        while (good && !body.AtEnd)
        {
            ulong key = body.Varint(), length = body.Varint();
            var column = new BlockReader(body.Bytes(length > int.MaxValue ? int.MaxValue : (int)length));
            if (body.Failed || key > int.MaxValue || (key & 7) > (ulong)Stat.Count) good = false;
            else if (wanted is null || wanted.Contains((int)(key >> 3))) good = TryReadColumn(ref column, table.Column((int)(key >> 3), (Stat)(key & 7)), from, to);
        }
        if (!good || body.Failed) table.Truncate(from);
        return good && !body.Failed;
    }

    private static void WriteTimes(ReadOnlySpan<long> timesUs, long spanUs, BlockWriter body)
    {
        long unit = timesUs[0] - spanUs;
        for (int i = 1; i < timesUs.Length && unit != 1; i++) unit = Gcd(unit, timesUs[i] - timesUs[i - 1]);
        if (unit == 0) unit = 1;
        body.Varint((ulong)unit);
        body.Varint((ulong)((timesUs[0] - spanUs) / unit));
        long before = 0;
        for (int i = 1; i < timesUs.Length; i++)
        {
            long step = (timesUs[i] - timesUs[i - 1]) / unit;
            body.Signed(step - before);
            before = step;
        }
    }

    private static bool TryReadTimes(ref BlockReader body, long spanUs, Span<long> timesUs)
    {
        long unit = (long)body.Varint(), step = 0;
        timesUs[0] = spanUs + (long)body.Varint() * unit;
        for (int i = 1; i < timesUs.Length; i++)
        {
            step += body.Signed();
            timesUs[i] = timesUs[i - 1] + step * unit;
        }
        return !body.Failed;
    }

    private static void WriteFlags(ReadOnlySpan<byte> flags, BlockWriter body)
    {
        for (int i = 0; i < flags.Length;)
        {
            int run = flags[i..].IndexOfAnyExcept(flags[i]);
            if (run < 0) run = flags.Length - i;
            body.Varint((ulong)run);
            body.Byte(flags[i]);
            i += run;
        }
    }

    private static bool TryReadFlags(ref BlockReader body, Span<byte> flags)
    {
        while (!flags.IsEmpty)
        {
            ulong run = body.Varint();
            if (run == 0 || run > (ulong)flags.Length) return false;
            flags[..(int)run].Fill(body.Byte());
            flags = flags[(int)run..];
        }
        return true;
    }

    private static void WriteColumn(ReadOnlySpan<double> cells, int present, BlockWriter column)
    {
        int decimals = DecimalColumn.Decimals(cells), holes = present < cells.Length ? Holes : 0;
        column.Byte((byte)((decimals < 0 ? Xor : Decimal) | holes));
        if (holes != 0) WriteHoles(cells, column);
        if (decimals < 0) XorColumn.Write(cells, column);
        else DecimalColumn.Write(cells, decimals, column);
    }

    private static bool TryReadColumn(ref BlockReader bytes, BlockColumn column, int from, int to)
    {
        int method = bytes.Byte();
        var cells = column.Rows(from, to);
        if ((method & Holes) == 0) cells.Clear();
        else if (!TryReadHoles(ref bytes, cells)) return false;
        int decimals = (method & ~Holes) switch
        {
            Decimal => DecimalColumn.Read(ref bytes, cells),
            Xor => XorColumn.TryRead(ref bytes, cells) ? -1 : -2,
            _ => -2,
        };
        if (decimals == -2 || ((method & ~Holes) == Decimal && decimals < 0)) return false;
        column.Decimals = decimals < 0 || column.Decimals < 0 ? -1 : Math.Max(column.Decimals, decimals);
        return !bytes.Failed && bytes.AtEnd;
    }

    /// <summary>Lengths of runs, of values and of holes in turn, values first, until the rows are covered.</summary>
    private static void WriteHoles(ReadOnlySpan<double> cells, BlockWriter column)
    {
        bool hole = false;
        for (int i = 0; i < cells.Length; hole = !hole)
        {
            int run = 0;
            while (i + run < cells.Length && double.IsNaN(cells[i + run]) == hole) run++;
            column.Varint((ulong)run);
            i += run;
        }
    }

    private static bool TryReadHoles(ref BlockReader bytes, Span<double> cells)
    {
        for (bool hole = false; !cells.IsEmpty; hole = !hole)
        {
            ulong run = bytes.Varint();
            if (bytes.Failed || run > (ulong)cells.Length) return false;
            cells[..(int)run].Fill(hole ? double.NaN : 0);
            cells = cells[(int)run..];
        }
        return true;
    }

    private static int Present(ReadOnlySpan<double> cells)
    {
        int present = 0;
        foreach (double cell in cells)
            if (!double.IsNaN(cell)) present++;
        return present;
    }

    private static long Gcd(long a, long b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}

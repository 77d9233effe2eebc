using Gateway.History.Blocks;
using Xunit;

namespace Gateway.Tests.History;

public sealed class BlockCodecTests
{
    private const long Span = 1_772_676_000_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_rows_come_back_bit_by_bit(int seed)
    {
        var random = new Random(seed);
        for (int turn = 0; turn < 150; turn++)
        {
            bool rollUp = random.Next(2) == 0;
            var table = AnyTable(random, rollUp);
            var back = new BlockTable();
            Assert.True(BlockCodec.TryRead(Body(table, rollUp), Span, rollUp, null, back), $"seed {seed}, turn {turn}");
            AssertSame(table, back);
        }
    }

    [Theory]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(0.1 + 0.2)]
    [InlineData(9007199254740993d)]
    [InlineData(123456.789)]
    [InlineData(-0.000000001)]
    public void Odd_numbers_come_back_bit_by_bit(double odd)
    {
        var table = Table((0, odd), (1, 1.5), (2, odd), (3, odd));
        var back = new BlockTable();
        Assert.True(BlockCodec.TryRead(Body(table, false), Span, false, null, back));
        AssertSame(table, back);
    }

    /// <summary>The example of FORMAT.md.</summary>
    [Fact]
    public void The_worked_example_of_the_format_is_what_is_written()
    {
        var table = Table((1_000_000, 4.25), (2_000_000, 4.5), (3_000_000, double.NaN), (4_500_000, 0.1 + 0.2));
        var second = table.Column(3, Stat.Value);
        (second[0], second[1], second[2], second[3]) = (8, 8, 7.5, 8);
        table.Flags[2] = (byte)RowFlags.NotBelieved;
        byte[] packed = [];
        var block = BlockEnvelope.Pack(Body(table, false), BlockEnvelope.LastingQuality, ref packed);
        string documented = File.ReadLines(Path.Combine(Testing.Repository.Root, "src/Gateway/History/FORMAT.md")).Single(l => l.StartsWith("    01 ", StringComparison.Ordinal)).Trim();
        Assert.Equal(documented, BitConverter.ToString(block.ToArray()).Replace('-', ' ').ToLowerInvariant());
    }

    [Fact]
    public void Only_the_fields_that_are_wanted_are_read()
    {
        var table = Table((0, 1), (1, 2));
        table.Column(9, Stat.Value)[1] = 7;
        var back = new BlockTable();
        Assert.True(BlockCodec.TryRead(Body(table, false), Span, false, new HashSet<int> { 9 }, back));
        Assert.Equal(9, Assert.Single(back.Columns).Field);
        Assert.Equal(7, back.Columns[0][1]);
    }

    [Fact]
    public void A_block_with_any_bit_changed_is_refused()
    {
        var random = new Random(5);
        foreach (int rows in (int[])[1, 40])
        {
            var table = Table([.. Enumerable.Range(0, rows).Select(i => ((long)i * 1_000_000, Math.Round(random.NextDouble() * 3, 1)))]);
            byte[] packed = [], buffer = [];
            byte[] block = BlockEnvelope.Pack(Body(table, false), BlockEnvelope.LastingQuality, ref packed).ToArray();
            Assert.True(BlockEnvelope.TryUnpack(block, ref buffer, out _));
            for (int bit = 0; bit < 8 * block.Length; bit++)
            {
                byte[] changed = [.. block];
                changed[bit / 8] ^= (byte)(1 << bit % 8);
                Assert.True(!BlockEnvelope.TryUnpack(changed, ref buffer, out var body) || body.SequenceEqual(Body(table, false)), $"bit {bit} of {rows} rows");
            }
            for (int cut = 0; cut < block.Length; cut++) Assert.False(BlockEnvelope.TryUnpack(block.AsSpan(0, cut), ref buffer, out _), $"cut at {cut}");
        }
    }

    [Fact]
    public void Noise_ends_and_leaves_the_table_as_it_was()
    {
        var random = new Random(6);
        for (int turn = 0; turn < 3000; turn++)
        {
            byte[] noise = new byte[random.Next(60)];
            random.NextBytes(noise);
            if (noise.Length > 1) (noise[0], noise[1]) = ((byte)random.Next(1, 20), (byte)random.Next(3));
            var table = Table((0, 1));
            if (!BlockCodec.TryRead(noise, Span, turn % 2 == 0, null, table)) Assert.Equal(1, table.Rows);
        }
    }

    private static byte[] Body(BlockTable table, bool rollUp)
    {
        var body = new BlockWriter();
        BlockCodec.Write(table, 0, table.Rows, Span, rollUp, body);
        return body.Written.ToArray();
    }

    private static BlockTable Table(params (long OffsetUs, double Value)[] rows)
    {
        var table = new BlockTable();
        var column = table.Column(2, Stat.Value);
        foreach (var (offset, value) in rows) column[table.AddRow(Span + offset, RowFlags.None, 0)] = value;
        return table;
    }

    private static BlockTable AnyTable(Random random, bool rollUp)
    {
        var table = new BlockTable();
        long unit = ((long[])[1, 1000, 1_000_000])[random.Next(3)], at = Span + random.Next(5000) * unit;
        for (int rows = random.Next(1, 300); rows > 0; rows--, at += random.Next(1, 900) * unit)
            table.AddRow(at, (RowFlags)(random.Next(10) == 0 ? random.Next(8) : 0), rollUp ? at + random.Next(60_000) * 1000L : 0);
        for (int c = random.Next(6); c >= 0; c--)
        {
            var column = table.Column(c * 3 + 1, rollUp ? (Stat)random.Next(1, 6) : Stat.Value);
            int kind = random.Next(5), holes = random.Next(3);
            for (int row = 0; row < table.Rows; row++)
                if (holes == 0 || random.Next(4) >= holes) column[row] = Any(random, kind);
        }
        return table;
    }

    private static double Any(Random random, int kind) => kind switch
    {
        0 => 42,
        1 => Math.Round(random.NextDouble() * 200 - 100, random.Next(4)),
        2 => random.Next(int.MinValue, int.MaxValue),
        3 => random.NextDouble(),
        _ => BitConverter.Int64BitsToDouble(random.NextInt64()) is var any && double.IsNaN(any) ? -0.0 : any,
    };

    private static void AssertSame(BlockTable expected, BlockTable seen)
    {
        Assert.Equal(expected.TimesUs, seen.TimesUs);
        Assert.Equal(expected.Flags, seen.Flags);
        Assert.Equal(expected.NewestUs, seen.NewestUs);
        foreach (var column in expected.Columns)
        {
            var back = seen.Find(column.Field, column.Stat);
            for (int row = 0; row < expected.Rows; row++)
                Assert.Equal(BitConverter.DoubleToInt64Bits(column[row]), BitConverter.DoubleToInt64Bits(back is null ? double.NaN : back[row]));
        }
    }
}

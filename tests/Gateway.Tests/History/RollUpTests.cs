using Gateway.History.Blocks;
using Xunit;

namespace Gateway.Tests.History;

public sealed class RollUpTests
{
    private const long Minute = 60_000_000, Quarter = 15 * Minute;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    [InlineData(3, -1)]
    public void Figures_are_those_of_a_plain_calculation(int seed, int decimals)
    {
        var readings = Readings(seed, decimals);
        var minutes = new BlockTable();
        RollUp.OfRaw(Raw(readings), Minute, minutes);
        Figures.AssertSame(Figures.Naive(readings.Select(r => (r.AtUs / 1000, r.Value)), 60_000), Of(minutes));
        var quarters = new BlockTable();
        RollUp.Combine(minutes, Quarter, quarters);
        Figures.AssertSame(Figures.Naive(readings.Select(r => (r.AtUs / 1000, r.Value)), 900_000), Of(quarters));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Parts_in_any_cut_and_order_add_up_to_the_whole_exactly(int seed)
    {
        var readings = Readings(seed, decimals: 1);
        var whole = new BlockTable();
        RollUp.OfRaw(Raw(readings), Minute, whole);
        var random = new Random(seed);
        var parts = readings.GroupBy(_ => random.Next(7)).Select(g => g.OrderBy(r => r.AtUs).ToList()).ToList();
        var together = new BlockTable();
        var part = new BlockTable();
        foreach (var rows in parts)
        {
            RollUp.OfRaw(Raw(rows), Minute, part);
            together.Add(part, 0, part.Rows);
        }
        together.Sort();
        var sum = new BlockTable();
        RollUp.Combine(together, Minute, sum);
        Assert.Equal(Of(whole), Of(sum));
    }

    [Fact]
    public void Tenths_add_up_without_an_error_of_the_last_bit()
    {
        var minutes = new BlockTable();
        RollUp.OfRaw(Raw([.. Enumerable.Range(0, 10).Select(i => (i * 1_000_000L, 0.1))]), Minute, minutes);
        Assert.Equal(1.0, minutes.Find(1, Stat.Sum)![0]);
    }

    private static List<(long AtUs, double Value)> Readings(int seed, int decimals)
    {
        var random = new Random(seed);
        long at = 1_772_676_000_000_000;
        var readings = new List<(long, double)>();
        for (int i = 0; i < 2000; i++)
        {
            at += random.Next(1, 20) * 100_000L;
            double value = random.NextDouble() * 100 - 50;
            readings.Add((at, decimals < 0 ? value : Math.Round(value, decimals) + 0.0));
        }
        return readings;
    }

    private static BlockTable Raw(List<(long AtUs, double Value)> readings)
    {
        var table = new BlockTable();
        var column = table.Column(1, Stat.Value);
        foreach (var (at, value) in readings) column[table.AddRow(at, RowFlags.None, 0)] = value;
        return table;
    }

    private static List<Figures> Of(BlockTable t) =>
        [.. Enumerable.Range(0, t.Rows).Select(r => new Figures(t.TimesUs[r] / 1000, At(t, Stat.Min, r), At(t, Stat.Sum, r) / At(t, Stat.Count, r), At(t, Stat.Max, r), At(t, Stat.Last, r), At(t, Stat.Count, r)))];

    private static double At(BlockTable table, Stat stat, int row) => table.Find(1, stat)![row];
}

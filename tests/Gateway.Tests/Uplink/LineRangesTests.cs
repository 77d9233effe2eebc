using Gateway.Uplink.Progress;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class LineRangesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ranges_hold_what_a_set_of_lines_would(int seed)
    {
        var random = new Random(seed);
        var ranges = new LineRanges();
        var lines = new HashSet<long>();
        for (int step = 0; step < 2_000; step++)
        {
            long from = random.Next(200), to = from + random.Next(12);
            bool add = random.Next(2) == 0;
            for (long line = from; line < to; line++) _ = add ? lines.Add(line) : lines.Remove(line);
            if (add) ranges.Add(new LineRange(from, to));
            else ranges.Remove(new LineRange(from, to));
            Assert.Equal(lines.Order(), ranges.All.SelectMany(r => Enumerable.Range((int)r.From, (int)r.Lines).Select(i => (long)i)));
            // Disjoint, and neighbours are one.
            for (int i = 1; i < ranges.All.Count; i++) Assert.True(ranges.All[i - 1].To < ranges.All[i].From, $"seed {seed}, step {step}");
        }
    }

    [Fact]
    public void There_are_never_more_than_so_many_and_the_nearest_grow_together()
    {
        var ranges = new LineRanges();
        for (int i = 0; i < LineRanges.RangesMax; i++) ranges.Add(new LineRange(i * 100, i * 100 + 10));
        ranges.Add(new LineRange(515, 520));
        Assert.Equal(LineRanges.RangesMax, ranges.All.Count);
        Assert.Contains(new LineRange(500, 520), ranges.All);
    }
}

using Gateway.Domain.Presence;
using Xunit;

namespace Gateway.Domain.Tests.Presence;

public sealed class MeasuredSpansTests
{
    [Fact]
    public void Whatever_order_records_come_in_the_spans_cover_what_they_cover_and_stay_apart_and_in_order()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var spans = new MeasuredSpans();
            var covered = new bool[400];
            for (int record = 0; record < 40; record++)
            {
                int from = random.Next(380), to = from + 1 + random.Next(20);
                if (spans.Add(from, to)) Array.Fill(covered, true, from, to - from);
            }
            int cut = random.Next(400);
            var (before, after) = (spans.TakeBefore(cut), spans.TakeBefore(long.MaxValue));
            var seen = new bool[400];
            long end = -1;
            foreach (var (from, to) in before.Concat(after))
            {
                Assert.True(from < to && (from > end || from == cut), $"seed {seed}: {from} to {to} behind {end}");
                Array.Fill(seen, true, (int)from, (int)(to - from));
                end = to;
            }
            Assert.True(covered.AsSpan().SequenceEqual(seen), $"seed {seed}");
            Assert.All(before, s => Assert.True(s.ToMs <= cut));
            Assert.Equal(0, spans.Count);
        }
    }

    [Fact]
    public void No_more_spans_are_held_than_the_bound_and_one_that_touches_still_finds_room()
    {
        var spans = new MeasuredSpans();
        for (int n = 0; n < MeasuredSpans.Max; n++) Assert.True(spans.Add(n * 10, n * 10 + 5));
        Assert.False(spans.Add(100_000, 100_001));
        Assert.True(spans.Add(5, 10));
        Assert.Equal(MeasuredSpans.Max - 1, spans.Count);
        Assert.False(spans.Add(7, 7));
    }
}

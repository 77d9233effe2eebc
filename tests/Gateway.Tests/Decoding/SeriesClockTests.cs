using Gateway.Decoding;
using Xunit;

namespace Gateway.Tests.Decoding;

public sealed class SeriesClockTests
{
    private readonly SeriesClock _clock = new();

    [Fact]
    public void Readings_of_one_millisecond_stand_apart_by_microseconds()
    {
        Assert.Equal(5_000_000, _clock.PointUs(5_000, 1));
        Assert.Equal(5_000_001, _clock.PointUs(5_000, 2));
        Assert.Equal(5_000_002, _clock.PointUs(5_000, 3));
        Assert.Equal(5_001_000, _clock.PointUs(5_001, 1));
    }

    [Fact]
    public void A_message_that_comes_twice_gets_the_time_it_had()
    {
        long first = _clock.PointUs(5_000, 1), second = _clock.PointUs(5_000, 2), later = _clock.PointUs(6_000, 3);
        Assert.Equal([first, second, later], [_clock.PointUs(5_000, 1), _clock.PointUs(5_000, 2), _clock.PointUs(6_000, 3)]);
    }

    [Fact]
    public void What_is_in_the_store_is_known_after_a_restart()
    {
        var next = new SeriesClock();
        next.Restore(_clock.PointUs(5_000, 1), 1);
        next.Restore(_clock.PointUs(5_000, 2), 2);

        Assert.Equal(5_000_001, next.PointUs(5_000, 2));
        Assert.Equal(5_000_002, next.PointUs(5_000, 3));
    }

    [Fact]
    public void A_full_window_of_a_busy_series_comes_again_under_its_own_times()
    {
        var clock = new SeriesClock();
        List<long> Send() => [.. Enumerable.Range(0, 1_000).Select(i => clock.PointUs(5_000 + i / 3, (ulong)i + 1))];

        var first = Send();

        Assert.Equal(1_000, first.Distinct().Count());
        Assert.Equal(first, Send());
    }

    [Fact]
    public void Among_the_last_32_points_every_content_has_a_time_of_its_own()
    {
        for (int seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var clock = new SeriesClock();
            var told = new List<(long Us, ulong Content)>();
            long ms = 1_000;
            for (int i = 0; i < 100; i++)
            {
                ms += random.Next(3) - (random.Next(10) == 0 ? 2 : 0);
                ulong content = (ulong)random.Next(1, 40);
                long us = clock.PointUs(ms, content);
                Assert.Equal(ms, us / 1000);
                Assert.DoesNotContain(told.TakeLast(32), t => t.Us == us && t.Content != content);
                if (!told.TakeLast(32).Contains((us, content))) told.Add((us, content));
            }
        }
    }
}

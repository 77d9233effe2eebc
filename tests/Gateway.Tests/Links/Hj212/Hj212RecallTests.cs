using Gateway.Domain.Readings;
using Gateway.Links.Hj212;
using Xunit;

namespace Gateway.Tests.Links.Hj212;

public sealed class Hj212RecallTests
{
    private const long Hour = 3_600_000;
    private const long Ten = 600_000;

    private readonly FakeMemory _memory = new();

    [Fact]
    public async Task After_an_hour_away_the_hour_is_recalled_marked_and_then_known()
    {
        long fromMs = await LiveUntilAsync();
        using var rig = Again(Hour);
        rig.Live();
        rig.Pass();
        var (cn, qn, cp) = rig.Asked();
        Assert.Equal(("2051", $"BeginTime={Hj212Rig.Stamp(fromMs)};EndTime={Hj212Rig.Stamp(fromMs + Hour - 1000)}"), (cn, cp));

        rig.Answer(9011, qn, "QnRtn=1");
        rig.Commit();
        rig.Readings.Clear();
        rig.Lines.Clear();
        for (int i = 0; i < 6; i++) rig.Minute(fromMs + i * Ten, 50 + i, qn);
        rig.Answer(9012, qn, "ExeRtn=1");
        rig.Pass();
        Assert.NotNull(rig.Device.OpenRequest);

        rig.Commit();
        rig.Pass();

        Assert.Equal(6, rig.Lines.Count);
        Assert.All(rig.Lines, l => Assert.StartsWith("dust_minute,site=s1,device=dust-1 ", l, StringComparison.Ordinal));
        Assert.All(rig.Lines, l => Assert.Contains(",backfill=1i ", l, StringComparison.Ordinal));
        Assert.All(rig.Readings, r => Assert.Equal((ReadingKind.Aggregate, ReadingFlags.Backfill), (r.Reading.Kind, r.Reading.Flags)));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (fromMs + i * Ten) * 1000), rig.Readings.Select(r => r.Reading.PointAtUs));
        Assert.Empty(rig.Device.Recall);
        Assert.Null(rig.Device.OpenRequest);
    }

    [Fact]
    public async Task What_is_still_open_survives_a_restart_and_what_is_on_disk_is_not_asked_for_again()
    {
        long fromMs = await LiveUntilAsync();
        using (var rig = Again(3 * Hour))
        {
            rig.Live();
            rig.Pass();
            string qn = rig.Asked().Qn;
            rig.Answer(9011, qn, "QnRtn=1");
            rig.Minute(fromMs, qn: qn);
            rig.Answer(9012, qn, "ExeRtn=1");
            rig.Commit();
            rig.Pass(2);
            Assert.Equal(Begin(fromMs + Hour), rig.Asked().Cp[..24]);
            await rig.Link.RememberAsync();
        }
        using var after = Again(Ten / 2);
        after.Live();
        after.Pass();

        Assert.Equal(Begin(fromMs + Hour), after.Asked().Cp[..24]);
        Assert.Equal(fromMs + 3 * Hour, Assert.Single(after.Device.Recall).To.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Of_two_gaps_the_newer_is_filled_first()
    {
        long fromMs = await LiveUntilAsync();
        using var rig = Again(Hour);
        rig.Live();
        long nextMs = fromMs + Hour;
        rig.Minute(nextMs + 2 * Hour);
        rig.Clock.Advance(TimeSpan.FromHours(3));
        rig.Commit();
        rig.Pass();

        Assert.Equal(Begin(nextMs), rig.Asked().Cp[..24]);
        Assert.Equal(2, rig.Device.Recall.Count);
    }

    [Theory]
    [InlineData(2, "2061", 24)]
    [InlineData(6, "2061", 24)]
    [InlineData(40, "2031", 720)]
    public async Task Longer_gaps_are_filled_with_longer_means(int days, string cn, int hours)
    {
        long fromMs = await LiveUntilAsync();
        using var rig = Again(days * 24 * Hour, new Hj212Options { RecallDaysMax = 60 });
        rig.Live();
        rig.Pass();

        var asked = rig.Asked();
        Assert.Equal((cn, $"BeginTime={Hj212Rig.Stamp(fromMs)};EndTime={Hj212Rig.Stamp(fromMs + hours * Hour - 1000)}"), (asked.Cn, asked.Cp));
    }

    [Fact]
    public async Task Nothing_is_recalled_beyond_the_limit()
    {
        await LiveUntilAsync();
        using var rig = Again(30 * 24 * Hour);
        rig.Live();

        Assert.Equal(rig.Clock.NowMs - 7 * 24 * Hour, Assert.Single(rig.Device.Recall).From.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_short_absence_and_a_limit_of_nothing_are_no_gap()
    {
        await LiveUntilAsync();
        using var rig = Again(Ten);
        rig.Live();
        Assert.Empty(rig.Device.Recall);
        using var never = Again(Hour, new Hj212Options { RecallDaysMax = 0 });
        never.Live();
        Assert.Empty(never.Device.Recall);
    }

    [Fact]
    public void A_hole_between_two_minutes_of_one_connection_is_recalled_too()
    {
        using var rig = new Hj212Rig();
        Kept(rig, rig.Clock.NowMs - 6 * Ten);
        Kept(rig, rig.Clock.NowMs - 2 * Ten);
        rig.Pass();

        Assert.Equal(Begin(rig.Clock.NowMs / Ten * Ten - 5 * Ten), rig.Asked().Cp[..24]);
    }

    [Fact]
    public async Task A_device_that_sends_no_minute_data_and_refuses_is_left_alone_for_good()
    {
        using (var rig = new Hj212Rig(memory: _memory))
        {
            rig.Live();
            rig.Commit();
            await rig.Link.RememberAsync();
        }
        using (var rig = Again(Hour))
        {
            rig.Live();
            rig.Pass();
            rig.Answer(9012, rig.Asked().Qn, "ExeRtn=100");
            Assert.True(rig.Device.RecallRefused);
            rig.Commit();
            await rig.Link.RememberAsync();
        }
        using var later = Again(Hour);
        later.Live();
        later.Pass(5);

        Assert.Empty(later.Sent());
        Assert.True(later.Device.RecallRefused);
    }

    [Fact]
    public async Task A_device_that_keeps_minutes_and_fails_is_asked_three_times_and_then_the_gap_is_given_up()
    {
        await LiveUntilAsync();
        using var rig = Again(Hour);
        rig.Live();
        rig.Pass();
        for (int attempt = 0; attempt < 3; attempt++)
        {
            rig.Answer(9012, rig.Asked().Qn, "ExeRtn=5");
            for (int minute = 0; minute < 10; minute++)
            {
                rig.Pass(59);
                rig.Live();
            }
            Assert.Empty(rig.Sent());
            rig.Pass(10);
        }
        rig.Pass(5);

        Assert.Empty(rig.Device.Recall);
        Assert.Equal(1, rig.Device.GapsGivenUp);
    }

    [Fact]
    public async Task No_data_is_an_answer_of_a_device_that_keeps_minutes()
    {
        long fromMs = await LiveUntilAsync();
        using var rig = Again(2 * Hour);
        rig.Live();
        rig.Pass();
        rig.Answer(9012, rig.Asked().Qn, "ExeRtn=100");
        rig.Pass(2);

        Assert.Equal(Begin(fromMs + Hour), rig.Asked().Cp[..24]);
    }

    [Fact]
    public async Task Records_without_9011_and_9012_fill_the_gap_all_the_same()
    {
        long fromMs = await LiveUntilAsync();
        using var rig = Again(Hour);
        rig.Live();
        rig.Pass();
        rig.Asked();
        for (int i = 0; i < 6; i++) rig.Minute(fromMs + i * Ten);
        rig.Commit();
        rig.Sent();
        rig.Pass(40);

        Assert.Equal(6, rig.Lines.Count(l => l.Contains("backfill=1i", StringComparison.Ordinal)));
        Assert.Empty(rig.Sent());
        Assert.Empty(rig.Device.Recall);
    }

    [Fact]
    public async Task Live_means_are_not_taken_for_recalled_ones()
    {
        await LiveUntilAsync();
        using var rig = Again(Hour);
        rig.Live();
        rig.Pass();
        rig.Asked();
        rig.Minute(rig.Clock.NowMs / Ten * Ten - Ten, qn: "20260305110002500");
        rig.Commit();

        Assert.DoesNotContain(rig.Lines, l => l.Contains("backfill", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_connection_ends_the_request_and_keeps_the_gap()
    {
        long fromMs = await LiveUntilAsync();
        using var rig = Again(Hour);
        rig.Live();
        rig.Pass();
        rig.Asked();
        rig.Connect();
        rig.Pass(60);
        Assert.Empty(rig.Sent());

        rig.Live();
        rig.Pass();
        Assert.Equal(Begin(fromMs), rig.Asked().Cp[..24]);
    }

    /// <summary>A device that sends minutes every ten minutes until ten o'clock; all of it is remembered.</summary>
    private async Task<long> LiveUntilAsync()
    {
        using var rig = new Hj212Rig(memory: _memory);
        Kept(rig, rig.Clock.NowMs - 2 * Ten);
        Kept(rig, rig.Clock.NowMs - Ten);
        await rig.Link.RememberAsync();
        return rig.Clock.NowMs;
    }

    private Hj212Rig Again(long laterMs, Hj212Options? options = null)
    {
        _nowMs = (_nowMs == 0 ? TestSite.Ten : _nowMs) + laterMs;
        return new Hj212Rig(memory: _memory, options: options, clock: new Gateway.Testing.FakeClock(DateTimeOffset.FromUnixTimeMilliseconds(_nowMs)));
    }

    private long _nowMs;

    private static void Kept(Hj212Rig rig, long startMs)
    {
        rig.Minute(startMs);
        rig.Commit();
        rig.Sent();
    }

    private static string Begin(long ms) => $"BeginTime={Hj212Rig.Stamp(ms)}";
}

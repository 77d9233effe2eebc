using Gateway.Diagnostics.Clock;
using Xunit;

namespace Gateway.Tests.Diagnostics;

/// <summary>What becomes of looks at the clock.</summary>
public sealed class ClockJudgeTests
{
    private const long WallMs = 1_770_000_000_000;

    private static readonly HostClockReading Synchronised = new(ClockState.Synchronised, "ntp", true, 0.5, 20);
    private static readonly HostClockReading Free = new(ClockState.Unsynchronised, "rtc", true, 16_000, 16_000);
    private static readonly HostClockReading Bare = new(ClockState.Unsynchronised, null, false, 16_000, 16_000);
    private static readonly HostClockReading Hidden = new(ClockState.Unknown, null, false, null, null);

    [Theory]
    [InlineData(ClockState.Synchronised, false, false, WallMs, true)]
    [InlineData(ClockState.Synchronised, false, false, 0L, true)]
    [InlineData(ClockState.Unsynchronised, true, false, WallMs, true)]
    [InlineData(ClockState.Unsynchronised, false, false, WallMs, false)]
    [InlineData(ClockState.Unsynchronised, false, true, WallMs, true)]
    [InlineData(ClockState.Unsynchronised, true, false, WallMs - 2_000, false)]
    [InlineData(ClockState.Unsynchronised, true, false, WallMs - 20_000, false)]
    [InlineData(ClockState.Unsynchronised, false, true, WallMs - 20_000, false)]
    [InlineData(ClockState.Unknown, false, false, WallMs, false)]
    [InlineData(ClockState.Unknown, true, false, WallMs, true)]
    [InlineData(ClockState.Unknown, false, true, WallMs, true)]
    public void A_clock_is_believed_when_it_is_synchronised_or_was_set_by_hardware_and_shows_a_possible_time(ClockState state, bool rtc, bool trusted, long wallMs, bool sane)
    {
        var judge = new ClockJudge(new ClockOptions(trusted, BuiltAtMs: WallMs - 10_000, LastHeartbeatMs: WallMs - 1_000));
        var news = judge.Look(new HostClockReading(state, null, rtc, null, null), 0, wallMs);
        Assert.Equal(sane, judge.Standing.Sane);
        Assert.Contains(news, n => n.Kind == (sane ? ClockNewsKind.Sane : ClockNewsKind.Insane));
        Assert.DoesNotContain(judge.Look(new HostClockReading(state, null, rtc, null, null), 100, wallMs + 100), n => n.Kind is ClockNewsKind.Sane or ClockNewsKind.Insane);
    }

    [Fact]
    public void Ten_minutes_without_a_server_are_told_once_and_their_end_once()
    {
        var judge = Judge();
        Assert.Equal([ClockNewsKind.UnsynchronisedOver, ClockNewsKind.NoRtcOver, ClockNewsKind.Sane], Look(judge, Synchronised, 0));
        for (long at = 5_000; at < 605_000; at += 5_000) Assert.Empty(Look(judge, Free, at));
        Assert.Equal([ClockNewsKind.UnsynchronisedRaised], Look(judge, Free, 605_000));
        Assert.Empty(Look(judge, Free, 610_000));
        Assert.Equal([ClockNewsKind.UnsynchronisedOver], Look(judge, Synchronised, 615_000));
        Assert.Empty(Look(judge, Synchronised, 620_000));
        Assert.Empty(Look(judge, Free, 625_000));
    }

    [Fact]
    public void A_box_without_a_hardware_clock_is_told_only_when_it_was_not_synchronised_at_the_start()
    {
        var judge = Judge();
        Assert.Equal([ClockNewsKind.NoRtcRaised, ClockNewsKind.Insane], Look(judge, Bare, 0));
        Assert.Equal([ClockNewsKind.NoRtcOver, ClockNewsKind.Sane], Look(judge, Synchronised with { Rtc = false }, 5_000));
        Assert.Equal([ClockNewsKind.Insane], Look(judge, Bare, 10_000));
    }

    [Fact]
    public void A_kernel_that_does_not_answer_is_said_once()
    {
        var judge = Judge();
        Assert.Contains(ClockNewsKind.CannotAsk, Look(judge, Hidden, 0));
        Assert.Empty(Look(judge, Hidden, 5_000));
        Assert.Equal(ClockState.Unknown, judge.Standing.State);
    }

    [Theory]
    [InlineData(1_900, false)]
    [InlineData(-1_900, false)]
    [InlineData(86_400_000, true)]
    [InlineData(-86_400_000, true)]
    public void A_jump_between_two_looks_is_a_step_and_the_tuning_of_a_server_is_none(long stepMs, bool told)
    {
        var judge = Judge();
        Look(judge, Synchronised, 0);
        var news = judge.Look(Synchronised, 5_000, WallMs + 5_000 + stepMs);
        Assert.Equal(told, news.Any(n => n.Kind == ClockNewsKind.Stepped));
        Assert.Equal(told ? (stepMs, 1) : (null, 0), (judge.Standing.LastStepMs, judge.Standing.Steps));
        Assert.Empty(judge.Look(Synchronised, 10_000, WallMs + 10_000 + stepMs));
    }

    private static ClockJudge Judge() => new(new ClockOptions(false, WallMs - 10_000, WallMs - 1_000));

    private static IEnumerable<ClockNewsKind> Look(ClockJudge judge, HostClockReading seen, long elapsedMs) => judge.Look(seen, elapsedMs, WallMs + elapsedMs).Select(n => n.Kind);
}

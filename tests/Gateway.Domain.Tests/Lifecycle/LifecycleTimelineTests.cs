using Gateway.Domain.Lifecycle;
using Xunit;
using static Gateway.Domain.Tests.Lifecycle.Entries;

namespace Gateway.Domain.Tests.Lifecycle;

public sealed class LifecycleTimelineTests
{
    private const string Before = "None ..03-01 00:00 | ";

    [Fact]
    public void Without_entries_the_ledgers_days_say_when_a_device_is_in_service()
    {
        Assert.Equal("None ..03-01 00:00 | InService 03-01 00:00..", Timeline().Shown());
        var ended = LifecycleTimeline.Build([], long.MaxValue, [Service with { ToMs = At("2026-04-01 00:00") }], Policy);
        Assert.Equal("None ..03-01 00:00 | InService 03-01 00:00..04-01 00:00 | Dismantled 04-01 00:00..", ended.Shown());
        Assert.Equal("None ..", LifecycleTimeline.Build([], long.MaxValue, [], Policy).Shown());
    }

    [Fact]
    public void A_life_from_plan_to_dismantling_is_a_row_of_spans()
    {
        var life = LifecycleTimeline.Build(
        [
            Step(1, LifecycleKind.Planned, "2026-02-01 08:00"), Step(2, LifecycleKind.Installed, "2026-02-10 08:00"), Step(3, LifecycleKind.Accepted, "2026-02-20 08:00"),
            Step(4, LifecycleKind.InService, "2026-03-02 06:00"), Step(5, LifecycleKind.Dismantled, "2026-03-20 12:00"),
        ], long.MaxValue, [Service], Policy);

        // The ledger's first of March no longer counts: the log took over in February.
        Assert.Equal("None ..02-01 08:00 | Planned 02-01 08:00..02-10 08:00 #1 | Installed 02-10 08:00..02-20 08:00 #2 | Accepted 02-20 08:00..03-02 06:00 #3 | "
            + "InService 03-02 06:00..03-20 12:00 #4 | Dismantled 03-20 12:00.. #5", life.Shown());
        Assert.Empty(life.Refused);
    }

    [Fact]
    public void A_suspension_ends_by_itself()
    {
        Assert.Equal(Before + "InService 03-01 00:00..03-05 12:00 | Suspended 03-05 12:00..03-06 12:00 #1 | InService 03-06 12:00..", Timeline(Suspended(1, "2026-03-05 12:00", "2026-03-06 12:00")).Shown());
    }

    [Fact]
    public void Resuming_ends_a_suspension_before_its_time_and_cannot_end_one_that_expired()
    {
        var early = Timeline(Suspended(1, "2026-03-05 12:00", "2026-03-06 12:00"), Step(2, LifecycleKind.Resumed, "2026-03-05 18:00"));
        Assert.Equal(Before + "InService 03-01 00:00..03-05 12:00 | Suspended 03-05 12:00..03-05 18:00 #1 | InService 03-05 18:00..", early.Shown());

        var late = Timeline(Suspended(1, "2026-03-05 12:00", "2026-03-06 12:00"), Step(2, LifecycleKind.Resumed, "2026-03-06 12:00"));
        Assert.Contains("not suspended then", Assert.Single(late.Refused).Problems.Single().En, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_suspensions_the_one_that_began_last_is_named_and_the_other_holds_on_behind_it()
    {
        var both = Timeline(Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00", SuspensionReason.StopWork), Suspended(2, "2026-03-06 00:00", "2026-03-07 00:00", SuspensionReason.Calibration));
        Assert.Equal(Before + "InService 03-01 00:00..03-05 00:00 | Suspended 03-05 00:00..03-06 00:00 #1 | Suspended 03-06 00:00..03-07 00:00 #2 | Suspended 03-07 00:00..03-10 00:00 #1 | InService 03-10 00:00..", both.Shown());
    }

    [Fact]
    public void Dismantling_a_suspended_device_ends_its_suspension()
    {
        var gone = Timeline(Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00"), Step(2, LifecycleKind.Dismantled, "2026-03-06 00:00"));
        Assert.Equal(Before + "InService 03-01 00:00..03-05 00:00 | Suspended 03-05 00:00..03-06 00:00 #1 | Dismantled 03-06 00:00.. #2", gone.Shown());
    }

    [Fact]
    public void An_entry_is_known_from_the_moment_it_was_entered()
    {
        LifecycleEntry[] log = [Suspended(1, "2026-03-05 12:00", "2026-03-06 12:00", entered: "2026-03-05 15:00")];
        var at14 = LifecycleTimeline.Build(log, At("2026-03-05 14:00"), [Service], Policy);
        var at15 = LifecycleTimeline.Build(log, At("2026-03-05 15:00"), [Service], Policy);

        Assert.Equal(Before + "InService 03-01 00:00..", at14.Shown());
        Assert.Contains("Suspended 03-05 12:00", at15.Shown(), StringComparison.Ordinal);
        Assert.Empty(at14.Entries);
    }

    [Fact]
    public void Entered_more_than_a_day_after_its_effect_an_entry_is_late()
    {
        Assert.False(Suspended(1, "2026-03-05 12:00", "2026-03-08 12:00", entered: "2026-03-06 12:00").IsLate(Policy));
        Assert.True(Suspended(1, "2026-03-05 12:00", "2026-03-08 12:00", entered: "2026-03-06 12:01").IsLate(Policy));
    }

    [Fact]
    public void The_order_in_which_the_log_is_handed_over_and_repeats_in_it_do_not_matter()
    {
        LifecycleEntry[] log =
        [
            Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00"), Suspended(2, "2026-03-05 00:00", "2026-03-06 00:00", corrects: 1), Step(3, LifecycleKind.Moved, "2026-03-20 00:00"),
            Step(4, LifecycleKind.Installed, "2026-03-21 00:00"), Step(5, LifecycleKind.InService, "2026-03-22 00:00"), Step(6, LifecycleKind.Accepted, "2026-03-22 00:00"),
        ];
        string expected = Timeline(log).Shown();
        for (int seed = 0; seed < 200; seed++)
        {
            var shuffled = log.Append(log[seed % log.Length]).ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(expected, Timeline(shuffled).Shown());
        }
    }

    [Fact]
    public void Two_entries_under_one_number_are_no_log()
    {
        Assert.Throws<ArgumentException>(() => Timeline(Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00"), Suspended(1, "2026-03-05 00:00", "2026-03-11 00:00")));
    }

    [Fact]
    public void Read_back_from_its_row_an_entry_is_the_same()
    {
        var entry = Suspended(7, "2026-03-05 00:00", "2026-03-06 00:00", SuspensionReason.PowerCut, corrects: 3, attachment: new string('a', 64)) with { Note = "配电箱检修 \"2\"" };
        Assert.Equal(entry, LifecycleJson.Read(LifecycleJson.Write(entry), 7, entry.EnteredMs));
        var plain = Step(8, LifecycleKind.InService, "2026-03-05 00:00");
        Assert.Equal(plain, LifecycleJson.Read(LifecycleJson.Write(plain), 8, plain.EnteredMs));
        Assert.Null(LifecycleJson.Read("{\"kind\":\"suspended\"}"u8.ToArray(), 9, 0));
        Assert.Null(LifecycleJson.Read("[]"u8.ToArray(), 9, 0));
        Assert.Null(LifecycleJson.Read("?"u8.ToArray(), 9, 0));
    }
}

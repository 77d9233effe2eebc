using Gateway.Domain.Lifecycle;
using Xunit;
using static Gateway.Domain.Tests.Lifecycle.Entries;

namespace Gateway.Domain.Tests.Lifecycle;

/// <summary>What the log takes, and what it refuses with which words.</summary>
public sealed class LifecycleRulesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u3000")]
    [InlineData("Li")]
    [InlineData("l I")]
    [InlineData("\u200bLi")]
    public void Whoever_asks_for_a_suspension_cannot_approve_it(string? approver)
    {
        Refused("an approver other than the requester", Suspended(1, "2026-03-05 00:00", "2026-03-06 00:00", approver: approver));
    }

    [Fact]
    public void A_suspension_has_a_known_reason_and_an_end_behind_its_beginning()
    {
        Refused("the reason is one of: stop-work, holiday", Suspended(1, "2026-03-05 00:00", "2026-03-06 00:00", "because"));
        Refused("a suspension has an end", Suspended(1, "2026-03-05 00:00", "2026-03-06 00:00") with { UntilMs = null });
        Refused("the end lies behind the effective time", Suspended(1, "2026-03-05 00:00", "2026-03-05 00:00"));
    }

    [Fact]
    public void A_suspension_lasts_ninety_days_at_most_and_commissioning_one()
    {
        Taken(Suspended(1, "2026-03-05 00:00", "2026-06-03 00:00"));
        Refused("2160 hours at most", Suspended(1, "2026-03-05 00:00", "2026-06-03 00:01"));
        Taken(Suspended(1, "2026-03-05 00:00", "2026-03-06 00:00", SuspensionReason.Commissioning));
        Refused("24 hours at most", Suspended(1, "2026-03-05 00:00", "2026-03-06 00:01", SuspensionReason.Commissioning));
    }

    [Fact]
    public void A_power_cut_excuses_only_with_evidence()
    {
        Refused("needs an attachment", Suspended(1, "2026-03-05 00:00", "2026-03-06 00:00", SuspensionReason.PowerCut));
        Refused("64 hex digits", Suspended(1, "2026-03-05 00:00", "2026-03-06 00:00", SuspensionReason.PowerCut, attachment: "photo.jpg"));
        Taken(Suspended(1, "2026-03-05 00:00", "2026-03-06 00:00", SuspensionReason.PowerCut, attachment: new string('0', 64)));
    }

    [Fact]
    public void All_that_is_wrong_with_an_entry_is_said_at_once()
    {
        var wrong = Suspended(1, "2026-03-05 00:00", "2026-03-05 00:00", "because", approver: null) with { Requester = " ", Device = "" };
        Assert.Equal(5, Timeline().Check(wrong).Count);
    }

    [Fact]
    public void Only_a_suspension_has_an_end_and_a_reason()
    {
        Refused("only a suspension has an end", Step(1, LifecycleKind.Dismantled, "2026-03-05 00:00") with { UntilMs = At("2026-03-06 00:00") });
    }

    [Fact]
    public void What_cannot_follow_is_refused_with_the_moment_and_the_reason()
    {
        var problem = Assert.Single(Timeline().Check(Step(1, LifecycleKind.Resumed, "2026-03-05 00:00")));
        Assert.Equal("at 2026-03-04 16:00:00Z the device is in service; \"resumed\" cannot follow: it is not suspended then (a suspension ends by itself when it expires)", problem.En);
        Assert.StartsWith("2026-03-04 16:00:00Z 设备使用中，不能登记“恢复使用”", problem.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_is_asked_in_order_of_effect_not_of_entry()
    {
        var moved = Step(1, LifecycleKind.Dismantled, "2026-03-20 00:00");
        Taken(Suspended(2, "2026-03-05 00:00", "2026-03-06 00:00", entered: "2026-03-25 00:00"), moved);
        Refused("only a device in service can be suspended", Suspended(2, "2026-03-21 00:00", "2026-03-22 00:00"), moved);
        Refused("entry 1 would become impossible", Step(2, LifecycleKind.Dismantled, "2026-03-19 00:00"), moved);
    }

    [Fact]
    public void A_correction_stands_in_place_of_what_it_names_and_the_log_keeps_both()
    {
        LifecycleEntry first = Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00"), second = Suspended(2, "2026-03-05 00:00", "2026-03-06 00:00", corrects: 1);
        var timeline = Timeline(first, second);

        Assert.Contains("Suspended 03-05 00:00..03-06 00:00 #2 | InService 03-06 00:00..", timeline.Shown(), StringComparison.Ordinal);
        Assert.Equal([first, second], timeline.Entries);
        Assert.Equal((2L, null), (timeline.CorrectedBy(first), timeline.CorrectedBy(second)));
    }

    [Fact]
    public void A_correction_can_be_corrected_but_nothing_twice()
    {
        LifecycleEntry[] log = [Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00"), Suspended(2, "2026-03-05 00:00", "2026-03-06 00:00", corrects: 1)];
        Refused("entry 1 was corrected by 2 already", Suspended(3, "2026-03-05 00:00", "2026-03-07 00:00", corrects: 1), log);
        Taken(Suspended(3, "2026-03-05 00:00", "2026-03-07 00:00", corrects: 2), log);
        Refused("no admitted entry 9", Suspended(3, "2026-03-05 00:00", "2026-03-07 00:00", corrects: 9), log);
    }

    [Fact]
    public void A_withdrawn_entry_counts_no_more_and_can_be_put_back()
    {
        LifecycleEntry[] log = [Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00"), Step(2, LifecycleKind.Withdrawn, "2026-03-05 00:00", corrects: 1)];
        Assert.DoesNotContain("Suspended", Timeline(log).Shown(), StringComparison.Ordinal);
        Assert.Contains("Suspended 03-05", Timeline([.. log, Suspended(3, "2026-03-05 00:00", "2026-03-06 00:00", corrects: 2)]).Shown(), StringComparison.Ordinal);
        Refused("names the entry it takes back", Step(3, LifecycleKind.Withdrawn, "2026-03-05 00:00"), log);
    }

    [Fact]
    public void A_correction_after_which_less_is_required_needs_a_second_person()
    {
        LifecycleEntry[] log = [Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00"), Step(2, LifecycleKind.Resumed, "2026-03-06 00:00")];
        Refused("less time is required", Step(3, LifecycleKind.Withdrawn, "2026-03-06 00:00", corrects: 2), log);
        Refused("less time is required", Step(3, LifecycleKind.Resumed, "2026-03-07 00:00", corrects: 2, approver: " li "), log);
        Taken(Step(3, LifecycleKind.Resumed, "2026-03-07 00:00", corrects: 2, approver: "Wang"), log);
        Taken(Step(3, LifecycleKind.Resumed, "2026-03-05 12:00", corrects: 2), log);
    }

    [Fact]
    public void A_row_that_should_never_have_been_written_excuses_nothing_and_is_named()
    {
        var forged = Suspended(1, "2026-03-05 00:00", "2026-03-10 00:00", approver: "LI");
        var timeline = Timeline(forged);
        Assert.DoesNotContain("Suspended", timeline.Shown(), StringComparison.Ordinal);
        Assert.Equal(forged, Assert.Single(timeline.Refused).Entry);
    }

    private static void Refused(string words, LifecycleEntry candidate, params LifecycleEntry[] log) =>
        Assert.Contains(Timeline(log).Check(candidate), p => p.En.Contains(words, StringComparison.Ordinal));

    private static void Taken(LifecycleEntry candidate, params LifecycleEntry[] log) => Assert.Empty(Timeline(log).Check(candidate));
}

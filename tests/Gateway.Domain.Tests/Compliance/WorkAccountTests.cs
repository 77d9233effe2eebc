using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Xunit;
using static Gateway.Domain.Tests.Presence.ObservedPresence;

namespace Gateway.Domain.Tests.Compliance;

public sealed class WorkAccountTests
{
    private static readonly Operator Zhou = new("op-1", new LocalText("周", "Zhou"), [new Certificate(CertificateTypes.TowerCraneDriver, "T-1", new(2026, 1, 1), new(2026, 3, 5))]);
    private static readonly Operator Wu = new("op-2", new LocalText("吴", "Wu"), [new Certificate(CertificateTypes.HoistDriver, "H-1", new(2026, 1, 1), new(2026, 12, 31))]);

    [Fact]
    public void A_certificate_is_valid_to_the_end_of_its_last_civil_day()
    {
        var work = Of([new("d1", At("23:00:00"), At("01:00:00", 6), "op-1", 8)]);
        Assert.Equal((7_200_000L, 3_600_000L), (work.Time.OperatedMs, work.Time.CertifiedMs));
        Assert.Equal(new OperatorFinding("d1", "op-1", At("00:00:00", 6), At("01:00:00", 6), 8), Assert.Single(work.Uncertified));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("op-2")]
    [InlineData("op-9")]
    public void Nobody_somebody_with_another_certificate_and_a_stranger_do_not_count(string? person)
    {
        var work = Of([new("d1", At("09:00:00"), At("10:00:00"), person)]);
        Assert.Equal((3_600_000L, 0L, person), (work.Time.OperatedMs, work.Time.CertifiedMs, Assert.Single(work.Uncertified).Operator));
    }

    [Fact]
    public void Work_that_is_told_twice_or_overlaps_counts_once()
    {
        var work = Of([new("d1", At("09:00:00"), At("11:00:00"), "op-1"), new("d1", At("09:00:00"), At("11:00:00"), "op-1"), new("d1", At("10:00:00"), At("12:00:00"), null)]);
        Assert.Equal((10_800_000L, 7_200_000L), (work.Time.OperatedMs, work.Time.CertifiedMs));
    }

    [Fact]
    public void Work_outside_the_window_does_not_count()
    {
        var work = Of([new("d1", At("23:00:00", 4), At("01:00:00"), "op-1"), new("d1", At("23:00:00", 6), At("02:00:00", 7), "op-1"), new("d2", At("01:00:00"), At("02:00:00"), "op-1")]);
        Assert.Equal(7_200_000, work.Time.OnlineMs + work.Time.OfflineMs);
    }

    [Fact]
    public void A_machine_whose_kind_needs_no_certificate_has_no_operated_time()
    {
        var work = Of([new("d1", At("09:00:00"), At("10:00:00"))], "piling");
        Assert.Equal((3_600_000L, 0L, 0), (work.Time.OnlineMs, work.Time.OperatedMs, work.Uncertified.Count));
    }

    [Fact]
    public void Days_are_covered_from_the_first_to_the_last_day_of_a_policy()
    {
        var days = AccountWindow.Month(2026, 3, AccountedSite.Shanghai).Days;
        var insurance = InsuranceDays.Of(days, [new("P-1", new("甲", "A"), new(2026, 2, 1), new(2026, 3, 10)), new("P-2", new("乙", "B"), new(2026, 3, 12), new(2026, 3, 31))]);
        Assert.Equal((30, 31, new DateOnly(2026, 3, 11)), (insurance.Covered, insurance.Days, Assert.Single(insurance.Uncovered)));
        Assert.Equal((0, 31), (InsuranceDays.Of(days, []).Covered, InsuranceDays.Of(days, []).Days));
    }

    /// <summary>The fifth and sixth of March, online throughout.</summary>
    private static WorkAccount Of(WorkingInterval[] work, string kind = "crane")
    {
        var site = new AccountedSite(At("00:00:00"));
        var window = AccountWindow.Of(At("00:00:00"), At("00:00:00", 7), AccountedSite.Shanghai);
        var accounts = site.Accounts(window, window.ToMs, [new("d1", PresenceState.Online, "", window.FromMs, window.ToMs, 1)], [], []);
        accounts = accounts with { Devices = [accounts.Devices[0] with { Device = accounts.Devices[0].Device with { Kind = kind } }] };
        return WorkAccount.Of(accounts, work, [Zhou, Wu])[0];
    }
}

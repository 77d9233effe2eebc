using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Domain.Tests.Lifecycle;
using Xunit;
using static Gateway.Domain.Tests.Presence.ObservedPresence;

namespace Gateway.Domain.Tests.Compliance;

/// <summary>The table of DESIGN §4 and further named cases, down to the millisecond of the day. Figures worked by hand.</summary>
public sealed class AccountCaseTests
{
    private const long DayMs = 86_400_000;

    [Theory]
    [InlineData(59, 0)]
    [InlineData(60, 0)]
    [InlineData(61, 41_000)]
    [InlineData(90, 70_000)]
    public void A_gap_is_bridged_up_to_offlineAfter_and_else_offline_from_when_a_message_was_due(int gapSeconds, long offlineMs)
    {
        var site = Talking("00:00:00", "11:59:40");
        long back = At("11:59:40") + gapSeconds * 1000;
        site.Presence.Pass(back);
        site.Talk(back, At("00:00:00", 6) + 20_000);

        Assert.Equal(new DeviceDay(DayMs - offlineMs, offlineMs, 0, 0, 0, 0), site.Day("2026-03-05", At("00:00:00", 6)));
    }

    [Fact]
    public void A_gap_of_90_s_across_midnight_is_split_between_the_days()
    {
        var site = Talking("00:00:00", "23:59:20");
        site.Talk(At("23:59:30"), At("23:59:30"));
        long back = At("00:01:00", 6);
        site.Presence.Pass(back);
        site.Talk(back, back + DayMs);

        Assert.Equal(new DeviceDay(DayMs - 10_000, 10_000, 0, 0, 0, 0), site.Day("2026-03-05", At("12:00:00", 7)));
        Assert.Equal(new DeviceDay(DayMs - 60_000, 60_000, 0, 0, 0, 0), site.Day("2026-03-06", At("12:00:00", 7)));
    }

    [Fact]
    public void A_gateway_that_was_down_an_hour_makes_no_device_offline()
    {
        var site = Talking("00:00:00", "09:59:40");
        site.Restart(At("09:59:55"), At("11:00:00"));
        site.Talk(At("11:00:07"), At("00:00:00", 6) + 20_000);

        var day = site.Day("2026-03-05", At("00:00:00", 6));
        Assert.Equal(new DeviceDay(DayMs - 3_612_000, 0, 3_612_000, 0, 0, 0), day);
        // By default such an hour counts as not online: 82 788 000 of 86 400 000.
        Assert.Equal("95.819", new Rate(day.OnlineMs, day.RequiredMs(UnknownCounts.AsNotOnline)).Percent);
        Assert.Equal("100.000", new Rate(day.OnlineMs, day.RequiredMs(UnknownCounts.Excluded)).Percent);
    }

    [Fact]
    public void A_retained_message_after_the_restart_is_no_life()
    {
        var site = Talking("00:00:00", "09:59:40");
        site.Restart(At("09:59:55"), At("11:00:00"));
        // The engine hands a retained message to nobody; time passes.
        site.Presence.Pass(At("11:00:30"));

        var day = site.Day("2026-03-05", At("11:00:30"));
        Assert.Equal((36_000_000 - 5_000, 0L, 3_635_000L), (day.OnlineMs, day.OfflineMs, day.UnknownMs));
    }

    [Fact]
    public void While_its_bus_is_pulled_a_working_crane_is_unknown_and_the_work_is_listed()
    {
        var site = Talking("00:00:00", "10:00:00");
        site.Presence.CauseLost(At("10:00:10"), PresenceCause.Bus);
        site.Presence.CauseReturned(At("10:05:10"), PresenceCause.Bus);
        site.Talk(At("10:05:13"), At("00:00:00", 6) + 20_000);
        var accounts = site.Accounts(AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai), At("00:00:00", 6));
        var work = WorkAccount.Of(accounts, [new("d1", At("09:00:00"), At("11:00:00"))], [])[0];

        Assert.Equal(new DeviceDay(DayMs - 303_000, 0, 303_000, 0, 0, 0), accounts.Devices[0].Days[0]);
        Assert.Equal((7_200_000 - 303_000, 0L, 303_000L), (work.Time.OnlineMs, work.Time.OfflineMs, work.Time.UnknownMs));
        var silent = Assert.Single(work.Silent);
        Assert.Equal((AccountState.Unknown, "bus", At("10:00:10"), At("10:05:13")), (silent.State, silent.Cause, silent.FromMs, silent.ToMs));
    }

    [Fact]
    public void A_crane_that_works_while_its_safety_device_is_silent_is_a_bypass()
    {
        var site = Talking("00:00:00", "10:00:00");
        site.Presence.Pass(At("10:30:00"));
        site.Talk(At("10:30:00"), At("00:00:00", 6) + 20_000);
        var accounts = site.Accounts(AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai), At("00:00:00", 6));
        var work = WorkAccount.Of(accounts, [new("d1", At("10:10:00"), At("10:20:00"), Seq: 99)], [])[0];

        // Silent from 10:00:20, when a message was due.
        Assert.Equal(1_780_000, accounts.Devices[0].Days[0].OfflineMs);
        Assert.Equal(600_000, work.Time.OfflineMs);
        Assert.Equal("0.000", new Rate(work.Time.OnlineMs, work.Time.RequiredMs(UnknownCounts.AsNotOnline)).Percent);
        var bypass = Assert.Single(work.Silent);
        Assert.Equal((AccountState.Offline, 99L, site.Rows.Single(r => r.State == PresenceState.Offline).Seq), (bypass.State, bypass.WorkSeq, bypass.Seq));
    }

    [Fact]
    public void A_clock_that_was_set_back_a_day_before_a_restart_accounts_for_nothing_twice()
    {
        var site = Talking("00:00:00", "12:00:00");
        site.Restart(At("12:00:00"), At("12:00:30", 4));
        site.Talk(At("12:00:40", 4), At("13:00:00", 6));

        var (before, day) = (site.Day("2026-03-04", At("13:00:00", 6)), site.Day("2026-03-05", At("13:00:00", 6)));
        // The fourth had no record of its own until noon of the fifth's chain, and gets none now.
        Assert.Equal(new DeviceDay(0, 0, DayMs, 0, 0, 0), before);
        Assert.Equal(DayMs, day.LengthMs);
        Assert.Equal(DayMs, day.OnlineMs);
    }

    [Fact]
    public void A_clock_that_was_set_forward_a_day_before_a_restart_leaves_a_day_unknown()
    {
        var site = Talking("00:00:00", "12:00:00");
        site.Restart(At("12:00:00"), At("12:00:30", 6));
        site.Talk(At("12:00:40", 6), At("00:00:00", 7) + 20_000);

        Assert.Equal(new DeviceDay(43_200_000, 0, 43_200_000, 0, 0, 0), site.Day("2026-03-05", At("00:00:00", 7)));
        Assert.Equal(new DeviceDay(43_160_000, 0, 43_240_000, 0, 0, 0), site.Day("2026-03-06", At("00:00:00", 7)));
    }

    [Fact]
    public void A_suspension_entered_late_excuses_from_its_effect_and_the_report_of_before_stays_what_it_was()
    {
        var site = Talking("00:00:00", "12:00:00");
        site.Presence.Pass(At("15:00:00"));
        var window = AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai);
        var at14 = site.Accounts(window, At("14:00:00"));
        site.Enter(Entries.Suspended(0, "2026-03-05 12:00", "2026-03-06 12:00", entered: "2026-03-05 15:00"));
        site.Presence.Pass(At("16:00:00"));

        // Bridged until 12:00:20, then silent.
        Assert.Equal(new DeviceDay(43_220_000, 7_180_000, 0, 0, 0, 0), at14.Devices[0].Days[0]);
        Assert.Equal(new DeviceDay(43_200_000, 0, 0, 14_400_000, 0, 20_000), site.Day("2026-03-05", At("16:00:00")));
        Assert.Equal(at14.Devices[0].Pieces, site.Accounts(window, At("14:00:00")).Devices[0].Pieces);
    }

    [Fact]
    public void Online_during_an_excuse_is_excused_and_shown()
    {
        var site = Talking("00:00:00", "23:59:40");
        site.Enter(Entries.Suspended(0, "2026-03-05 06:00", "2026-03-05 18:00"));
        var accounts = site.Accounts(AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai), At("23:59:40"));

        Assert.Equal(new DeviceDay(43_180_000, 0, 0, 43_200_000, 0, 43_200_000), accounts.Devices[0].Days[0]);
        var excused = Assert.Single(accounts.Devices[0].Pieces, p => p.State == AccountState.Excused);
        Assert.Equal((SuspensionReason.Repair, site.Log[0].Seq, true), (excused.Cause, excused.EntrySeq, excused.OnlineAlthoughExcused));
    }

    [Fact]
    public void A_device_dismantled_at_noon_after_a_clean_morning_is_whole()
    {
        var site = Talking("00:00:00", "12:00:00");
        site.Enter(Entries.Step(0, LifecycleKind.Dismantled, "2026-03-05 12:00"));
        site.Presence.Pass(At("00:00:00", 6));

        var day = site.Day("2026-03-05", At("00:00:00", 6));
        Assert.Equal(new DeviceDay(43_200_000, 0, 0, 0, 43_200_000, 0), day);
        var rate = new Rate(day.OnlineMs, day.RequiredMs(UnknownCounts.AsNotOnline));
        Assert.Equal(("100.000", true, 43_200_000L), (rate.Percent, rate.Met, rate.Denominator));
    }

    [Fact]
    public void With_432_ms_missing_a_day_is_not_met()
    {
        long from = At("00:00:00");
        var site = new AccountedSite(from);
        AccountInterval[] rows = [new("d1", PresenceState.Online, "", from, from + 86_399_568, 1), new("d1", PresenceState.Offline, "will", from + 86_399_568, from + DayMs, 2)];
        var day = site.Accounts(AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai), from + DayMs, rows, [], []).Devices[0].Days[0];

        var rate = new Rate(day.OnlineMs, day.RequiredMs(UnknownCounts.AsNotOnline));
        Assert.Equal(("99.999", false), (rate.Percent, rate.Met));
    }

    [Fact]
    public void Where_nothing_is_required_there_is_no_rate()
    {
        var site = new AccountedSite(At("00:00:00"), new ServiceTime("d1", null, null));
        var day = site.Day("2026-03-05", At("00:00:00", 6));
        Assert.Equal(new DeviceDay(0, 0, 0, 0, DayMs, 0), day);
        Assert.Null(new Rate(day.OnlineMs, day.RequiredMs(UnknownCounts.AsNotOnline)).Percent);
    }

    [Fact]
    public void What_no_interval_speaks_of_is_unknown()
    {
        long from = At("00:00:00");
        var site = new AccountedSite(from);
        AccountInterval[] rows = [new("d1", PresenceState.Online, "", At("01:00:00"), At("02:00:00"), 5), new("d1", PresenceState.NotInService, "", At("03:00:00"), At("04:00:00"), 6)];
        var account = site.Accounts(AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai), from + DayMs, rows, [], []).Devices[0];

        Assert.Equal(new DeviceDay(3_600_000, 0, DayMs - 3_600_000, 0, 0, 0), account.Days[0]);
        Assert.Equal([new(AccountState.Online, "", 3_600_000), new(AccountState.Unknown, "no-record", 22 * 3_600_000), new(AccountState.Unknown, "not-watched", 3_600_000)], account.Causes(from, from + DayMs));
    }

    [Fact]
    public void Of_two_intervals_that_claim_the_same_time_the_row_written_first_counts()
    {
        long from = At("00:00:00");
        var site = new AccountedSite(from);
        AccountInterval[] rows = [new("d1", PresenceState.Offline, "will", from, from + DayMs, 7), new("d1", PresenceState.Online, "", At("02:00:00"), At("05:00:00"), 9), new("d1", PresenceState.Unknown, "bus", At("04:00:00"), At("06:00:00"), 4)];
        var accounts = site.Accounts(AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai), from + DayMs, rows, [], []);

        Assert.Equal(new DeviceDay(0, DayMs - 7_200_000, 7_200_000, 0, 0, 0), accounts.Devices[0].Days[0]);
        Assert.Equal(
        [
            new(AccountFault.Overlap, "d1", 4, 7, At("04:00:00"), At("06:00:00")),
            new(AccountFault.Overlap, "d1", 7, 9, At("02:00:00"), At("04:00:00")),
            new(AccountFault.Overlap, "d1", 4, 9, At("04:00:00"), At("05:00:00")),
        ], accounts.Findings);
    }

    [Fact]
    public void The_same_row_twice_is_one_and_two_contents_of_one_row_are_a_finding()
    {
        long from = At("00:00:00");
        var site = new AccountedSite(from);
        var window = AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai);
        AccountInterval row = new("d1", PresenceState.Online, "", from, At("12:00:00"), 3);

        var twice = site.Accounts(window, from + DayMs, [row, row], [], []);
        Assert.Equal((43_200_000, 0), (twice.Devices[0].Days[0].OnlineMs, twice.Findings.Count));

        var other = site.Accounts(window, from + DayMs, [row, row with { FromMs = from + 1, ToMs = At("13:00:00") }, row with { Seq = 5, ToMs = from }], [], []);
        Assert.Equal(43_200_000, other.Devices[0].Days[0].OnlineMs);
        Assert.Equal([AccountFault.SameNumber, AccountFault.Empty], other.Findings.Select(f => f.Fault));
    }

    [Theory]
    [InlineData("Asia/Shanghai", "2028-02-29", 86_400_000)]
    [InlineData("Europe/Berlin", "2026-03-29", 82_800_000)]
    [InlineData("Europe/Berlin", "2026-10-25", 90_000_000)]
    [InlineData("Asia/Kathmandu", "2026-03-05", 86_400_000)]
    public void A_whole_day_has_all_the_milliseconds_of_its_zone(string id, string date, long lengthMs)
    {
        var window = AccountWindow.Day(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(id));
        var site = new AccountedSite(window.FromMs);
        site.Talk(window.FromMs, window.ToMs);

        Assert.Equal(new DeviceDay(lengthMs, 0, 0, 0, 0, 0), site.Accounts(window, window.ToMs).Devices[0].Days[0]);
    }

    [Fact]
    public void What_was_open_when_the_chain_ended_at_a_row_is_found_again_in_a_longer_chain()
    {
        var site = Talking("00:00:00", "12:00:00");
        site.Presence.Died(At("12:00:05"), PresenceCause.Will);
        site.Drain();
        long head = site.NextSeq - 1;
        var window = AccountWindow.Day(new DateOnly(2026, 3, 5), AccountedSite.Shanghai);
        var then = site.Accounts(window, At("13:00:00"));
        site.Talk(At("14:00:00"), At("15:00:00"));
        site.Presence.Died(At("15:00:05"), PresenceCause.Will);
        site.Drain();

        var (closed, open) = AsOf.Row(site.Rows, [site.Open], head, At("13:00:00"));
        Assert.Equal(then.Devices[0].Pieces, site.Accounts(window, At("13:00:00"), closed, open, []).Devices[0].Pieces);
        Assert.NotEqual(then.Devices[0].Pieces, site.Accounts(window, At("13:00:00")).Devices[0].Pieces);
    }

    /// <summary>Measuring since the start of the fifth of March until that message; the gateway booted with its first one.</summary>
    private static AccountedSite Talking(string from, string to)
    {
        var site = new AccountedSite(At(from));
        site.Talk(At(from), At(to));
        return site;
    }
}

using Gateway.Domain.Compliance;
using Gateway.Domain.Presence;
using Xunit;
using static Gateway.Domain.Tests.Presence.ObservedPresence;

namespace Gateway.Domain.Tests.Presence;

/// <summary>The table of DESIGN §4.</summary>
public sealed class PresenceCaseTests
{
    [Theory]
    [InlineData(20, 0)]
    [InlineData(59, 0)]
    [InlineData(61, 41_000)]
    [InlineData(90, 70_000)]
    public void A_gap_is_bridged_up_to_offlineAfter_and_else_offline_from_the_moment_a_message_was_due(int gapSeconds, long offlineMs)
    {
        long began = At("10:00:00"), next = began + gapSeconds * 1000;
        var seen = Online(began);
        for (long tick = began; tick < next; tick += 200) seen.Device.Pass(tick);

        seen.Device.Alive(next);

        Assert.Equal(PresenceState.Online, seen.Device.State);
        Assert.Equal(offlineMs, seen.Total(PresenceState.Offline, next));
        Assert.Equal(gapSeconds * 1000 - offlineMs, seen.Total(PresenceState.Online, next));
    }

    [Fact]
    public void The_live_state_changes_at_offlineAfter_and_the_interval_carries_the_earlier_start()
    {
        var seen = Online(At("10:00:00"));

        Assert.False(seen.Device.Pass(At("10:00:59.999")));
        Assert.True(seen.Device.Pass(At("10:01:00.150")));

        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), (seen.Device.State, seen.Device.Cause));
        Assert.Equal((At("10:01:00"), At("10:00:20")), (seen.Device.SinceMs, seen.Device.IntervalFromMs));
    }

    [Fact]
    public void A_gap_of_exactly_offlineAfter_is_bridged()
    {
        var seen = Online(At("10:00:00"));

        seen.Device.Pass(At("10:01:00"));
        seen.Device.Alive(At("10:01:00"));

        Assert.Equal(PresenceState.Online, seen.Device.State);
        Assert.Equal(0, seen.Total(PresenceState.Offline, At("10:02:00")));
    }

    [Fact]
    public void A_gap_across_midnight_is_split_between_the_days()
    {
        long midnight = At("00:00:00", 6), back = At("00:01:00", 6);
        var seen = Online(At("23:59:30"));
        seen.Device.Pass(midnight);
        seen.Device.StartDay(midnight);
        seen.Device.Pass(At("00:00:30.001", 6));
        Assert.Equal((0, 30_001), seen.Device.Today(At("00:00:30.001", 6)));

        seen.Device.Alive(back);

        Assert.Equal(10_000, seen.Total(PresenceState.Offline, back, toMs: midnight));
        Assert.Equal(60_000, seen.Total(PresenceState.Offline, back, fromMs: midnight));
        Assert.Equal((0, 60_000), seen.Device.Today(back));
        Assert.Equal((5_000, 65_000), seen.Device.Today(back + 5_000));
    }

    [Fact]
    public void While_the_gateway_was_down_nothing_is_known_and_nothing_is_offline()
    {
        long boot = At("11:00:00"), first = At("11:00:07");
        var seen = new ObservedPresence(boot);
        seen.Device.Restore(PresenceState.Online, "", At("08:00:00"), heartbeatMs: At("09:59:55"), boot);

        seen.Device.Pass(At("11:00:06"));
        seen.Device.Alive(first);

        Assert.Equal(3_612_000, seen.Total(PresenceState.Unknown, first, cause: PresenceCause.Gateway));
        Assert.Equal(0, seen.Total(PresenceState.Offline, first));
        Assert.Equal(At("09:59:55") - At("08:00:00"), seen.Total(PresenceState.Online, first));
    }

    [Fact]
    public void After_a_boot_a_device_has_offlineAfter_to_show_itself()
    {
        var seen = new ObservedPresence(At("11:00:00"));

        Assert.False(seen.Device.Pass(At("11:00:59.999")));
        Assert.True(seen.Device.Pass(At("11:01:02")));

        Assert.Equal(PresenceState.Offline, seen.Device.State);
        Assert.Equal(60_000, seen.Total(PresenceState.Unknown, At("11:01:02"), cause: PresenceCause.Gateway));
        Assert.Equal(2_000, seen.Total(PresenceState.Offline, At("11:01:02")));
    }

    [Fact]
    public void Behind_an_unplugged_bus_each_device_is_unknown_until_its_own_next_measurement()
    {
        long lost = At("10:00:00"), back = At("10:05:00");
        for (int device = 0; device < 8; device++)
        {
            var seen = Online(lost - 3_000);
            seen.Device.CauseLost(lost, PresenceCause.Bus);
            for (long tick = lost; tick < back; tick += 1000) Assert.False(seen.Device.Pass(tick));
            seen.Device.CauseReturned(back, PresenceCause.Bus);
            long next = back + 1_000 + device * 2_000;
            seen.Device.Pass(next);
            seen.Device.Alive(next);

            Assert.Equal(next - lost, seen.Total(PresenceState.Unknown, next, cause: PresenceCause.Bus));
            Assert.Equal(0, seen.Total(PresenceState.Offline, next));
        }
    }

    [Fact]
    public void A_device_that_stays_away_after_the_bus_came_back_is_offline_when_its_time_is_over()
    {
        var seen = Online(At("10:00:00"));
        seen.Device.CauseLost(At("10:00:05"), PresenceCause.Bus);
        seen.Device.CauseReturned(At("10:05:00"), PresenceCause.Bus);

        seen.Device.Pass(At("10:07:00"));

        Assert.Equal(PresenceState.Offline, seen.Device.State);
        Assert.Equal(60_000, seen.Total(PresenceState.Offline, At("10:07:00")));
        Assert.Equal(At("10:06:00") - At("10:00:05"), seen.Total(PresenceState.Unknown, At("10:07:00"), cause: PresenceCause.Bus));
    }

    [Fact]
    public void A_death_notice_counts_at_once_but_not_while_the_way_to_the_device_is_lost()
    {
        var seen = Online(At("10:00:00"));
        Assert.True(seen.Device.Died(At("10:00:01"), PresenceCause.Will));
        Assert.Equal((PresenceState.Offline, PresenceCause.Will, At("10:00:01")), (seen.Device.State, seen.Device.Cause, seen.Device.IntervalFromMs));
        Assert.False(seen.Device.Died(At("10:00:02"), PresenceCause.Will));

        seen.Device.Alive(At("10:00:03"));
        seen.Device.CauseLost(At("10:00:04"), PresenceCause.Port);
        Assert.False(seen.Device.Died(At("10:00:05"), PresenceCause.Will));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Port), (seen.Device.State, seen.Device.Cause));
    }

    [Fact]
    public void A_device_dismantled_at_noon_after_a_clean_morning_has_its_hundred_percent_of_half_a_day()
    {
        long midnight = At("00:00:00"), noon = At("12:00:00"), end = At("00:00:00", 6);
        var seen = new ObservedPresence(midnight);
        seen.Device.StartDay(midnight);
        for (long at = midnight; at < noon; at += 20_000) seen.Device.Alive(at);

        seen.Device.InService(noon, false);
        Assert.False(seen.Device.Alive(noon + 20_000));
        seen.Device.Pass(end);

        var (online, required) = seen.Device.Today(end);
        Assert.Equal((43_200_000, 43_200_000), (online, required));
        Assert.Equal(43_200_000, seen.Total(PresenceState.NotInService, end));
        Assert.Equal("100.000", new Rate(online, required).Percent);
    }

    [Fact]
    public void A_device_that_was_not_in_service_before_a_restart_is_not_missed_after_it()
    {
        long boot = At("11:00:00");
        var seen = new ObservedPresence(boot);
        seen.Device.InService(boot, false);
        seen.Device.Restore(PresenceState.NotInService, "", At("00:00:00"), At("10:59:00"), boot);

        Assert.False(seen.Device.Pass(At("12:00:00")));

        Assert.Equal(PresenceState.NotInService, seen.Device.State);
        Assert.Equal(At("12:00:00") - At("00:00:00"), seen.Total(PresenceState.NotInService, At("12:00:00")));
    }

    [Fact]
    public void Service_that_began_or_ended_while_the_gateway_was_down_counts_from_its_day()
    {
        long heartbeat = At("22:00:00"), midnight = At("00:00:00", 6), boot = At("02:00:00", 6);
        var began = new ObservedPresence(boot);
        began.Device.Restore(PresenceState.NotInService, "", At("00:00:00"), heartbeat, boot, serviceChangedMs: midnight);
        Assert.Equal((PresenceState.Unknown, midnight), (began.Device.State, began.Device.IntervalFromMs));

        var ended = new ObservedPresence(boot);
        ended.Device.InService(boot, false);
        ended.Device.Restore(PresenceState.Online, "", At("08:00:00"), heartbeat, boot, serviceChangedMs: midnight);
        Assert.Equal((PresenceState.NotInService, midnight), (ended.Device.State, ended.Device.IntervalFromMs));
        Assert.Equal(midnight - heartbeat, ended.Total(PresenceState.Unknown, boot));
    }

    [Fact]
    public void A_clock_that_boots_in_the_past_accounts_nothing_twice()
    {
        long was = At("10:00:00"), boot = At("09:00:00");
        var seen = new ObservedPresence(boot);
        seen.Device.Restore(PresenceState.Online, "", was, At("10:30:00"), boot);

        seen.Device.Alive(boot + 1_000);

        Assert.Empty(seen.Closed);
        Assert.Equal(was, seen.Device.IntervalFromMs);
        Assert.Equal((0, 0), seen.Device.Today(boot + 2_000));
    }

    private static ObservedPresence Online(long atMs)
    {
        var seen = new ObservedPresence(atMs);
        seen.Device.Alive(atMs);
        return seen;
    }
}

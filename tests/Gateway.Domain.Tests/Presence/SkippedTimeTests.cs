using Gateway.Domain.Presence;
using Xunit;
using static Gateway.Domain.Tests.Presence.ObservedPresence;

namespace Gateway.Domain.Tests.Presence;

/// <summary>The gateway started with a clock that was not set; when it is, civil time is skipped. Sums by hand.</summary>
public sealed class SkippedTimeTests
{
    [Fact]
    public void A_day_that_was_skipped_is_unknown_and_what_was_online_goes_on_online()
    {
        long boot = At("08:00:00"), set = At("08:05:00"), right = At("08:05:00", 6);
        var seen = new ObservedPresence(boot);
        for (long at = boot; at <= set; at += 20_000) seen.Device.Alive(at);

        Assert.True(seen.Device.Skip(set, right));
        Assert.Equal((PresenceState.Online, right), (seen.Device.State, seen.Device.IntervalFromMs));
        seen.Device.Pass(right + 10_000);
        seen.Device.Alive(right + 20_000);

        Assert.Equal(86_400_000, seen.Total(PresenceState.Unknown, right + 20_000, cause: PresenceCause.Clock));
        Assert.Equal(300_000 + 20_000, seen.Total(PresenceState.Online, right + 20_000));
        Assert.Equal(0, seen.Total(PresenceState.Offline, right + 20_000));
    }

    [Fact]
    public void No_time_passes_for_a_device_that_has_yet_to_show_itself()
    {
        long boot = At("08:00:00"), right = At("08:00:30", 7);
        var seen = new ObservedPresence(boot);
        seen.Device.Skip(At("08:00:30"), right);
        Assert.False(seen.Device.Pass(right + 29_999));
        Assert.True(seen.Device.Pass(right + 30_000));

        Assert.Equal(60_000, seen.Total(PresenceState.Unknown, right + 30_000, cause: PresenceCause.Gateway));
        Assert.Equal(2 * 86_400_000, seen.Total(PresenceState.Unknown, right + 30_000, cause: PresenceCause.Clock));
    }

    [Fact]
    public void Who_was_offline_is_offline_again_behind_the_skipped_time()
    {
        long boot = At("08:00:00"), set = At("08:03:00"), right = At("09:03:00");
        var seen = new ObservedPresence(boot);
        seen.Device.Pass(set);
        seen.Device.Skip(set, right);
        seen.Device.Pass(right + 60_000);

        Assert.Equal((PresenceState.Offline, PresenceCause.Silent), (seen.Device.State, seen.Device.Cause));
        Assert.Equal(120_000 + 60_000, seen.Total(PresenceState.Offline, right + 60_000));
        Assert.Equal(3_600_000, seen.Total(PresenceState.Unknown, right + 60_000, cause: PresenceCause.Clock));
    }

    [Fact]
    public void A_start_with_a_clock_years_behind_leaves_the_whole_time_since_the_last_interval_unknown_once_it_is_set()
    {
        long was = At("10:00:00"), boot = 3_600_000, right = At("12:00:00");
        var seen = new ObservedPresence(boot);
        seen.Device.Restore(PresenceState.Online, "", was, At("10:30:00"), boot);
        seen.Device.Alive(boot + 5_000);
        Assert.Empty(seen.Closed);

        seen.Device.Skip(boot + 10_000, right);
        seen.Device.Alive(right + 10_000);

        Assert.Equal(right - was, seen.Total(PresenceState.Unknown, right + 10_000, cause: PresenceCause.Clock));
        Assert.Equal(10_000, seen.Total(PresenceState.Online, right + 10_000));
    }

    [Fact]
    public void Who_is_not_in_service_is_not_missed_in_skipped_time_either()
    {
        var seen = new ObservedPresence(At("08:00:00"));
        seen.Device.InService(At("08:00:00"), false);
        Assert.False(seen.Device.Skip(At("08:01:00"), At("08:01:00", 6)));
        Assert.Equal(At("08:02:00", 6) - At("08:00:00"), seen.Total(PresenceState.NotInService, At("08:02:00", 6)));
    }
}

using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Xunit;
using static Gateway.Domain.Tests.Presence.ObservedPresence;

namespace Gateway.Domain.Tests.Presence.Checks;

/// <summary>What checks do to the state of a device, and what they never do.</summary>
public sealed class JudgedPresenceTests
{
    [Fact]
    public void A_device_that_is_not_believed_is_offline_from_the_deciding_message_on_and_online_again_from_the_one_that_returns_it()
    {
        var seen = Talking(At("10:00:00"), At("10:10:00"));
        seen.Device.Judged(At("10:10:00"), PresenceCause.Frozen);
        Assert.Equal((PresenceState.Offline, PresenceCause.Frozen, At("10:10:00")), (seen.Device.State, seen.Device.Cause, seen.Device.IntervalFromMs));
        for (long at = At("10:10:20"); at <= At("10:15:00"); at += 20_000) Assert.False(seen.Device.Alive(at));

        Assert.True(seen.Device.Judged(At("10:15:00"), PresenceCause.None));

        Assert.Equal(PresenceState.Online, seen.Device.State);
        Assert.Equal((600_000, 300_000), (seen.Total(PresenceState.Online, At("10:15:00")), seen.Total(PresenceState.Offline, At("10:15:00"))));
        Assert.Equal(0, seen.Device.Losses);
    }

    [Fact]
    public void A_device_that_falls_silent_while_it_is_not_believed_is_silent_from_when_it_was_due_and_not_online_when_it_speaks_again()
    {
        var seen = Talking(At("10:00:00"), At("10:10:00"));
        seen.Device.Judged(At("10:10:00"), PresenceCause.Range);
        seen.Device.Alive(At("10:10:20"));
        Assert.True(seen.Device.Pass(At("10:12:00")));
        Assert.Equal((PresenceCause.Silent, At("10:10:40"), 1), (seen.Device.Cause, seen.Device.IntervalFromMs, seen.Device.Losses));

        Assert.False(seen.Device.Judged(At("10:12:30"), PresenceCause.Frozen));
        seen.Device.Alive(At("10:13:00"));

        Assert.Equal((PresenceState.Offline, PresenceCause.Frozen, At("10:13:00")), (seen.Device.State, seen.Device.Cause, seen.Device.IntervalFromMs));
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("will")]
    [InlineData("bus")]
    [InlineData("gateway")]
    [InlineData("service")]
    public void A_good_verdict_never_brings_back_a_device_that_is_not_fresh(string why)
    {
        var seen = why == "gateway" ? new ObservedPresence(At("10:00:00")) : Talking(At("10:00:00"), At("10:00:40"));
        if (why != "gateway") seen.Device.Judged(At("10:00:40"), PresenceCause.Rate);
        switch (why)
        {
            case "silent": seen.Device.Pass(At("10:05:00")); break;
            case "will": seen.Device.Died(At("10:00:41"), PresenceCause.Will); break;
            case "bus": seen.Device.CauseLost(At("10:00:41"), PresenceCause.Bus); break;
            case "service": seen.Device.InService(At("10:00:41"), false); break;
        }
        var before = (seen.Device.State, seen.Device.Cause, seen.Device.IntervalFromMs);
        long now = why == "silent" ? At("10:05:00") : At("10:00:42");

        Assert.False(seen.Device.Judged(now, PresenceCause.SelfTest));
        Assert.False(seen.Device.Judged(now, PresenceCause.None));

        Assert.Equal(before, (seen.Device.State, seen.Device.Cause, seen.Device.IntervalFromMs));
    }

    [Fact]
    public void Where_the_deciding_message_is_not_valid_itself_the_last_valid_one_vouches_for_one_interval()
    {
        var seen = Talking(At("10:00:00"), At("10:10:00"));
        seen.Device.Judged(At("10:10:50"), PresenceCause.Range);
        Assert.Equal((At("10:10:20"), At("10:10:50")), (seen.Device.IntervalFromMs, seen.Device.SinceMs));
    }

    [Fact]
    public void A_sensor_with_nothing_but_nonsense_is_out_of_range_first_and_without_a_valid_measurement_then()
    {
        var device = new CheckedDevice(new RangeCheck(CheckedDevice.Load, Times: 3));
        device.Send(20_000, load: 1);
        for (int i = 0; i < 3; i++) device.Send(19_000, load: 500);
        Assert.Equal("offline(range)", device.Standing);
        device.Send(19_000, load: 500);
        device.Pass(0);
        Assert.Equal("offline(silent)", device.Standing);
        Assert.Equal(20_000, device.Presence.Total(PresenceState.Online, device.NowMs));
    }

    [Fact]
    public void The_lowest_rung_that_fails_gives_the_cause_and_the_check_that_failed_first_keeps_it()
    {
        var device = new CheckedDevice(new FrozenCheck([CheckedDevice.Wind], 80_000, null), new RangeCheck(CheckedDevice.Load, 3));
        for (int i = 0; i < 3; i++) device.Send(20_000, load: 1, wind: i, skewMs: 70_000);
        Assert.Equal("offline(device-clock)", device.Standing);
        for (int i = 0; i < 3; i++) device.Send(20_000, load: 500, wind: 2, skewMs: 70_000);
        Assert.Equal("offline(range)", device.Standing);
        device.Send(20_000, load: 500, wind: 2, skewMs: 70_000);
        Assert.Equal("offline(range)", device.Standing);
        for (int i = 0; i < 3; i++) device.Send(20_000, load: 1, wind: 2, skewMs: 0);
        Assert.Equal("offline(frozen)", device.Standing);
        for (int i = 0; i < 3; i++) device.Send(20_000, load: 1, wind: i, skewMs: 0);
        Assert.Equal("online", device.Standing);
    }

    [Fact]
    public void A_suspicion_touches_no_state()
    {
        var device = new CheckedDevice(new IdenticalCheck(3, null) { Suspect = true });
        for (int i = 0; i < 9; i++) device.Send(20_000, load: 1);
        Assert.Equal("online", device.Standing);
        Assert.NotNull(device.Checks.Failing(CheckKind.Identical));
        Assert.Null(device.Checks.Plausible);
    }

    [Fact]
    public void Losses_are_counted_and_forgotten_after_an_hour()
    {
        var seen = Talking(At("10:00:00"), At("10:00:00"));
        for (int i = 1; i <= 5; i++)
        {
            seen.Device.Died(At("10:00:00") + i * 600_000, PresenceCause.Will);
            seen.Device.Alive(At("10:00:00") + i * 600_000 + 1_000);
        }
        Assert.Equal((5, 5, 5 + 4), (seen.Device.Losses, seen.Device.LossesLastHour(At("10:55:00")), seen.Device.Losses + seen.Device.LossesLastHour(At("11:10:00"))));
        Assert.Equal((0, 5), (seen.Device.LossesLastHour(At("23:00:00")), seen.Device.Losses));
    }

    private static ObservedPresence Talking(long fromMs, long toMs)
    {
        var seen = new ObservedPresence(fromMs);
        for (long at = fromMs; at <= toMs; at += 20_000) seen.Device.Alive(at);
        return seen;
    }
}

using Gateway.Domain.Presence;
using Xunit;

namespace Gateway.Domain.Tests.Presence.Checks;

public sealed class ClockCheckTests
{
    private readonly CheckedDevice _device = new();

    [Theory]
    [InlineData(61_000, 2)]
    [InlineData(90_000_000, 2)]
    // The step back itself looks like a message that is late.
    [InlineData(-61_000, 3)]
    public void A_clock_that_is_off_three_times_in_a_row_takes_the_device_offline_and_three_good_ones_return_it(long skewMs, int stillOnline)
    {
        Send(20_000, 0);
        for (int i = 0; i < stillOnline; i++) Send(20_000, skewMs);
        Assert.Equal("online", _device.Standing);
        Send(20_000, skewMs);
        Assert.Equal(("offline(device-clock)", false, skewMs / 1000.0, 60.0), (_device.Standing, _device.Checks.ClockSane, _device.Checks.Clock.Seen, _device.Checks.Clock.Limit));

        for (int i = 0; i < 2; i++) Send(20_000, 1_000);
        Assert.Equal("offline(device-clock)", _device.Standing);
        Send(20_000, 1_000);
        Assert.Equal("online", _device.Standing);
        Assert.Equal(60_000, _device.Presence.Total(PresenceState.Offline, _device.NowMs, cause: PresenceCause.DeviceClock));
    }

    [Fact]
    public void A_clock_that_runs_behind_within_the_limit_is_fine_and_a_device_without_one_is_not_hindered()
    {
        for (int i = 0; i < 10; i++) Send(20_000, -59_000);
        Assert.Equal(("online", true), (_device.Standing, _device.Checks.ClockSane));

        var mute = new CheckedDevice();
        for (int i = 0; i < 10; i++) mute.Send(20_000, load: i);
        Assert.Equal(("online", null), (mute.Standing, mute.Checks.ClockSane));
    }

    [Fact]
    public void A_store_that_is_emptied_after_an_outage_tells_old_times_and_is_no_wrong_clock()
    {
        Send(20_000, 0);
        _device.Send(3_600_000, load: 1, skewMs: -3_580_000);
        for (int i = 1; i < 179; i++)
        {
            // Some come twice, because their acknowledgement was lost.
            _device.Send(3, load: i, skewMs: -3_580_000 + 20_000 * i - 3 * i);
            _device.Send(2, load: i, skewMs: -3_580_000 + 20_000 * i - 3 * i - 2);
        }
        Assert.Equal("online", _device.Standing);
        for (int i = 0; i < 3; i++) Send(20_000, 0);
        Assert.Equal(0, _device.Checks.Clock.Failures);
    }

    [Fact]
    public void A_clock_that_stands_still_is_found()
    {
        long measuredMs = _device.NowMs;
        for (int i = 1; i <= 6; i++) _device.Send(20_000, load: i, skewMs: measuredMs - _device.NowMs - 20_000);
        Assert.Equal("offline(device-clock)", _device.Standing);
    }

    [Fact]
    public void While_our_own_clock_is_not_to_be_trusted_no_device_is_judged_by_it_and_nothing_changes()
    {
        for (int i = 0; i < 2; i++) Send(20_000, 90_000);
        _device.Checks.GatewayClock(false, _device.NowMs);
        for (int i = 0; i < 5; i++) Send(20_000, 90_000);
        Assert.Equal(("online", null), (_device.Standing, _device.Checks.ClockSane));

        _device.Checks.GatewayClock(true, _device.NowMs);
        for (int i = 0; i < 2; i++) Send(20_000, 90_000);
        Assert.Equal("online", _device.Standing);
        Send(20_000, 90_000);
        Assert.Equal("offline(device-clock)", _device.Standing);

        _device.Checks.GatewayClock(false, _device.NowMs);
        for (int i = 0; i < 5; i++) Send(20_000, 0);
        Assert.Equal(("offline(device-clock)", null), (_device.Standing, _device.Checks.ClockSane));
    }

    private void Send(long afterMs, long skewMs) => _device.Send(afterMs, load: _device.NowMs % 7, skewMs: skewMs);
}

using System.Globalization;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.Domain.Tests.Presence.Checks;

/// <summary>Each check as a table: a series of values, and at which message (from 1) it fails and passes again; 0 = never.</summary>
public sealed class CheckTableTests
{
    private static readonly AtRest Calm = new(CheckedDevice.Wind, 0.5);

    [Theory]
    [InlineData("1 200 200 200 1 1 1", 4, 7)]
    [InlineData("1 200 200 1 200 200 1", 0, 0)]
    [InlineData("200 200 200 200 1 200 1 1 1", 3, 9)]
    [InlineData("-5 -5 -5 1 1", 3, 0)]
    public void Out_of_range_so_often_in_a_row_fails_and_three_good_ones_return(string loads, int fails, int passes) =>
        Run(new RangeCheck(CheckedDevice.Load, Times: 3), loads, fails, passes);

    [Theory]
    [InlineData("3 3 3 3 3 3 3", 4, 0)]
    [InlineData("3 3 3 4 3 3 3 3", 8, 0)]
    [InlineData("3 3 3 3 3 4 5 6", 4, 8)]
    [InlineData("3 3 3 3 4 4 4", 4, 7)]
    public void The_same_value_for_a_minute_fails_and_moving_again_returns(string loads, int fails, int passes) =>
        Run(new FrozenCheck([CheckedDevice.Load], ForMs: 60_000, Unless: null), loads, fails, passes);

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.49, 0)]
    [InlineData(0.5, 4)]
    [InlineData(double.NaN, 0)]
    public void A_machine_at_rest_may_stand_still_and_what_is_not_known_to_move_too(double wind, int fails) =>
        Run(new FrozenCheck([CheckedDevice.Load], ForMs: 60_000, Calm), "3 3 3 3 3 3", fails, 0, wind);

    [Theory]
    [InlineData("0 10 0 10 0 10", 0, 0)]
    [InlineData("0 11 0 11 0 0", 4, 0)]
    [InlineData("0 90 90 0 0 90 90", 0, 0)]
    [InlineData("0 90 0 90 90 90 90", 4, 7)]
    public void A_change_beyond_the_limit_per_second_so_often_in_a_row_fails(string loads, int fails, int passes) =>
        Run(new RateCheck(CheckedDevice.Load, PerSecondMax: 0.5, Times: 3), loads, fails, passes);

    [Theory]
    [InlineData("1 1 1 2 3 4", 3, 6)]
    [InlineData("1 1 2 2 1 1 1", 7, 0)]
    public void Identical_messages_are_counted_in_a_row(string loads, int fails, int passes) => Run(new IdenticalCheck(Messages: 3, Unless: null), loads, fails, passes);

    [Theory]
    [InlineData("bit", "0 0 8 0 0 0 1", 3, 6)]
    [InlineData("equals", "0 8 5 0 5 0 0 0", 3, 8)]
    [InlineData("above", "5 6 5 5 5", 2, 5)]
    public void A_device_that_says_it_is_broken_is_believed_at_once(string condition, string words, int fails, int passes)
    {
        var check = new SelfTestCheck(CheckedDevice.Faults, condition == "bit" ? 3 : null, condition == "equals" ? 5 : null, condition == "above" ? 5 : null, Times: 1);
        var device = new CheckedDevice(check);
        Follow(device, words, value => device.Send(20_000, faults: value), fails, passes);
    }

    [Fact]
    public void A_rhythm_no_network_lets_through_fails_and_an_uneven_message_begins_the_count_anew()
    {
        var device = new CheckedDevice(new RegularityCheck(WithinMs: 2, Messages: 4, Unless: null));
        foreach (int gapMs in (int[])[20_000, 20_001, 20_000, 20_040, 20_000, 20_001]) device.Send(gapMs, load: 3);
        Assert.False(device.Checks.Watches[0].Failing);
        device.Send(20_000, load: 3);
        Assert.True(device.Checks.Watches[0].Failing);
        Assert.Equal((1, 2), (device.Checks.Watches[0].Seen, device.Checks.Watches[0].Limit));
        for (int i = 0; i < 3; i++) device.Send(20_000, load: i);
        Assert.False(device.Checks.Watches[0].Failing);
    }

    [Fact]
    public void A_burst_of_the_same_message_is_no_long_time_of_the_same_value()
    {
        var device = new CheckedDevice(new IdenticalCheck(Messages: 10, Unless: null), new RegularityCheck(WithinMs: 5, Messages: 10, Unless: null));
        for (int i = 0; i < 1_000; i++) device.Send(i % 2, load: 3);
        Assert.All(device.Checks.Watches, w => Assert.False(w.Failing));
    }

    [Fact]
    public void Counters_and_words_of_bits_are_no_measurement()
    {
        var device = new CheckedDevice(new IdenticalCheck(Messages: 3, Unless: null));
        for (int i = 0; i < 3; i++) device.Send(20_000, load: 3, counter: i, faults: i);
        Assert.True(device.Checks.Watches[0].Failing);
    }

    [Fact]
    public void Messages_that_the_network_hands_over_in_a_bunch_are_no_jump()
    {
        var device = new CheckedDevice(new RateCheck(CheckedDevice.Load, PerSecondMax: 0.5, Times: 1));
        device.Send(20_000, load: 0);
        device.Send(5, load: 9);
        Assert.False(device.Checks.Watches[0].Failing);
        device.Send(20_000, load: 0, skewMs: 0);
        device.Send(20, load: 9, skewMs: 0);
        Assert.True(device.Checks.Watches[0].Failing);
        Assert.Equal((9.0, 0.5), (device.Checks.Watches[0].Seen, device.Checks.Watches[0].Limit));
    }

    [Fact]
    public void A_silence_is_no_time_in_which_the_same_value_came()
    {
        var device = new CheckedDevice(new FrozenCheck([CheckedDevice.Load], ForMs: 60_000, Unless: null));
        device.Send(20_000, load: 3);
        device.Send(600_000, load: 3);
        Assert.False(device.Checks.Watches[0].Failing);
    }

    [Fact]
    public void A_silence_does_not_wash_a_frozen_device_clean()
    {
        var device = new CheckedDevice(new FrozenCheck([CheckedDevice.Load], ForMs: 60_000, Unless: null));
        for (int i = 0; i < 4; i++) device.Send(20_000, load: 3);
        device.Pass(600_000);
        Assert.Equal("offline(silent)", device.Standing);
        for (int i = 0; i < 10; i++) device.Send(20_000, load: 3);
        Assert.Equal("offline(frozen)", device.Standing);
    }

    [Fact]
    public void Good_messages_must_come_long_enough_however_many_there_are()
    {
        var device = new CheckedDevice(new RangeCheck(CheckedDevice.Load, Times: 1));
        device.Send(20_000, load: 200);
        for (int i = 0; i < 10; i++) device.Send(1_000, load: 1);
        Assert.True(device.Checks.Watches[0].Failing);
        device.Send(1_000, load: 1);
        Assert.False(device.Checks.Watches[0].Failing);
        Assert.Equal(1, device.Checks.Watches[0].Failures);
    }

    private static void Run(CheckSpec check, string loads, int fails, int passes, double wind = 5)
    {
        var device = new CheckedDevice(check);
        Follow(device, loads, value => device.Send(20_000, load: value, wind: wind), fails, passes);
    }

    private static void Follow(CheckedDevice device, string series, Action<double> send, int fails, int passes)
    {
        var (failed, passed, message) = (0, 0, 0);
        foreach (string word in series.Split(' '))
        {
            bool before = device.Checks.Watches[0].Failing;
            send(double.Parse(word, CultureInfo.InvariantCulture));
            message++;
            if (!before && device.Checks.Watches[0].Failing && failed == 0) failed = message;
            if (before && !device.Checks.Watches[0].Failing && passed == 0) passed = message;
        }
        Assert.Equal((fails, passes), (failed, passed));
    }
}

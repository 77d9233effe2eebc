using Gateway.Links.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Which messages of a broker are of now. Crane y1 is expected every 20 s; the link came back at ten.</summary>
public sealed class MqttArrivalsTests
{
    private const long Second = 1000;
    private static readonly long Back = TestSite.Ten;

    private readonly MqttArrivals _all = new();
    private readonly DeviceArrivals _crane;

    public MqttArrivalsTests() => _crane = new DeviceArrivals(_all, 20 * Second);

    [Fact]
    public void Without_a_kept_session_nothing_is_old()
    {
        _all.Begin(Back, kept: false);
        Assert.False(_crane.IsOld(0, Back));
        Assert.False(_crane.IsOld(Back - 600 * Second, Back));
    }

    [Fact]
    public void What_was_measured_before_we_listened_again_is_old_and_what_was_measured_since_is_not()
    {
        _all.Begin(Back, kept: true);
        Assert.True(Take(Back - 600 * Second, Back + 5));
        Assert.True(Take(Back - 1, Back + 6));
        Assert.False(Take(Back + 20, Back + 25));
    }

    [Fact]
    public void After_one_message_of_now_the_device_is_believed_whatever_its_clock_says()
    {
        _all.Begin(Back, kept: true);
        Assert.False(Take(Back, Back + 30));
        Assert.False(Take(Back - 3600 * Second, Back + 60));
        Assert.False(Take(0, Back + 61));
    }

    [Fact]
    public void Each_time_we_listen_anew_the_doubt_begins_anew()
    {
        _all.Begin(Back, kept: true);
        Assert.False(Take(Back, Back));
        _all.Begin(Back + 60 * Second, kept: true);
        Assert.True(Take(Back + 30 * Second, Back + 60 * Second));
    }

    /// <summary>Its clock is 40 s slow; that was known before the link was lost.</summary>
    [Fact]
    public void A_clock_that_was_known_to_be_slow_is_reckoned_with()
    {
        _all.Begin(Back - 100 * Second, kept: false);
        Take(Back - 140 * Second, Back - 100 * Second);
        _all.Begin(Back, kept: true);
        Assert.True(Take(Back - 41 * Second, Back + 5));
        Assert.False(Take(Back - 39 * Second, Back + Second));
    }

    /// <summary>Its clock is 40 s fast: what it said before the link came back looks like the future.</summary>
    [Fact]
    public void A_clock_that_was_known_to_be_fast_is_reckoned_with()
    {
        _all.Begin(Back - 100 * Second, kept: false);
        Take(Back - 60 * Second, Back - 100 * Second);
        _all.Begin(Back, kept: true);
        Assert.True(Take(Back + 30 * Second, Back + 5));
        Assert.False(Take(Back + 41 * Second, Back + Second));
    }

    /// <summary>Hours off, and nothing is known of it: the second message shows that its time passes as ours does.</summary>
    [Fact]
    public void A_clock_that_is_hours_off_is_believed_when_it_keeps_our_pace()
    {
        _all.Begin(Back, kept: true);
        Assert.True(Take(Back - 7200 * Second, Back + 5 * Second));
        Assert.False(Take(Back - 7180 * Second, Back + 25 * Second));
    }

    [Fact]
    public void Kept_messages_come_faster_than_they_were_measured_and_stay_old_to_the_last()
    {
        _all.Begin(Back, kept: true);
        for (int i = 0; i < 30; i++) Assert.True(Take(Back - (600 - 20 * i) * Second, Back + 7 * i));
        Assert.False(Take(Back + 10 * Second, Back + 10 * Second));
    }

    [Fact]
    public void Without_a_time_a_device_is_given_one_expected_interval()
    {
        _all.Begin(Back, kept: true);
        Assert.True(Take(0, Back + 5));
        Assert.True(Take(0, Back + 20 * Second - 1));
        Assert.False(Take(0, Back + 20 * Second));
    }

    /// <summary>It recovered what it had measured in an outage of its own; that says nothing about its clock.</summary>
    [Fact]
    public void A_record_from_long_ago_does_not_pass_for_a_slow_clock()
    {
        _all.Begin(Back - 100 * Second, kept: false);
        Take(Back - 3600 * Second, Back - 100 * Second);
        _all.Begin(Back, kept: true);
        Assert.True(Take(Back - 10 * Second, Back + 5));
    }

    private bool Take(long measuredAtMs, long receivedAtMs)
    {
        bool old = _crane.IsOld(measuredAtMs, receivedAtMs);
        Assert.Equal(old, _crane.IsOld(measuredAtMs, receivedAtMs));
        _crane.Took(measuredAtMs, receivedAtMs, old);
        return old;
    }
}

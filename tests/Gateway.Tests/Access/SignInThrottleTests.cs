using Gateway.Access;
using Gateway.Testing;
using Xunit;

namespace Gateway.Tests.Access;

public class SignInThrottleTests
{
    private readonly FakeClock _clock = new();
    private readonly SignInThrottle _throttle = new();

    [Fact]
    public void Four_failures_cost_nothing_and_from_the_fifth_on_the_wait_doubles()
    {
        Fail("lin", "10.0.0.7", 4);
        Assert.Equal(0, Wait("lin", "10.0.0.7"));
        foreach (long expected in (long[])[1_000, 2_000, 4_000, 8_000])
        {
            Fail("lin", "10.0.0.7", 1);
            Assert.Equal(expected, Wait("lin", "10.0.0.7"));
        }
    }

    [Fact]
    public void The_wait_passes_with_time()
    {
        Fail("lin", "10.0.0.7", 6);
        _clock.Advance(TimeSpan.FromMilliseconds(1_999));
        Assert.Equal(1, Wait("lin", "10.0.0.7"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, Wait("lin", "10.0.0.7"));
    }

    [Fact]
    public void An_account_waits_a_minute_at_most_and_an_address_a_quarter_of_an_hour()
    {
        Fail("lin", "10.0.0.7", 60);
        Assert.Equal(60_000, Wait("lin", "10.0.0.8"));
        Assert.Equal(900_000, Wait("wang", "10.0.0.7"));
    }

    [Fact]
    public void One_address_guessing_at_many_accounts_is_slowed_down()
    {
        for (int i = 0; i < 5; i++) Fail($"user-{i}", "10.0.0.7", 1);
        Assert.Equal(1_000, Wait("user-9", "10.0.0.7"));
        Assert.Equal(0, Wait("user-0", "10.0.0.8"));
    }

    [Fact]
    public void Many_addresses_guessing_at_one_account_are_slowed_down()
    {
        for (int i = 0; i < 5; i++) Fail("lin", $"10.0.0.{i}", 1);
        Assert.Equal(1_000, Wait("lin", "10.0.0.99"));
    }

    [Fact]
    public void Success_clears_the_account_and_not_the_address()
    {
        Fail("lin", "10.0.0.7", 5);
        _throttle.Succeeded("lin");
        Assert.Equal(0, Wait("lin", "10.0.0.8"));
        Assert.Equal(1_000, Wait("lin", "10.0.0.7"));
    }

    [Fact]
    public void After_a_quarter_of_an_hour_of_quiet_counting_starts_anew()
    {
        Fail("lin", "10.0.0.7", 8);
        _clock.Advance(TimeSpan.FromMinutes(15));
        Fail("lin", "10.0.0.7", 4);
        Assert.Equal(0, Wait("lin", "10.0.0.7"));
    }

    [Fact]
    public void Inventing_names_fills_no_memory_and_forgets_the_oldest_first()
    {
        Fail("lin", "10.0.0.7", 5);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < SignInThrottle.EntriesMax - 1; i++) Fail($"user-{i}", "10.0.0.8", 1);
        Assert.Equal(999, Wait("lin", "10.0.0.9"));
        Fail("one-more", "10.0.0.8", 1);
        Assert.Equal(0, Wait("lin", "10.0.0.9"));
    }

    private void Fail(string account, string address, int times)
    {
        for (int i = 0; i < times; i++) _throttle.Failed(account, address, _clock.NowMs);
    }

    private long Wait(string account, string address) => _throttle.WaitMs(account, address, _clock.NowMs);
}

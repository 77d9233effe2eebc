using System.Globalization;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Thousands of lives of a small site with everything going wrong. A failure names its seed; <c>GATEWAY_SIM_SEED</c> runs that one alone.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int RangeSize = 1_000;

    public static TheoryData<int> Ranges => [.. Enumerable.Range(0, 10)];

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Whatever_fails_nothing_acknowledged_is_lost(int range) => Run((long)range * RangeSize, RangeSize);

    [Fact]
    [Trait("Tier", "long")]
    public void Whatever_fails_nothing_acknowledged_is_lost_in_a_million_lives() => Run(1_000_000, 1_000_000);

    [Fact]
    public void The_same_seed_is_the_same_life()
    {
        for (long seed = 500_000; seed < 500_040; seed++)
        {
            var (first, second) = (Live(seed), Live(seed));
            Assert.True(first.Digest == second.Digest, $"seed {seed}: two lives differ");
        }
    }

    [Fact]
    public void The_lives_are_full_of_what_they_are_to_survive()
    {
        var all = new LifeTally();
        for (long seed = 600_000; seed < 600_100; seed++) all.Add(Live(seed).Tally);
        output.WriteLine(all.ToString());
        Assert.All((long[])[all.PowerCuts, all.FailedStarts, all.Refusals, all.Forgotten, all.Quarantined, all.Gaps, all.LongNights, all.AlarmsAcknowledged], n => Assert.True(n > 0, all.ToString()));
    }

    [Fact]
    public void The_seed_of_the_environment_lives()
    {
        string? seed = Environment.GetEnvironmentVariable("GATEWAY_SIM_SEED");
        Assert.SkipWhen(seed is null, "GATEWAY_SIM_SEED is not set");
        // One seed, or "first-last": then all of them live, and every failure is told.
        string[] range = seed.Split('-');
        var failures = new List<string>();
        var all = new LifeTally();
        for (long s = long.Parse(range[0], CultureInfo.InvariantCulture); s <= long.Parse(range[^1], CultureInfo.InvariantCulture); s++)
        {
            try
            {
                all.Add(Live(s).Tally);
            }
            catch (InvalidOperationException failed) when (range.Length > 1)
            {
                failures.Add(failed.Message);
            }
        }
        output.WriteLine(all.ToString());
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private void Run(long first, long count)
    {
        var all = new LifeTally();
        for (long seed = first; seed < first + count; seed++) all.Add(Live(seed).Tally);
        output.WriteLine(all.ToString());
    }

    private static SimulatedLife Live(long seed)
    {
        using var life = new SimulatedLife(seed);
        try
        {
            life.Run();
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException($"seed {seed}: {broken.Message}", broken);
        }
        return life;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace Gateway.Tests.Simulation;

/// <summary>Thousands of lives of a small site with everything going wrong. A failure names its seed; <c>GATEWAY_SIM_SEED=17</c> runs that one alone, <c>17-99</c> these.</summary>
[Trait("Load", "cpu")]
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int RangeSize = 1_000;
    private const int FailuresShown = 20;

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
    [Trait("Tier", "long")]
    public void The_seed_of_the_environment_lives()
    {
        string? seeds = Environment.GetEnvironmentVariable("GATEWAY_SIM_SEED");
        Assert.SkipWhen(seeds is null, "GATEWAY_SIM_SEED is not set");
        long[] ends = [.. seeds.Split('-').Select(s => long.Parse(s, CultureInfo.InvariantCulture))];
        Run(ends[0], ends[^1] - ends[0] + 1);
    }

    private void Run(long first, long count)
    {
        var all = new LifeTally();
        var failures = new ConcurrentBag<(long Seed, string What)>();
        // A life stays on its thread from the beginning to the end.
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, () => new LifeTally(), (seed, _, tally) =>
        {
            try
            {
                tally.Add(Live(seed).Tally);
            }
            catch (InvalidOperationException failed)
            {
                failures.Add((seed, failed.Message));
            }
            return tally;
        }, tally =>
        {
            lock (all) all.Add(tally);
        });
        output.WriteLine(all.ToString());
        Assert.True(failures.IsEmpty, string.Join('\n', failures.OrderBy(f => f.Seed).Take(FailuresShown).Select(f => f.What)));
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

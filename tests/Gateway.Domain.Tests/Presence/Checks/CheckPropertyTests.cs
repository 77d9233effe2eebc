using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.Domain.Tests.Presence.Checks;

/// <summary>Random messages against random checks; a failure names its seed.</summary>
public sealed class CheckPropertyTests
{
    private static readonly double[] Nonsense = [double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, -0.0, 61, 101, 3.3];

    [Fact]
    public void The_same_messages_give_the_same_states_and_no_check_makes_a_device_online_that_would_be_offline_without_it()
    {
        for (int seed = 0; seed < 3_000; seed++)
        {
            var (first, second, free) = (Live(seed, Checks(seed)), Live(seed, Checks(seed)), Live(seed, []));
            Assert.True(first.Presence.Closed.SequenceEqual(second.Presence.Closed) && first.Standing == second.Standing, $"seed {seed}: two devices differ");
            long checkedMs = first.Presence.Total(PresenceState.Online, first.NowMs), freeMs = free.Presence.Total(PresenceState.Online, free.NowMs);
            Assert.True(checkedMs <= freeMs, $"seed {seed}: {checkedMs} ms online with checks, {freeMs} ms without");
            Assert.True(first.Presence.All(first.NowMs).Sum(i => i.ToMs - i.FromMs) == first.NowMs - CheckedDevice.BeganMs, $"seed {seed}: the intervals do not add up");
        }
    }

    private static CheckedDevice Live(int seed, CheckSpec[] checks)
    {
        var random = new Random(seed);
        var device = new CheckedDevice(checks);
        for (int message = 0; message < 150; message++)
        {
            long afterMs = random.Next(10) switch { 0 => random.Next(3), 1 => random.Next(200_000), _ => random.Next(18_000, 22_000) };
            if (random.Next(12) == 0) device.Pass(random.Next(90_000));
            double load = random.Next(30) == 0 ? Nonsense[random.Next(Nonsense.Length)] : random.Next(3) == 0 ? random.Next(120) : 7;
            // The device without checks has no clock either: its checks are the profile's and that one.
            device.Send(afterMs, load, random.Next(4) == 0 ? random.Next(70) : 5, random.Next(8) == 0 ? random.Next(256) : 0, message, checks.Length > 0 && random.Next(5) > 0 ? Skew(random) : Skip(random, checks.Length > 0));
        }
        return device;
    }

    private static long Skew(Random random) => random.Next(3) == 0 ? random.Next(-90_000, 90_000) : 70_000;

    /// <summary>Draws what the other device would have drawn, so that both live the same life.</summary>
    private static long? Skip(Random random, bool drawn)
    {
        if (!drawn && random.Next(5) > 0) Skew(random);
        return null;
    }

    private static CheckSpec[] Checks(int seed)
    {
        var random = new Random(~seed);
        AtRest? rest = random.Next(2) == 0 ? null : new AtRest(CheckedDevice.Wind, 3);
        return
        [
            new RangeCheck(CheckedDevice.Load, random.Next(1, 4)),
            new FrozenCheck([CheckedDevice.Load, CheckedDevice.Wind], random.Next(30_000, 300_000), rest) { GoodToReturn = random.Next(1, 5) },
            new RateCheck(CheckedDevice.Load, random.NextDouble() * 5, random.Next(1, 4)) { GoodMsToReturn = random.Next(60_000) },
            new SelfTestCheck(CheckedDevice.Faults, 3, null, null, 1),
            new IdenticalCheck(random.Next(2, 6), rest) { Suspect = random.Next(2) == 0 },
            new RegularityCheck(random.Next(500), random.Next(3, 6), null) { Suspect = true },
        ];
    }
}

using Gateway.Domain.Presence;
using Xunit;

namespace Gateway.Domain.Tests.Presence;

/// <summary>Whatever happens, every millisecond is accounted for once.</summary>
public sealed class PresenceAccountTests
{
    private const long BeganMs = 1_770_000_000_000;
    private static readonly string[] Judgements = [PresenceCause.None, PresenceCause.None, PresenceCause.Frozen, PresenceCause.Range, PresenceCause.DeviceClock];

    [Fact]
    public void Closed_intervals_and_the_open_one_cover_all_time_without_hole_or_overlap()
    {
        for (int seed = 0; seed < 25_000; seed++)
        {
            var random = new Random(seed);
            var seen = new ObservedPresence(BeganMs);
            long now = BeganMs;
            for (int step = 0; step < 40; step++)
            {
                now += random.Next(8) switch { 0 => 0, 1 => random.Next(200_000), _ => random.Next(30_000) };
                Do(seen.Device, random, now);
                Check(seen, now, seed);
            }
        }
    }

    [Fact]
    public void Online_time_of_a_talking_device_is_the_sum_of_its_bridged_gaps()
    {
        for (int seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var seen = new ObservedPresence(BeganMs);
            long now = BeganMs, last = 0, online = 0;
            for (int message = 0; message < 60; message++)
            {
                now += 1 + random.Next(random.Next(4) == 0 ? 150_000 : 40_000);
                if (last > 0) online += now - last < 60_000 ? now - last : 20_000;
                for (int tick = random.Next(3); tick > 0 && last > 0; tick--) seen.Device.Pass(Math.Max(last, now - tick * 700));
                seen.Device.Alive(now);
                last = now;
            }

            Assert.True(online == seen.Total(PresenceState.Online, now), $"seed {seed}: expected {online} ms online, saw {seen.Total(PresenceState.Online, now)}");
        }
    }

    private static void Do(DevicePresence device, Random random, long now)
    {
        switch (random.Next(12))
        {
            case <= 3: device.Alive(now); break;
            case >= 10: device.Judged(now, Judgements[random.Next(Judgements.Length)]); break;
            case 4: device.Died(now, random.Next(2) == 0 ? PresenceCause.Will : PresenceCause.InstrumentBroken); break;
            case 5: device.CauseLost(now, AnyCause(random)); break;
            case 6: device.CauseReturned(now, AnyCause(random)); break;
            case 7: device.InService(now, random.Next(3) > 0); break;
            default: device.Pass(now); break;
        }
    }

    private static string AnyCause(Random random) => CauseTree.RootFirst[random.Next(CauseTree.RootFirst.Count)];

    private static void Check(ObservedPresence seen, long now, int seed)
    {
        long end = BeganMs;
        foreach (var interval in seen.Closed)
        {
            Assert.True(interval.FromMs == end && interval.ToMs > interval.FromMs, $"seed {seed}: {interval} does not follow {end}");
            end = interval.ToMs;
        }
        Assert.True(seen.Device.IntervalFromMs == end && end <= now, $"seed {seed}: the open interval starts at {seen.Device.IntervalFromMs}, expected {end}, now {now}");
        var (online, required) = seen.Device.Today(now);
        Assert.True(online == seen.Total(PresenceState.Online, now) && required == now - BeganMs - seen.Total(PresenceState.NotInService, now), $"seed {seed}: today's figures differ from the intervals");
    }
}

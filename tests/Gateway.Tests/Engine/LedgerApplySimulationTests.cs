using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Random ledgers under random readings; a failure names its seed.</summary>
public sealed class LedgerApplySimulationTests
{
    private static readonly string[] Profiles = ["crane-json", "goyo-crane-json", "deye-crane-json"];

    [Fact]
    public void Every_millisecond_of_a_device_in_the_ledger_is_accounted_for_once()
    {
        for (int seed = 0; seed < 120; seed++) Live(seed);
    }

    private static void Live(int seed)
    {
        var random = new Random(seed);
        var run = new EngineRun(TestSite.Ten + 13 * 3_600_000);
        var members = run.Site.Ledger.Devices.ToDictionary(d => d.Id, _ => new Membership(run.NowMs));
        int heard = 0;
        for (int step = 0; step < 250; step++)
        {
            var devices = run.Site.Directory.Registered;
            if (random.Next(6) == 0)
            {
                var next = Another(run.Site, random, step);
                run.Apply(next);
                Take(run, members, ref heard);
                foreach (string id in members.Keys.Except(next.Devices.Select(d => d.Id)).ToList())
                {
                    Check(members[id], run.NowMs, $"seed {seed}, step {step}: {id} when it left");
                    members.Remove(id);
                }
                foreach (var device in next.Devices) members.TryAdd(device.Id, new Membership(run.NowMs));
            }
            else if (devices.Count > 0)
            {
                var route = devices[random.Next(devices.Count)];
                switch (random.Next(8))
                {
                    case <= 4: run.Read(route.Id, route.Profile.Device.Life, 0, new Sample((ushort)random.Next(route.Profile.Device.Fields.Count), SampleQuality.Good, random.Next(130))); break;
                    case 5: run.Do(e => e.Died(route.Index, PresenceCause.Will, run.NowMs)); break;
                    case 6: run.Do(e => e.PortLost("b1", PresenceCause.Bus, "why", run.NowMs)); break;
                    case 7: run.Do(e => e.PortOpened("b1", run.NowMs)); break;
                }
            }
            // Indices of long ago, and some that were never given.
            run.Do(e => e.Read(new Reading { Device = random.Next(400), Kind = ReadingKind.Status, ReceivedAtMs = run.NowMs }, []));
            run.Pass(random.Next(4) == 0 ? random.Next(120) : random.Next(10), tickMs: 1_000);
            Take(run, members, ref heard);
        }
        foreach (var (index, presence) in run.Engine.Presences())
        {
            string id = run.Engine.DeviceOf(index).Id;
            var member = members[id];
            Assert.True(member.ReachedMs == presence.IntervalFromMs, $"seed {seed}: the open interval of {id} does not follow the closed ones");
            var (online, required) = presence.Today(run.NowMs);
            Assert.True(online <= required && required <= run.NowMs - run.Engine.DayFromMs, $"seed {seed}: {id} online {online} of {required}");
        }
    }

    /// <summary>Whoever is there, in any order, with other members; sometimes somebody new.</summary>
    private static SiteLedger Another(TestSite site, Random random, int step)
    {
        var devices = site.Ledger.Devices.Where(_ => random.Next(6) > 0).ToList();
        if (random.Next(2) == 0) devices.Add(site.Ledger.Devices[0] with { Id = $"n{random.Next(3)}", Address = $"site/s1/crane/n{step}" });
        return site.With(devices.OrderBy(_ => random.Next()).Select(d => random.Next(3) switch
        {
            0 => d with { OfflineAfterMs = d.ExpectedMs * random.Next(1, 5), Safety = random.Next(2) == 0 },
            1 when d.Kind == "crane" => d with { Profile = Profiles[random.Next(Profiles.Length)] },
            2 when d.Link == LinkKind.Mqtt => d with { Bus = random.Next(2) == 0 ? "b1" : null, InServiceTo = random.Next(3) == 0 ? new DateOnly(2026, 3, random.Next(3, 8)) : null },
            _ => d,
        })) with { Buses = random.Next(4) == 0 ? [] : site.Ledger.Buses };
    }

    private static void Take(EngineRun run, Dictionary<string, Membership> members, ref int heard)
    {
        for (; heard < run.Said.Count; heard++)
        {
            if (run.Said[heard] is not IntervalClosed { Interval: var interval }) continue;
            // An index is one device's for good, also behind a change of profile.
            var member = members[run.Owner(interval.Device)];
            Assert.True(interval.FromMs == member.ReachedMs && interval.ToMs > interval.FromMs, $"{interval} does not follow {member.ReachedMs}");
            member.ReachedMs = interval.ToMs;
        }
    }

    private static void Check(Membership member, long nowMs, string when) =>
        Assert.True(member.ReachedMs <= nowMs, $"{when}: accounted up to {member.ReachedMs}, it is {nowMs}");

    private sealed class Membership(long fromMs)
    {
        /// <summary>Up to when closed intervals reach without a hole.</summary>
        public long ReachedMs { get; set; } = fromMs;
    }
}

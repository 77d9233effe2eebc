using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>Random lives of a site; a failure names its seed.</summary>
public sealed class SiteEngineSimulationTests
{
    private static readonly string[] Devices = ["c1", "c2", "w1", "w2", "v1", "h1", "h2"];

    [Fact]
    public void The_same_input_gives_the_same_output()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var (first, second) = (Live(seed, 300), Live(seed, 300));
            Assert.True(first.Said.Count > 20, $"seed {seed}: nothing happened");
            Assert.True(first.Said.SequenceEqual(second.Said) && first.Events.SequenceEqual(second.Events), $"seed {seed}: two engines differ");
        }
    }

    [Fact]
    public void Intervals_leave_no_hole_and_alarms_follow_their_table()
    {
        for (int seed = 1_000; seed < 1_150; seed++)
        {
            var run = Live(seed, 400);
            CheckIntervals(run, seed);
            CheckAlarms(run, seed);
        }
    }

    private static EngineRun Live(int seed, int steps)
    {
        var random = new Random(seed);
        // Late in the evening, so that most lives see a midnight.
        var run = new EngineRun(TestSite.Ten + 13 * 3_600_000);
        for (int step = 0; step < steps; step++)
        {
            string device = Devices[random.Next(Devices.Length)];
            switch (random.Next(14))
            {
                case <= 4: run.Measure(device, run.Site.Profiles[run.Site.IndexOf(device)].Fields[random.Next(1, 2) % run.Site.Profiles[run.Site.IndexOf(device)].Fields.Count].Name, random.Next(3)); break;
                case 5: run.Measure("c1", "moment_pct", random.Next(60, 130)); break;
                case 6: run.Measure("c2", "alarm_bits", random.Next(32)); break;
                case 7: run.Read("v1", ReadingKind.Heartbeat, 0); break;
                case 8: run.Do(e => e.Died(run.Site.IndexOf(device), PresenceCause.Will, run.NowMs)); break;
                case 9: run.Do(e => e.PortLost("b1", random.Next(2) == 0 ? PresenceCause.Bus : PresenceCause.Port, "why", run.NowMs)); break;
                case 10: run.Do(e => e.PortOpened("b1", run.NowMs)); break;
                case 11: Acknowledge(run, random); break;
                case 12 when random.Next(10) == 0: run.Restart(random.Next(200), random.Next(6)); break;
                case 13: run.Do(e => e.Unregistered(new UnregisteredDevice(Devices.Length + random.Next(3), "mqtt", "x", null, ""), run.NowMs)); break;
            }
            run.Pass(random.Next(4) == 0 ? random.Next(120) : random.Next(10), tickMs: 1_000);
        }
        return run;
    }

    private static void Acknowledge(EngineRun run, Random random)
    {
        if (run.Engine.Alarms.Open.OrderBy(a => a.Number).Skip(random.Next(5)).FirstOrDefault() is { } alarm)
            run.Do(e => e.Alarms.Acknowledge(alarm.Id, "li", null, run.NowMs));
    }

    private static void CheckIntervals(EngineRun run, int seed)
    {
        foreach (var (index, presence) in run.Engine.Presences())
        {
            var intervals = run.Closed.Where(i => i.Device == index).ToList();
            for (int i = 1; i < intervals.Count; i++)
                Assert.True(intervals[i].FromMs == intervals[i - 1].ToMs, $"seed {seed}, {Devices[index]}: {intervals[i]} does not follow {intervals[i - 1]}");
            if (intervals.Count > 0) Assert.True(presence.IntervalFromMs == intervals[^1].ToMs, $"seed {seed}, {Devices[index]}: the open interval does not follow {intervals[^1]}");
        }
    }

    private static void CheckAlarms(EngineRun run, int seed)
    {
        var states = new Dictionary<string, AlarmState>(StringComparer.Ordinal);
        var open = new Dictionary<(AlarmSubject, string), string>();
        foreach (var alarm in run.Steps)
        {
            var before = states.GetValueOrDefault(alarm.Id);
            bool same = before == alarm.State && (alarm.Chattering || alarm.ShelvingAsked is not null);
            Assert.True(same || Enum.GetValues<AlarmEvent>().Any(e => AlarmTable.Next(before, e) == (AlarmEffect.Step, alarm.State)), $"seed {seed}: {alarm.Rule} of {alarm.Subject.Id} went from {before} to {alarm.State}");
            states[alarm.Id] = alarm.State;
            if (alarm.State == AlarmState.Normal) open.Remove((alarm.Subject, alarm.Rule));
            else if (!open.TryAdd((alarm.Subject, alarm.Rule), alarm.Id)) Assert.True(open[(alarm.Subject, alarm.Rule)] == alarm.Id, $"seed {seed}: two open alarms {alarm.Rule} of {alarm.Subject.Id}");
        }
        Assert.Equal(states.Count, run.Steps.Select(a => a.Number).Distinct().Count());
    }
}

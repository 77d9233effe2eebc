using Gateway.Domain.Alarms;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine;

namespace Gateway.Tests.Engine;

/// <summary>An engine, the time it lives in, and everything it ever said; remembers like the store does, so that it can be stopped and restored.</summary>
internal sealed class EngineRun
{
    private readonly TestSite _site;
    private readonly Dictionary<string, PresenceMemory> _presence = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Alarm> _alarms = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _owners = [];
    private long _heartbeatMs;

    public EngineRun(long nowMs, TestSite? site = null)
    {
        _site = site ?? new TestSite();
        NowMs = nowMs;
        Engine = _site.Engine(nowMs);
        Collect();
    }

    public SiteEngine Engine { get; private set; }

    public long NowMs { get; private set; }

    public List<Transition> Said { get; } = [];

    public List<EventPoint> Events { get; } = [];

    /// <summary>Whose index it was when something was said of it.</summary>
    public string Owner(int index) => _owners[index];

    public IEnumerable<Alarm> Steps => Said.OfType<AlarmStepped>().Select(s => s.Alarm);

    public IEnumerable<PresenceInterval> Closed => Said.OfType<IntervalClosed>().Select(c => c.Interval);

    public TestSite Site => _site;

    public void Measure(string device, string field, double value, SampleQuality quality = SampleQuality.Good, ReadingFlags flags = 0) =>
        Read(device, ReadingKind.Measurement, flags, _site.Sample(device, field, value, quality));

    public void Read(string device, ReadingKind kind, ReadingFlags flags, params Sample[] samples) => Do(e =>
        e.Read(new Reading { Device = _site.IndexOf(device), Kind = kind, Flags = flags, ReceivedAtMs = NowMs, PointAtUs = NowMs * 1000 }, samples));

    public void Do(Action<SiteEngine> step)
    {
        step(Engine);
        Collect();
    }

    /// <summary>Another ledger comes into force, as the stage does it.</summary>
    public void Apply(SiteLedger ledger)
    {
        var command = new ApplyLedgerCommand(ledger, _site.Directory, _site.Directory.Prepare(ledger), () => { });
        Do(e => command.Judge(e, NowMs));
    }

    /// <summary>Time passes in ticks, as the stage makes them.</summary>
    public void Pass(double seconds, int tickMs = 200)
    {
        for (long until = NowMs + (long)(seconds * 1000); NowMs < until;)
        {
            NowMs = Math.Min(until, NowMs + tickMs);
            Do(e => e.Tick(NowMs));
        }
    }

    public void PassTo(long atMs) => Pass((atMs - NowMs) / 1000.0);

    /// <summary>The process dies now and another comes up after that time; the heartbeat was written this long before the end.</summary>
    public void Restart(double downSeconds, double heartbeatAgeSeconds = 0)
    {
        long heartbeatMs = NowMs - (long)(heartbeatAgeSeconds * 1000);
        NowMs += (long)(downSeconds * 1000);
        _heartbeatMs = Math.Max(_heartbeatMs, heartbeatMs);
        Engine = _site.Engine(NowMs);
        var today = Closed.Where(i => i.ToMs > Engine.DayFromMs).ToList();
        var memory = new EngineMemory(_heartbeatMs, new Dictionary<string, PresenceMemory>(_presence, StringComparer.Ordinal), today,
            new Dictionary<string, WorkMemory>(), [.. _alarms.Values.Where(a => a.State != AlarmState.Normal).OrderBy(a => a.Number)],
            _alarms.Count == 0 ? 0 : _alarms.Values.Max(a => a.Number));
        // What the constructor said is about an engine that has not yet taken up its memory.
        Engine.Output.Clear();
        Do(e => e.Restore(memory, NowMs));
    }

    public (PresenceState State, string Cause) PresenceOf(string device)
    {
        var presence = Engine.Presences().First(p => p.Device == _site.IndexOf(device)).Presence;
        return (presence.State, presence.Cause);
    }

    public Alarm? Open(string subject, string rule) => Engine.Alarms.Open.FirstOrDefault(a => a.Subject.Id == subject && a.Rule == rule);

    /// <summary>Milliseconds of a state, closed intervals and the open one.</summary>
    public long Total(string device, PresenceState state, string? cause = null)
    {
        int index = _site.IndexOf(device);
        var open = Engine.Presences().First(p => p.Device == index).Presence;
        return Closed.Append(new PresenceInterval(index, open.State, open.Cause, open.IntervalFromMs, NowMs))
            .Where(i => i.Device == index && i.State == state && (cause is null || i.Cause == cause)).Sum(i => i.ToMs - i.FromMs);
    }

    private void Collect()
    {
        foreach (var transition in Engine.Output.Transitions)
        {
            Said.Add(transition);
            if (transition is IntervalClosed { Interval.Device: var index }) _owners[index] = Engine.DeviceOf(index).Id;
            if (transition is PresenceChanged c) _presence[Engine.DeviceOf(c.Device).Id] = new PresenceMemory(c.State, c.Cause, c.IntervalFromMs);
            if (transition is AlarmStepped { Alarm: var alarm }) _alarms[alarm.Id] = alarm;
        }
        Events.AddRange(Engine.Output.Events);
        Engine.Output.Clear();
    }
}

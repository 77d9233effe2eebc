using Gateway.Domain.Alarms;
using Gateway.Domain.Compliance;
using Gateway.Domain.Presence;
using Gateway.Domain.Rules;

namespace Gateway.Engine;

/// <summary>What the devices hang on: a port, a broker or a DTU that is lost makes all behind it unknown, under one alarm.</summary>
public sealed partial class SiteEngine
{
    /// <summary>Down time of the gateway itself that is worth an alarm; a quick restart is not.</summary>
    public const long GatewayDownMs = 30_000;

    public void PortLost(string bus, string cause, string reason, long atMs) => Lost(BusSubject(bus), cause, reason, atMs);

    public void PortOpened(string bus, long atMs) => Returned(BusSubject(bus), atMs);

    public void BrokerLost(string broker, string reason, long atMs) => Lost(BrokerSubject(broker), PresenceCause.Broker, reason, atMs);

    public void BrokerBack(string broker, long atMs) => Returned(BrokerSubject(broker), atMs);

    /// <summary>Something of the gateway itself is wrong (an uplink that refuses): an alarm, but no device is touched.</summary>
    public void ConditionRaised(string subject, string cause, string reason, long atMs)
    {
        foreach (var rule in RulesFor(cause))
            if (_alarms.Find(new AlarmSubject(SubjectKind.Gateway, subject), rule.Id) is not { Standing: true })
                _alarms.Raise(rule, new AlarmSubject(SubjectKind.Gateway, subject), atMs, cause: reason);
    }

    public void ConditionOver(string subject, string cause, long atMs)
    {
        foreach (var rule in RulesFor(cause)) _alarms.Return(rule.Id, new AlarmSubject(SubjectKind.Gateway, subject), atMs);
    }

    /// <summary>Takes up what was persisted before a stop. Call once, before anything else.</summary>
    public void Restore(EngineMemory memory, long nowMs)
    {
        _alarms.Restore(memory.OpenAlarms, memory.LastAlarmNumber);
        foreach (var device in _devices)
        {
            if (memory.Presence.TryGetValue(device.Device.Id, out var was)) device.Presence.Restore(was.State, was.Cause, was.IntervalFromMs, memory.HeartbeatMs, nowMs, ServiceChange(device, nowMs), memory.DownCause);
            foreach (var interval in memory.Today.Where(i => i.Device == device.Index)) device.Presence.Recount(interval.State, interval.FromMs, interval.ToMs);
            if (memory.Work.TryGetValue(device.Device.Id, out var work)) device.Work?.Restore(work.WorkingMs, work.CertifiedMs);
            foreach (var watch in device.Watches)
                if (_alarms.Find(SubjectOf(device), watch.Rule.Id) is { Standing: true }) watch.Resume();
            ResumeSuspicions(device, nowMs);
            Settle(device, changed: true);
        }
        CloseKeptWork(memory);
        foreach (var device in _devices) AlarmsFollow(device, nowMs);
        ReturnOrphans(nowMs);
        if (memory.HeartbeatMs == 0 || nowMs - memory.HeartbeatMs < GatewayDownMs) return;
        foreach (var rule in RulesFor(memory.DownCause))
        {
            _alarms.Raise(rule, _self, memory.HeartbeatMs, cause: memory.DownReason);
            _alarms.Return(rule.Id, _self, nowMs);
        }
    }

    private void Lost(AlarmSubject subject, string cause, string reason, long atMs)
    {
        if (!_carriers.TryGetValue(subject, out var state) || state.Lost == cause) return;
        string? before = state.Lost;
        (state.Lost, state.SinceMs, state.Reason) = (cause, atMs, reason);
        Alarm? root = null;
        foreach (var rule in RulesFor(cause)) root = _alarms.Raise(rule, subject, atMs, cause: reason);
        foreach (var device in state.Devices)
        {
            LinkChanged(device.Index, up: false, atMs);
            Settle(device, device.Presence.CauseLost(atMs, cause));
            if (before is not null) Settle(device, device.Presence.CauseReturned(atMs, before));
            if (root is null) continue;
            foreach (var rule in device.SilentRules)
                if (_alarms.Find(SubjectOf(device), rule.Id) is { } silent) _alarms.Suppress(silent, root, atMs);
        }
    }

    private void Returned(AlarmSubject subject, long atMs)
    {
        if (!_carriers.TryGetValue(subject, out var state)) return;
        foreach (var rule in _causeRules)
            if (_alarms.Find(subject, rule.Id) is { Standing: true }) _alarms.Return(rule.Id, subject, atMs);
        string? was = state.Lost ?? AwaitedCause(subject.Kind);
        (state.Lost, state.SinceMs, state.Reason) = (null, atMs, null);
        foreach (var device in state.Devices)
        {
            LinkChanged(device.Index, up: true, atMs);
            if (was is not null) Settle(device, device.Presence.CauseReturned(atMs, was));
        }
    }

    /// <summary>A broker or a DTU is away until it is there for the first time.</summary>
    private static string? AwaitedCause(SubjectKind carrier) => carrier switch { SubjectKind.Broker => PresenceCause.Broker, SubjectKind.Client => PresenceCause.Dtu, _ => null };

    private static AlarmSubject BusSubject(string id) => new(SubjectKind.Bus, id);

    private static AlarmSubject BrokerSubject(string id) => new(SubjectKind.Broker, id);

    private IEnumerable<Rule> RulesFor(string cause) => _causeRules.Where(r => ((CauseEvaluator)r.Evaluator).Cause == cause);

    /// <summary>An alarm whose rule is gone, whose device, bus or broker has left the site, or whose unregistered talker has joined it, has no condition any more.</summary>
    private void ReturnOrphans(long nowMs)
    {
        var subjects = _devices.Select(SubjectOf).Concat(_carriers.Keys).Append(_self).ToHashSet();
        // A stranger still is one, unless the ledger knows its address by now; it has until the quiet time is over to speak again.
        foreach (var alarm in _alarms.Open.Where(a => a.Standing && a.Subject.Kind == SubjectKind.Unregistered && !_devices.Any(d => a.Subject.Id == $"{d.Device.LinkName}:{d.Device.Address}")))
        {
            subjects.Add(alarm.Subject);
            _strangersHeardMs[alarm.Subject] = nowMs;
        }
        foreach (var alarm in _alarms.Open.Where(a => a.Standing && !(subjects.Contains(a.Subject) && _ruleIds.Contains(a.Rule))).ToList()) _alarms.Return(alarm.Rule, alarm.Subject, nowMs);
    }
}

/// <summary>A bus, a broker or a DTU, and what hangs on it.</summary>
internal sealed class CarrierState(DeviceState[] devices)
{
    public DeviceState[] Devices { get; set; } = devices;

    /// <summary>The cause while it is lost, else null.</summary>
    public string? Lost { get; set; }

    public string? Reason { get; set; }

    public long SinceMs { get; set; }
}

/// <summary>What survives a stop of the process.</summary>
/// <param name="HeartbeatMs">When the gateway was last known to live; 0 at the very first start.</param>
/// <param name="Today">Intervals of the current civil day that were closed before.</param>
public sealed record EngineMemory(
    long HeartbeatMs,
    IReadOnlyDictionary<string, PresenceMemory> Presence,
    IReadOnlyList<PresenceInterval> Today,
    IReadOnlyDictionary<string, WorkMemory> Work,
    IReadOnlyList<Alarm> OpenAlarms,
    long LastAlarmNumber)
{
    /// <summary>Stretches of work that had not ended when they were last kept.</summary>
    public IReadOnlyList<WorkingInterval> WorkOpen { get; init; } = [];
    /// <summary>What names the time from the last heartbeat on.</summary>
    public string DownCause { get; init; } = PresenceCause.Gateway;

    /// <summary>How the last run ended, as the alarm says it.</summary>
    public string DownReason { get; init; } = PresenceCause.Gateway;
}

public sealed record PresenceMemory(PresenceState State, string Cause, long IntervalFromMs);

public readonly record struct WorkMemory(long WorkingMs, long CertifiedMs);

using Gateway.Domain.Compliance;
using Gateway.Domain.Ledger;
using Gateway.Domain.Presence;
using Gateway.Domain.Rules;
using Gateway.Engine.Views;

namespace Gateway.Engine;

/// <summary>When machines work, by their own signals and by those of other devices that hang on them; and whether their safety devices are there meanwhile.</summary>
public sealed partial class SiteEngine
{
    /// <summary>Working time of each machine today, for the memory that survives a restart.</summary>
    public IEnumerable<(string Device, WorkMemory Work)> WorkToday() =>
        _devices.Where(d => d.Work is not null).Select(d => (d.Device.Id, new WorkMemory(d.Work!.WorkingMs, d.Work.CertifiedMs)));

    /// <summary>Stretches of work that go on: a crash forgets no more of them than since they were last kept.</summary>
    public IEnumerable<WorkingInterval> WorkOpen()
    {
        foreach (var device in _devices)
            if (device.Work?.Open is { } open) yield return IntervalOf(open);
    }

    /// <summary>Ties each device that can show work to the safety devices of its machine. A safety device is booked its own work, any other device's goes to them.</summary>
    private void TieMachines()
    {
        foreach (var device in _devices)
            if (device.Profile.Working is { } evidence) device.Source ??= new WorkSource(evidence, device.Profile.Operator, device.Device.OfflineAfterMs);
        var safety = _devices.Where(d => d.Device is { Safety: true, Machine: not null }).ToLookup(d => d.Device.Machine!, StringComparer.Ordinal);
        foreach (var device in _devices.Where(d => d.Source is not null))
        {
            device.Source!.Others = device.Device.Machine is { } machine ? [.. safety[machine].Where(d => d != device)] : [];
            foreach (var other in device.Source.Others) other.Work ??= NewMeter(other);
            if (device.Device.Safety || device.Source.Others.Length == 0) device.Work ??= NewMeter(device);
        }
    }

    private WorkMeter NewMeter(DeviceState device) => new(device.Index, stretch => Output.Transitions.Add(new WorkClosed(IntervalOf(stretch))));

    private WorkingInterval IntervalOf(WorkStretch work) => new(StateOf(work.Device).Device.Id, work.FromMs, work.ToMs, work.Person == 0 ? null : _texts.TextOf(work.Person), 0,
        work.Evidence == WorkMeter.Itself ? null : StateOf(work.Evidence).Device.Id);

    private void Meter(DeviceState device, WorkSource source, long atMs)
    {
        var piece = source.Take(device, atMs);
        if (device.Work is { } own)
        {
            own.Book(piece, WorkMeter.Itself, IsCertified(device, piece.Person), source.BridgeMs, (DayFromMs, _dayToMs));
            if (!source.Working) own.Stands(WorkMeter.Itself);
            own.Note(atMs, source.Working && !IsCertified(device, source.Operator));
        }
        foreach (var other in source.Others) Witness(other, device, source, piece);
    }

    /// <summary>Books to a safety device what another device of its machine shows. Where it shows work itself it is believed while it is online.</summary>
    private void Witness(DeviceState device, DeviceState witness, WorkSource source, WorkPiece piece)
    {
        var (meter, presence) = (device.Work!, device.Presence);
        bool speaks = device.Source is not null && presence.State == PresenceState.Online;
        // After a start it may be about to speak; if it is not, it will be offline.
        bool awaited = presence is { State: PresenceState.Unknown, Cause: PresenceCause.Gateway };
        if (!speaks && !awaited && piece.FromMs < piece.ToMs) Book(device, witness, source, piece);
        if (!source.Working) meter.Stands(witness.Index);
    }

    private void Book(DeviceState device, DeviceState witness, WorkSource source, WorkPiece piece)
    {
        var presence = device.Presence;
        // It was found silent only after a while: the work since it fell silent is booked now.
        if (device.Source is not null) piece = piece with { FromMs = Math.Max(source.SinceMs, presence.IntervalFromMs) };
        device.Work!.Book(piece, witness.Index, IsCertified(device, piece.Person), source.BridgeMs, (DayFromMs, _dayToMs));
        if (presence.State != PresenceState.Offline || device.IsExcused) return;
        long workedMs = piece.ToMs - Math.Max(source.SinceMs, presence.IntervalFromMs);
        foreach (var rule in device.BypassRules)
            if (workedMs >= ((BypassEvaluator)rule.Evaluator).OnDelayMs && _alarms.Find(SubjectOf(device), rule.Id) is not { Standing: true })
                _alarms.Raise(rule, SubjectOf(device), piece.ToMs, cause: witness.Device.Id);
    }

    private bool IsCertified(DeviceState device, int person)
    {
        if (person == 0) return false;
        if (device.Certified.Person == person && device.Certified.DayFromMs == DayFromMs) return device.Certified.May;
        bool may = _operators.TryGetValue(person, out var known) && known.MayOperate(device.Device.Kind, Day(DayFromMs));
        device.Certified = (person, DayFromMs, may);
        return may;
    }

    /// <summary>What follows for work from a change of presence.</summary>
    private void WorkFollows(DeviceState device)
    {
        if (device.Presence.State == PresenceState.Online && device.Source is not null) device.Work?.CloseWitnessed();
        if (device.Presence.State is not (PresenceState.Online or PresenceState.NotInService) && !device.IsExcused) return;
        foreach (var rule in device.BypassRules)
            if (_alarms.Find(SubjectOf(device), rule.Id) is { Standing: true }) _alarms.Return(rule.Id, SubjectOf(device), Math.Max(device.Presence.SinceMs, device.Span.FromMs));
    }

    /// <summary>What was still open when the process ended is closed as it was last kept.</summary>
    private void CloseKeptWork(EngineMemory memory)
    {
        foreach (var kept in memory.WorkOpen)
        {
            Output.Transitions.Add(new WorkClosed(kept));
            Array.Find(_devices, d => d.Device.Id == kept.Device)?.Work?.BookedTo(kept.ToMs);
        }
    }

    private OperatorShare OperatorShareAt()
    {
        var meters = _devices.Where(d => d.Work is not null && CertificateTypes.AreNeededFor(d.Device.Kind)).ToList();
        long workingMs = meters.Sum(d => d.Work!.WorkingMs), certifiedMs = meters.Sum(d => d.Work!.CertifiedMs);
        var rate = new Rate(certifiedMs, workingMs);
        var missing = meters.Where(d => d.Work!.Uncertified)
            .Select(d => new MissingView(d.Device.Id, d.Device.Name, "operator-not-certified", Time(d.Work!.SinceMs))).ToList();
        return new OperatorShare(certifiedMs, workingMs, rate.Percent, rate.Met, missing, workingMs, certifiedMs);
    }
}

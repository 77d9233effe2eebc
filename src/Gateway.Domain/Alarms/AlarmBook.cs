using Gateway.Domain.Rules;

namespace Gateway.Domain.Alarms;

/// <summary>All open alarms of the site: at most one for each subject and rule. Pure; every step is told to <paramref name="stepped"/>.</summary>
public sealed class AlarmBook(string gatewayId, Action<Alarm> stepped)
{
    private readonly Dictionary<(AlarmSubject, string), Alarm> _open = [];
    private readonly Dictionary<string, Alarm> _byId = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Alarm> Open => _open.Values;

    /// <summary>Number of the newest alarm; the next one gets the number after it.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Takes up the alarms that were open before a restart.</summary>
    public void Restore(IEnumerable<Alarm> open, long lastNumber)
    {
        LastNumber = lastNumber;
        foreach (var alarm in open) Keep(alarm);
    }

    public Alarm? Find(AlarmSubject subject, string rule) => _open.GetValueOrDefault((subject, rule));

    public Alarm? Find(string id) => _byId.GetValueOrDefault(id);

    public Alarm Raise(Rule rule, AlarmSubject subject, long atMs, double? value = null, double? limit = null, string? cause = null)
    {
        if (_open.TryGetValue((subject, rule.Id), out var open))
        {
            if (AlarmTransitions.Next(open.State, AlarmEvent.Raise) is not { } next) return open;
            return Step(open with { State = next, ChangedAtMs = atMs, ReturnedAtMs = null, Value = value, Limit = limit, Cause = cause, Count = open.Count + 1 });
        }
        long number = ++LastNumber;
        return Step(new Alarm(AlarmIdentity.Mint(gatewayId, number, atMs), number, rule.Id, rule.Severity, subject, rule.Title, rule.Advice,
            AlarmState.Unacked, cause, null, atMs, atMs, null, null, null, null, value, limit, 1));
    }

    public void Return(string rule, AlarmSubject subject, long atMs)
    {
        if (Find(subject, rule) is not { } open || AlarmTransitions.Next(open.State, AlarmEvent.Return) is not { } next) return;
        Step(open with { State = next, ChangedAtMs = atMs, ReturnedAtMs = atMs, Root = null });
    }

    /// <summary>A person has seen it.</summary>
    /// <returns>The alarm after the step, or null when it is not open or there is nothing to acknowledge.</returns>
    public Alarm? Acknowledge(string id, string who, string? note, long atMs)
    {
        if (Find(id) is not { } open || AlarmTransitions.Next(open.State, AlarmEvent.Acknowledge) is not { } next) return null;
        return Step(open with { State = next, ChangedAtMs = atMs, AckedAtMs = atMs, AckedBy = who, Note = note });
    }

    public void Suppress(Alarm alarm, Alarm root, long atMs)
    {
        if (AlarmTransitions.Next(alarm.State, AlarmEvent.Suppress) is { } next) Step(alarm with { State = next, ChangedAtMs = atMs, Root = root.Id });
    }

    public void Release(Alarm alarm, long atMs)
    {
        if (AlarmTransitions.Next(alarm.State, AlarmEvent.Release) is { } next) Step(alarm with { State = next, ChangedAtMs = atMs, Root = null });
    }

    private Alarm Step(Alarm alarm)
    {
        Keep(alarm);
        stepped(alarm);
        return alarm;
    }

    private void Keep(Alarm alarm)
    {
        if (alarm.State == AlarmState.Normal)
        {
            _open.Remove((alarm.Subject, alarm.Rule));
            _byId.Remove(alarm.Id);
            return;
        }
        _open[(alarm.Subject, alarm.Rule)] = alarm;
        _byId[alarm.Id] = alarm;
    }
}

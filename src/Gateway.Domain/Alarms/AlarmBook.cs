using Gateway.Domain.Rules;

namespace Gateway.Domain.Alarms;

/// <summary>All open alarms of the site: at most one for each subject and rule. Pure; every step is told to <paramref name="stepped"/>.</summary>
/// <remarks>Which step follows which is decided by <see cref="AlarmTable"/> alone; time comes in with each call and never goes back.</remarks>
public sealed partial class AlarmBook(string gatewayId, Action<Alarm> stepped)
{
    private readonly Dictionary<(AlarmSubject, string), Alarm> _open = [];
    private readonly Dictionary<string, Alarm> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(AlarmSubject, string), Chatter> _chatter = [];
    private readonly HashSet<AlarmSubject> _outOfService = [];
    private readonly List<(AlarmSubject, string)> _due = [];

    public IReadOnlyCollection<Alarm> Open => _open.Values;

    /// <summary>Number of the newest alarm; the next one gets the number after it.</summary>
    public long LastNumber { get; private set; }

    /// <summary>Takes up the alarms that were open before a restart.</summary>
    public void Restore(IEnumerable<Alarm> open, long lastNumber)
    {
        LastNumber = lastNumber;
        foreach (var alarm in open)
        {
            Keep(alarm);
            if (alarm.State == AlarmState.OutOfService) _outOfService.Add(alarm.Subject);
            // What is over has been so at least since then; what chatters is let go when it is quiet for its time again.
            if (alarm.Chattering) _chatter[(alarm.Subject, alarm.Rule)] = new Chatter { OverSinceMs = alarm.Standing ? 0 : alarm.ChangedAtMs };
        }
    }

    public Alarm? Find(AlarmSubject subject, string rule) => _open.GetValueOrDefault((subject, rule));

    public Alarm? Find(string id) => _byId.GetValueOrDefault(id);

    public Alarm Raise(Rule rule, AlarmSubject subject, long atMs, double? value = null, double? limit = null, string? cause = null)
    {
        if (_open.TryGetValue((subject, rule.Id), out var open))
        {
            if (open.Standing && !IsHeld(subject, rule.Id)) return open;
            bool chatters = ChatterOf(subject, rule.Id).Rose(atMs) || open.Chattering;
            var (effect, next) = AlarmTable.Next(open.State, AlarmEvent.Raise);
            if (effect != AlarmEffect.Step && !open.Chattering) return open;
            var risen = open with { State = next, ReturnedAtMs = null, Standing = true, Chattering = chatters, Value = value, Limit = limit, Cause = cause, Count = open.Count + 1 };
            if (!open.Chattering || atMs - open.ChangedAtMs >= Chatter.ToldEveryMs) return Step(risen with { ChangedAtMs = atMs });
            // Counted; whoever watches is told with the next step.
            Keep(risen);
            return risen;
        }
        bool already = ChatterOf(subject, rule.Id).Rose(atMs);
        long number = ++LastNumber;
        var state = _outOfService.Contains(subject) ? AlarmState.OutOfService : AlarmTable.Next(AlarmState.Normal, AlarmEvent.Raise).Next;
        return Step(new Alarm(AlarmIdentity.Mint(gatewayId, number, atMs), number, rule.Id, rule.Severity, subject, rule.Title, rule.Advice,
            state, cause, null, atMs, atMs, null, null, null, null, value, limit, 1) { Chattering = already });
    }

    /// <param name="latching">The rule wants a person to look before its alarm is forgotten.</param>
    public void Return(string rule, AlarmSubject subject, long atMs, bool latching = false)
    {
        if (Find(subject, rule) is not { Standing: true } open) return;
        if (open.Chattering)
        {
            // Held open: it is let go when it has been over for its time.
            ChatterOf(subject, rule).OverSinceMs = atMs;
            return;
        }
        LetGo(open, atMs, latching);
    }

    /// <summary>A person has seen it.</summary>
    /// <returns>The alarm after the step, or null when it is not open or there is nothing to acknowledge.</returns>
    public Alarm? Acknowledge(string id, string who, string? note, long atMs) =>
        ByPerson(id, AlarmEvent.Acknowledge) is not var (open, next) ? null : Step(open with { State = next, ChangedAtMs = atMs, AckedAtMs = atMs, AckedBy = who, Note = note });

    /// <summary>A person lets go of a latched alarm.</summary>
    /// <returns>The alarm after the step, or null when there is nothing to reset.</returns>
    public Alarm? Reset(string id, string who, string? note, long atMs) =>
        ByPerson(id, AlarmEvent.Reset) is not var (open, next) ? null : Step(open with { State = next, ChangedAtMs = atMs, AckedBy = who, Note = note });

    public void Suppress(Alarm alarm, Alarm root, long atMs)
    {
        if (AlarmTable.Next(alarm.State, AlarmEvent.Suppress) is (AlarmEffect.Step, var next)) Step(alarm with { State = next, ChangedAtMs = atMs, Root = root.Id });
    }

    public void Release(Alarm alarm, long atMs)
    {
        if (AlarmTable.Next(alarm.State, alarm.Standing ? AlarmEvent.ReleaseStanding : AlarmEvent.ReleaseOver) is (AlarmEffect.Step, var next)) Step(alarm with { State = next, ChangedAtMs = atMs, Root = null });
    }

    /// <summary>Lets time pass: shelves end, chatter that has been quiet is let go.</summary>
    /// <param name="latching">Whether the rule of that id latches.</param>
    public void Tick(long nowMs, Func<string, bool>? latching = null)
    {
        if (_chatter.Count > 0) LetChatterGo(nowMs, latching);
        EndShelves(nowMs);
    }

    private void LetGo(Alarm open, long atMs, bool latching)
    {
        if (AlarmTable.Next(open.State, latching ? AlarmEvent.ReturnLatching : AlarmEvent.Return) is not (AlarmEffect.Step, var next)) return;
        Step(open with { State = next, ChangedAtMs = atMs, ReturnedAtMs = atMs, Standing = false, Chattering = false, Root = null });
    }

    private void LetChatterGo(long nowMs, Func<string, bool>? latching)
    {
        _due.Clear();
        foreach (var (place, chatter) in _chatter)
        {
            bool held = _open.TryGetValue(place, out var open) && open.Chattering;
            if (held ? chatter.OverSinceMs > 0 && nowMs - chatter.OverSinceMs >= Chatter.WithinMs : chatter.IsQuiet(nowMs)) _due.Add(place);
        }
        foreach (var place in _due)
        {
            _chatter.Remove(place);
            if (_open.TryGetValue(place, out var open) && open.Chattering) LetGo(open, nowMs, latching?.Invoke(place.Item2) ?? false);
        }
    }

    private (Alarm Open, AlarmState Next)? ByPerson(string id, AlarmEvent @event) =>
        Find(id) is { } open && AlarmTable.Next(open.State, @event) is (AlarmEffect.Step, var next) ? (open, next) : null;

    private bool IsHeld(AlarmSubject subject, string rule) => _chatter.TryGetValue((subject, rule), out var chatter) && chatter.OverSinceMs > 0;

    private Chatter ChatterOf(AlarmSubject subject, string rule)
    {
        if (!_chatter.TryGetValue((subject, rule), out var chatter)) _chatter.Add((subject, rule), chatter = new Chatter());
        return chatter;
    }

    private Alarm Step(Alarm alarm)
    {
        if (alarm.State != AlarmState.Shelved && alarm.Shelved is not null) alarm = alarm with { Shelved = null };
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
        AnyShelved |= alarm.State == AlarmState.Shelved;
    }
}

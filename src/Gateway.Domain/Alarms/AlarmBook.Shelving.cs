using Gateway.Domain.Lifecycle;

namespace Gateway.Domain.Alarms;

/// <summary>Alarms that people put aside, and subjects that are out of service.</summary>
public sealed partial class AlarmBook
{
    public ShelvingPolicy Policy { get; init; } = new();

    /// <summary>A person puts it aside. A critical one waits for a second person (<see cref="AgreeToShelve"/>).</summary>
    /// <returns>The alarm after the step; null with the reason in <paramref name="refusal"/> when it cannot be.</returns>
    public Alarm? Shelve(string id, string who, string reason, long untilMs, long atMs, out AlarmRefusal refusal)
    {
        if (ByPerson(id, AlarmEvent.Shelve) is not var (open, next))
        {
            refusal = AlarmRefusal.NotNow;
            return null;
        }
        refusal = string.IsNullOrWhiteSpace(reason) ? AlarmRefusal.NoReason : untilMs <= atMs || untilMs - atMs > Policy.MsMax ? AlarmRefusal.Time : AlarmRefusal.None;
        if (refusal != AlarmRefusal.None) return null;
        var shelving = new Shelving(who, null, reason, atMs, untilMs, open.Value);
        return ShelvingPolicy.NeedsTwo(open.Severity)
            ? Step(open with { ChangedAtMs = atMs, ShelvingAsked = shelving })
            : Step(open with { State = next, ChangedAtMs = atMs, Shelved = shelving });
    }

    /// <summary>A second person agrees.</summary>
    public Alarm? AgreeToShelve(string id, string who, long atMs, out AlarmRefusal refusal)
    {
        if (ByPerson(id, AlarmEvent.Shelve) is not ({ ShelvingAsked: { } asked } open, var next))
        {
            refusal = AlarmRefusal.NotNow;
            return null;
        }
        refusal = !PersonName.AreTwo(asked.By, who) ? AlarmRefusal.SamePerson : asked.UntilMs <= atMs ? AlarmRefusal.Time : AlarmRefusal.None;
        return refusal != AlarmRefusal.None ? null : Step(open with { State = next, ChangedAtMs = atMs, Shelved = asked with { ApprovedBy = who }, ShelvingAsked = null });
    }

    /// <summary>A person takes it back before its time.</summary>
    public Alarm? Unshelve(string id, long atMs) => Find(id) is { State: AlarmState.Shelved } open ? EndShelf(open, atMs) : null;

    /// <summary>What is seen of a shelved alarm's condition while it stands: it breaks through when it is clearly worse.</summary>
    public void Seen(AlarmSubject subject, string rule, double value, long atMs)
    {
        if (Find(subject, rule) is not { State: AlarmState.Shelved, Standing: true, Shelved: { } shelved } open || !Policy.IsWorse(shelved.Value, value, open.Limit)) return;
        if (AlarmTable.Next(open.State, AlarmEvent.Worsen) is (AlarmEffect.Step, var next)) Step(open with { State = next, ChangedAtMs = atMs, Value = value, Count = open.Count + 1 });
    }

    /// <summary>Whether any alarm is on the shelf: only then what is seen must be told to <see cref="Seen"/>.</summary>
    public bool AnyShelved { get; private set; }

    /// <summary>What it is about leaves service, or comes back: its alarms leave the wall, new ones go with them.</summary>
    public void Service(AlarmSubject subject, bool inService, long atMs)
    {
        if (inService ? !_outOfService.Remove(subject) : !_outOfService.Add(subject)) return;
        foreach (var alarm in _open.Values.Where(a => a.Subject == subject).ToList())
        {
            var what = !inService ? AlarmEvent.TakeOutOfService : alarm.Standing ? AlarmEvent.PutInServiceStanding : AlarmEvent.PutInServiceOver;
            if (AlarmTable.Next(alarm.State, what) is (AlarmEffect.Step, var next)) Step(alarm with { State = next, ChangedAtMs = atMs, ShelvingAsked = null, Root = null });
        }
    }

    private void EndShelves(long nowMs)
    {
        if (!AnyShelved) return;
        foreach (var alarm in _open.Values.Where(a => a is { State: AlarmState.Shelved, Shelved: { } shelved } && shelved.UntilMs <= nowMs).ToList()) EndShelf(alarm, alarm.Shelved!.UntilMs);
        AnyShelved = _open.Values.Any(a => a.State == AlarmState.Shelved);
    }

    private Alarm? EndShelf(Alarm alarm, long atMs) =>
        AlarmTable.Next(alarm.State, alarm.Standing ? AlarmEvent.UnshelveStanding : AlarmEvent.UnshelveOver) is (AlarmEffect.Step, var next) ? Step(alarm with { State = next, ChangedAtMs = atMs }) : null;
}

/// <summary>Why an alarm cannot be shelved.</summary>
public enum AlarmRefusal : byte
{
    None,

    /// <summary>It is not open, or in a state that knows no shelf.</summary>
    NotNow,
    NoReason,

    /// <summary>Its end lies in the past or too far ahead.</summary>
    Time,

    /// <summary>The second person is the first.</summary>
    SamePerson,
}

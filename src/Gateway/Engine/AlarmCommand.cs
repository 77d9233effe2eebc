using Gateway.Domain.Alarms;
using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.Engine;

/// <summary>What a person does about an alarm.</summary>
public abstract record AlarmAct(string Alarm, string Who)
{
    /// <summary>Word of the audit.</summary>
    internal abstract string What { get; }

    /// <summary>What the audit keeps beside it.</summary>
    internal virtual string? Detail => null;

    /// <summary>The alarm after the step; null with the reason when it cannot be.</summary>
    internal abstract Alarm? Do(AlarmBook alarms, long nowMs, out AlarmRefusal refusal);
}

/// <summary>A person has seen it.</summary>
public sealed record AcknowledgeAlarm(string Alarm, string Who, string? Note) : AlarmAct(Alarm, Who)
{
    internal override string What => "alarm.ack";

    internal override string? Detail => Note;

    internal override Alarm? Do(AlarmBook alarms, long nowMs, out AlarmRefusal refusal) => Outcome(alarms.Acknowledge(Alarm, Who, Note, nowMs), out refusal);

    internal static Alarm? Outcome(Alarm? after, out AlarmRefusal refusal)
    {
        refusal = after is null ? AlarmRefusal.NotNow : AlarmRefusal.None;
        return after;
    }
}

/// <summary>A person lets go of a latched alarm.</summary>
public sealed record ResetAlarm(string Alarm, string Who, string? Note) : AlarmAct(Alarm, Who)
{
    internal override string What => "alarm.reset";

    internal override string? Detail => Note;

    internal override Alarm? Do(AlarmBook alarms, long nowMs, out AlarmRefusal refusal) => AcknowledgeAlarm.Outcome(alarms.Reset(Alarm, Who, Note, nowMs), out refusal);
}

/// <summary>A person puts it aside for so long.</summary>
public sealed record ShelveAlarm(string Alarm, string Who, string Reason, TimeSpan For) : AlarmAct(Alarm, Who)
{
    internal override string What => "alarm.shelve";

    internal override string? Detail => $"{For.TotalMinutes} min: {Reason}";

    internal override Alarm? Do(AlarmBook alarms, long nowMs, out AlarmRefusal refusal) => alarms.Shelve(Alarm, Who, Reason, nowMs + (long)For.TotalMilliseconds, nowMs, out refusal);
}

/// <summary>A second person agrees that a critical one is put aside.</summary>
public sealed record AgreeToShelveAlarm(string Alarm, string Who) : AlarmAct(Alarm, Who)
{
    internal override string What => "alarm.shelve.agree";

    internal override Alarm? Do(AlarmBook alarms, long nowMs, out AlarmRefusal refusal) => alarms.AgreeToShelve(Alarm, Who, nowMs, out refusal);
}

/// <summary>A person takes it back from the shelf.</summary>
public sealed record UnshelveAlarm(string Alarm, string Who) : AlarmAct(Alarm, Who)
{
    internal override string What => "alarm.unshelve";

    internal override Alarm? Do(AlarmBook alarms, long nowMs, out AlarmRefusal refusal) => AcknowledgeAlarm.Outcome(alarms.Unshelve(Alarm, nowMs), out refusal);
}

internal sealed class AlarmCommand(AlarmAct act) : EngineCommand
{
    private readonly TaskCompletionSource<AlarmRefusal> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AlarmRefusal _refusal;

    public Task<AlarmRefusal> Done => _done.Task;

    public override void Judge(SiteEngine engine, long nowMs) => act.Do(engine.Alarms, nowMs, out _refusal);

    public override void Write(StateStore state, long nowMs)
    {
        if (_refusal == AlarmRefusal.None) state.Audit(nowMs, new AuditRow(act.Who, act.What, act.Alarm, act.Detail));
    }

    public override void Complete() => _done.TrySetResult(_refusal);

    public override void Fail(Exception cause) => _done.TrySetException(cause);
}

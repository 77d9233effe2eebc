namespace Gateway.Domain.Alarms;

/// <summary>States of ISA-18.2-2016 / IEC 62682 that this gateway uses (letters as in the standard's diagram).</summary>
public enum AlarmState : byte
{
    /// <summary>A: nothing to see; the alarm is closed.</summary>
    Normal,
    /// <summary>B</summary>
    Unacked,
    /// <summary>C</summary>
    Acked,
    /// <summary>D: the condition is over, nobody has seen it yet.</summary>
    ReturnedUnacked,
    /// <summary>H: suppressed by design, under a root cause that has an alarm of its own.</summary>
    Suppressed,
}

public enum AlarmEvent : byte { Raise, Return, Acknowledge, Suppress, Release }

/// <summary>The life cycle as a table: every (state, event) pair is decided here and nowhere else.</summary>
public static class AlarmTransitions
{
    private static readonly AlarmState?[,] Table = Build();

    /// <summary>The next state, or null when the event means nothing in that state (and must change nothing).</summary>
    public static AlarmState? Next(AlarmState state, AlarmEvent @event) => Table[(int)state, (int)@event];

    private static AlarmState?[,] Build()
    {
        var table = new AlarmState?[5, 5];
        void On(AlarmState state, AlarmEvent @event, AlarmState next) => table[(int)state, (int)@event] = next;

        On(AlarmState.Normal, AlarmEvent.Raise, AlarmState.Unacked);
        On(AlarmState.Unacked, AlarmEvent.Acknowledge, AlarmState.Acked);
        On(AlarmState.Unacked, AlarmEvent.Return, AlarmState.ReturnedUnacked);
        On(AlarmState.Unacked, AlarmEvent.Suppress, AlarmState.Suppressed);
        On(AlarmState.Acked, AlarmEvent.Return, AlarmState.Normal);
        On(AlarmState.Acked, AlarmEvent.Suppress, AlarmState.Suppressed);
        On(AlarmState.ReturnedUnacked, AlarmEvent.Acknowledge, AlarmState.Normal);
        On(AlarmState.ReturnedUnacked, AlarmEvent.Raise, AlarmState.Unacked);
        On(AlarmState.Suppressed, AlarmEvent.Return, AlarmState.Normal);
        On(AlarmState.Suppressed, AlarmEvent.Release, AlarmState.Unacked);
        return table;
    }
}

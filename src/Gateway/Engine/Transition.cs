using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;

namespace Gateway.Engine;

/// <summary>One thing that changed: becomes one journal row, and in the order of the list.</summary>
public abstract record Transition;

public sealed record AlarmStepped(Alarm Alarm) : Transition;

/// <summary>The live state of a device changed.</summary>
/// <param name="IntervalFromMs">Where the open interval starts in the accounts.</param>
public sealed record PresenceChanged(int Device, PresenceState State, string Cause, long SinceMs, long IntervalFromMs) : Transition;

public sealed record IntervalClosed(PresenceInterval Interval) : Transition;

/// <summary>A device told later what it measured in this time. Half open, ms.</summary>
public sealed record MeasuringProved(int Device, long FromMs, long ToMs) : Transition;
/// <summary>A stretch of work has ended.</summary>
public sealed record WorkClosed(Domain.Compliance.WorkingInterval Work) : Transition;

/// <summary>The data of a civil day that is over were counted, for the first time or again.</summary>
public sealed record DataDayCounted(Domain.Compliance.DataDay Day) : Transition;

/// <summary>A point of a rule of kind event: one per sample, no state.</summary>
public readonly record struct EventPoint(int Device, string Rule, Domain.Rules.Severity Severity, double Value, double Limit, long PointAtUs);

/// <summary>What the engine says after a batch; owned by the stage, which clears it once it is on disk.</summary>
public sealed class EngineOutput
{
    public List<Transition> Transitions { get; } = [];

    public List<EventPoint> Events { get; } = [];

    public bool Any => Transitions.Count > 0 || Events.Count > 0;

    public void Clear()
    {
        Transitions.Clear();
        Events.Clear();
    }
}

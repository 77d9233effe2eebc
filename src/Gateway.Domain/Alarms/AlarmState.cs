namespace Gateway.Domain.Alarms;

/// <summary>States of ISA-18.2-2016 / IEC 62682, with the letters of the standard's diagram. The numbers go up the uplink as <c>alarm_code</c> and never change.</summary>
public enum AlarmState : byte
{
    /// <summary>A: nothing to see; the alarm is closed.</summary>
    Normal = 0,

    /// <summary>B</summary>
    Unacked = 1,

    /// <summary>C</summary>
    Acked = 2,

    /// <summary>D: the condition is over, nobody has seen it yet.</summary>
    ReturnedUnacked = 3,

    /// <summary>H: suppressed by design, under a root cause that has an alarm of its own.</summary>
    Suppressed = 4,

    /// <summary>E: the condition is over, but the rule wants a person to look before it is forgotten; nobody has seen it yet.</summary>
    LatchedUnacked = 5,

    /// <summary>F: seen, and over; waits for a person to reset it.</summary>
    LatchedAcked = 6,

    /// <summary>G: a person has put it aside for a time that ends by itself.</summary>
    Shelved = 7,

    /// <summary>I: what it is about is out of service.</summary>
    OutOfService = 8,
}

/// <summary>What can happen to an alarm. Where it matters whether the condition stands at that moment, there is an event for either case.</summary>
public enum AlarmEvent : byte
{
    Raise,
    Return,

    /// <summary>Return under a rule that latches.</summary>
    ReturnLatching,
    Acknowledge,

    /// <summary>A person lets a latched alarm go.</summary>
    Reset,
    Shelve,

    /// <summary>The shelf time is over or a person ended it, and the condition stands.</summary>
    UnshelveStanding,
    UnshelveOver,

    /// <summary>It has become clearly worse than when it was shelved.</summary>
    Worsen,

    /// <summary>A root cause that has an alarm of its own explains it.</summary>
    Suppress,

    /// <summary>The root cause is over, and the condition stands.</summary>
    ReleaseStanding,
    ReleaseOver,
    TakeOutOfService,
    PutInServiceStanding,
    PutInServiceOver,
}

using Gateway.Domain.Configuration;
using Gateway.Domain.Rules;

namespace Gateway.Domain.Alarms;

/// <summary>One alarm from its first raise to its close. Immutable: every step is a new value, and the value is what is journalled.</summary>
/// <param name="Id">Minted once, the same everywhere up the chain (<see cref="AlarmIdentity"/>).</param>
/// <param name="Number">Running number of alarms of this gateway; what <paramref name="Id"/> is made from.</param>
/// <param name="Root">Id of the alarm it is suppressed under, or null.</param>
/// <param name="Value">What was seen when it last rose, in the field's unit; null where nothing is measured.</param>
/// <param name="Count">How often it rose while open.</param>
public sealed record Alarm(
    string Id,
    long Number,
    string Rule,
    Severity Severity,
    AlarmSubject Subject,
    LocalText Title,
    LocalText Advice,
    AlarmState State,
    string? Cause,
    string? Root,
    long RaisedAtMs,
    long ChangedAtMs,
    long? AckedAtMs,
    string? AckedBy,
    string? Note,
    long? ReturnedAtMs,
    double? Value,
    double? Limit,
    int Count)
{
    /// <summary>Whether the condition itself stands, whatever people have done about it.</summary>
    public bool Standing { get; init; } = true;

    /// <summary>It came and went so fast that it is held open as one (<see cref="Chatter"/>).</summary>
    public bool Chattering { get; init; }

    /// <summary>Set while it is shelved.</summary>
    public Shelving? Shelved { get; init; }

    /// <summary>Somebody wants it shelved, and a second person has not agreed yet.</summary>
    public Shelving? ShelvingAsked { get; init; }

    /// <summary>Nobody looks at it now: it is not annunciated, and does not count as open on a wall.</summary>
    public bool Quiet => State is AlarmState.Shelved or AlarmState.Suppressed or AlarmState.OutOfService;
}

/// <summary>What an alarm is about.</summary>
public readonly record struct AlarmSubject(SubjectKind Kind, string Id);

public enum SubjectKind : byte { Device, Bus, Gateway, Unregistered, Broker, Client }

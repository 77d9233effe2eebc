using Gateway.Domain.Configuration;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;

namespace Gateway.Engine.Views;

/// <summary>What the engine shows of itself at one moment; immutable, safe to read from any thread. Shapes follow the console's API.md.</summary>
public sealed record SiteView(
    long AtMs,
    long Seq,
    SiteInfo Site,
    ComplianceView Compliance,
    IReadOnlyList<DeviceView> Devices,
    IReadOnlyList<UnregisteredView> Unregistered,
    IReadOnlyList<AlarmView> Alarms);

public sealed record SiteInfo(string Id, LocalText Name, string TimeZone, string Class);

public sealed record ComplianceView(DeviceShare Devices, OperatorShare Operators, InsuranceShare Insurance);

public sealed record DeviceShare(long Numerator, long Denominator, string? Rate, bool Met, IReadOnlyList<MissingView> Missing, DayShare Today);

public sealed record OperatorShare(long Numerator, long Denominator, string? Rate, bool Met, IReadOnlyList<MissingView> Missing, long WorkingMs, long CertifiedMs);

public sealed record InsuranceShare(long Numerator, long Denominator, string? Rate, bool Met, IReadOnlyList<MissingView> Missing, DateTimeOffset? ValidTo);

public sealed record DayShare(long OnlineMs, long RequiredMs, string? Rate);

public sealed record MissingView(string Id, LocalText Name, string Reason, DateTimeOffset? Since);

public sealed record DeviceView(
    string Id,
    LocalText Name,
    string Kind,
    string Profile,
    bool Safety,
    string Link,
    string? Bus,
    string? Broker,
    PresenceView Presence,
    DateTimeOffset? LastMessageAt,
    IReadOnlyList<ValueView> Values,
    int OpenAlarms)
{
    public LifecycleView? Lifecycle { get; init; }
}

public sealed record PresenceView(
    PresenceState State,
    string? Cause,
    DateTimeOffset Since,
    IReadOnlyList<RungView> Ladder,
    int ExpectedMs,
    int OfflineAfterMs,
    long OnlineTodayMs,
    long RequiredTodayMs)
{
    /// <summary>How often it was lost within the last hour.</summary>
    public int FlapsLastHour { get; init; }
}

/// <param name="Ok">Null = not known, or not applicable.</param>
/// <param name="Failures">How often it failed since the gateway started.</param>
/// <param name="Detail">Why, where a check failed.</param>
public sealed record RungView(string Rung, bool? Ok, DateTimeOffset? Since, int Failures, CheckView? Detail = null);

/// <summary>A failed check as people see it.</summary>
/// <param name="Check">Word of its kind.</param>
/// <param name="Seen">What was seen when it was last bad; null where that is no number.</param>
/// <param name="Limit">In the unit of <paramref name="Seen"/>; for <c>frozen</c> seconds.</param>
public sealed record CheckView(string Check, string? Field, double? Seen, double Limit, LocalText Title, LocalText Advice);

/// <param name="Number">The value of a number or integer field.</param>
/// <param name="Text">The value of a text field.</param>
public sealed record ValueView(string Field, string Unit, double? Number, string? Text, SampleQuality Quality, DateTimeOffset? ReceivedAt);

public sealed record UnregisteredView(string Link, string Address, string? Kind, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, long Messages, string Sample);

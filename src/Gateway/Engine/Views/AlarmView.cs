using System.Text.Json.Serialization;
using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Rules;

namespace Gateway.Engine.Views;

/// <summary>An alarm as the console, the journal and the alarm table hold it; carries everything, so that it can be taken up again after a restart.</summary>
public sealed record AlarmView(
    string Id,
    long Seq,
    long Number,
    string Rule,
    Severity Severity,
    SubjectView Subject,
    LocalText Title,
    LocalText Advice,
    AlarmState State,
    string? Cause,
    string? Root,
    DateTimeOffset RaisedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? AckedAt,
    string? AckedBy,
    string? Note,
    DateTimeOffset? ReturnedAt,
    double? Value,
    double? Limit,
    int Count)
{
    /// <summary>Whether the condition stands; null in rows of before it was told apart from the state.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Standing { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Chattering { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ShelvingView? Shelved { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ShelvingView? ShelvingAsked { get; init; }

    public static AlarmView Of(Alarm a, long seq, LocalText name) => new(a.Id, seq, a.Number, a.Rule, a.Severity, new SubjectView(a.Subject.Kind, a.Subject.Id, name),
        a.Title, a.Advice, a.State, a.Cause, a.Root, Time(a.RaisedAtMs), Time(a.ChangedAtMs), Time(a.AckedAtMs), a.AckedBy, a.Note, Time(a.ReturnedAtMs), a.Value, a.Limit, a.Count)
    {
        Standing = a.Standing, Chattering = a.Chattering, Shelved = ShelvingView.Of(a.Shelved), ShelvingAsked = ShelvingView.Of(a.ShelvingAsked),
    };

    public Alarm ToAlarm() => new(Id, Number, Rule, Severity, new AlarmSubject(Subject.Kind, Subject.Id), Title, Advice, State, Cause, Root,
        RaisedAt.ToUnixTimeMilliseconds(), ChangedAt.ToUnixTimeMilliseconds(), AckedAt?.ToUnixTimeMilliseconds(), AckedBy, Note, ReturnedAt?.ToUnixTimeMilliseconds(), Value, Limit, Count)
    {
        Standing = Standing ?? State is AlarmState.Unacked or AlarmState.Acked or AlarmState.Suppressed,
        Chattering = Chattering,
        Shelved = Shelved?.ToShelving(),
        ShelvingAsked = ShelvingAsked?.ToShelving(),
    };

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private static DateTimeOffset? Time(long? ms) => ms is { } known ? Time(known) : null;
}

/// <summary>Who put an alarm aside, or wants to, and until when.</summary>
public sealed record ShelvingView(string By, string? ApprovedBy, string Reason, DateTimeOffset At, DateTimeOffset Until, double? Value)
{
    internal static ShelvingView? Of(Shelving? s) =>
        s is null ? null : new(s.By, s.ApprovedBy, s.Reason, DateTimeOffset.FromUnixTimeMilliseconds(s.AtMs), DateTimeOffset.FromUnixTimeMilliseconds(s.UntilMs), s.Value);

    internal Shelving ToShelving() => new(By, ApprovedBy, Reason, At.ToUnixTimeMilliseconds(), Until.ToUnixTimeMilliseconds(), Value);
}

public sealed record SubjectView(SubjectKind Kind, string Id, LocalText Name);

/// <summary>One presence transition as the event stream sends it.</summary>
public sealed record PresenceEvent(string Device, PresenceView Presence);

/// <summary>One closed interval as the journal holds it.</summary>
public sealed record IntervalRow(string Device, Domain.Presence.PresenceState State, string Cause, DateTimeOffset From, DateTimeOffset To);

/// <summary>The gateway began or ended: what ran, on what ground.</summary>
/// <param name="ConfigurationSha256">Of the configuration file, hex.</param>
/// <param name="Overrides">Names of the environment variables that changed something in it; their values may be secrets.</param>
/// <param name="LastEnd">How the run before ended.</param>
/// <param name="LastExit">The supervisor's own words about that, where it left any.</param>
public sealed record BootRow(string Gateway, string Version, string LedgerSha256, string RulesSha256, string ConfigurationSha256, IReadOnlyList<string> Overrides, long TelemetryFrontier, long ReplayedLines,
    Diagnostics.Boot.LastEnd LastEnd, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LastExit = null);

public sealed record ShutdownRow(string Gateway, string Reason);

/// <summary>Lines given up under the disk budget, counted exactly, or lost with a damaged file.</summary>
/// <param name="Reason"><c>budget</c>, <c>age</c>, <c>free-space</c>, each with <c>-unsent</c> where a target still lacked some of them; <c>damage</c>.</param>
/// <param name="Devices">Whose lines they were; null where nobody can read them any more.</param>
public sealed record GapRow(long FirstLine, long Lines, DateTimeOffset OldestReceivedAt, DateTimeOffset NewestReceivedAt, string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<GapDevice>? Devices = null);

/// <summary>One device's part of a gap.</summary>
/// <param name="Device">As its lines are tagged; empty for lines without the tag.</param>
/// <param name="FirstAt">Time of its earliest point.</param>
public sealed record GapDevice(string Device, long Lines, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>A file of the store was damaged and recovered. Members that do not apply are left out.</summary>
/// <param name="MovedTo">Below the store's folder.</param>
/// <param name="LastGoodSeq">Journal: the row before the first hole; <paramref name="RowsLost"/> numbers after it have no row.</param>
/// <param name="TelemetryFrom">Lines may be missing from here to <paramref name="TelemetryTo"/>, where numbers go on; gap rows name those that certainly are.</param>
public sealed record DamageRow(
    string File,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? MovedTo,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sha256,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? LastGoodSeq,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? RowsLost,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? TelemetryFrom,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? TelemetryTo);

/// <summary>Something a person did.</summary>
public sealed record AuditRow(string Who, string What, string? Target, string? Detail);

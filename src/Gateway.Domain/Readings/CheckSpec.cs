using Gateway.Domain.Configuration;

namespace Gateway.Domain.Readings;

/// <summary>One check of a profile: what a device's live measurements must look like to be believed. Data; <see cref="Presence.Checks.DeviceChecks"/> judges by it.</summary>
public abstract record CheckSpec(CheckKind Kind)
{
    public const int GoodToReturnDefault = 3;
    public const int GoodMsToReturnDefault = 10_000;

    /// <summary>Only suspicious: an alarm of its own, the device stays online.</summary>
    public bool Suspect { get; init; }

    /// <summary>Good messages in a row before the check counts as passed again.</summary>
    public int GoodToReturn { get; init; } = GoodToReturnDefault;

    /// <summary>… and how long they must have been coming, ms.</summary>
    public int GoodMsToReturn { get; init; } = GoodMsToReturnDefault;

    public LocalText Title { get; init; } = CheckWords.TitleOf(Kind);

    public LocalText Advice { get; init; } = CheckWords.AdviceOf(Kind);
}

/// <summary>A machine at rest: while the field's newest good value is below the limit, or nothing is known of it, sameness proves nothing.</summary>
public sealed record AtRest(int Slot, double Below);

/// <summary>The field lies outside its own physical range (<see cref="FieldSpec"/>) so many times in a row.</summary>
public sealed record RangeCheck(int Slot, int Times) : CheckSpec(CheckKind.Range);

/// <summary>All these fields stand still for so long although messages come.</summary>
public sealed record FrozenCheck(IReadOnlyList<int> Slots, int ForMs, AtRest? Unless) : CheckSpec(CheckKind.Frozen);

/// <summary>The field changes faster than the machine can, so many times in a row.</summary>
/// <param name="PerSecondMax">In the field's unit.</param>
public sealed record RateCheck(int Slot, double PerSecondMax, int Times) : CheckSpec(CheckKind.Rate);

/// <summary>The device itself says that it is broken. Exactly one of the three conditions is set.</summary>
public sealed record SelfTestCheck(int Slot, int? Bit, double? EqualTo, double? Above, int Times) : CheckSpec(CheckKind.SelfTest);

/// <summary>Messages that come in a rhythm no network lets through, with values that do not change: made by a machine.</summary>
public sealed record RegularityCheck(int WithinMs, int Messages, AtRest? Unless) : CheckSpec(CheckKind.Regularity);

/// <summary>Every measured number is the same in so many messages in a row.</summary>
public sealed record IdenticalCheck(int Messages, AtRest? Unless) : CheckSpec(CheckKind.Identical);

/// <summary>Device time lies further from ours than this, so many messages in a row. Every device that tells a time has this check; it is a rung of its own.</summary>
public sealed record ClockCheck(int SkewMsMax) : CheckSpec(CheckKind.Clock)
{
    public const int SkewMsMaxDefault = 60_000;
    public const int Times = 3;
}

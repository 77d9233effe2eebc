namespace Gateway.Diagnostics.Clock;

/// <summary>How the gateway's own clock stands; as <c>/api/v1/site</c> shows it.</summary>
/// <param name="LastStepMs">How far the wall clock last jumped since the start, ms; positive is forward; null: never.</param>
/// <param name="Steps">How often it jumped since the start.</param>
/// <param name="Sane">It can be believed: synchronised, or set by hardware at the start and not behind what was already lived through.</param>
public sealed record ClockStanding(ClockState State, string? Source, bool Rtc, double? EstimatedErrorMs, double? MaxErrorMs, long? LastStepMs, long Steps, bool Sane)
{
    public static ClockStanding Unasked { get; } = new(ClockState.Unknown, null, false, null, null, null, 0, false);
}

using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212.Recall;

/// <summary>A span of a device's history that we do not have, or the part of one that is asked for at a time.</summary>
/// <param name="FromMs">Start of its first interval, Unix ms.</param>
/// <param name="ToMs">End of its last interval.</param>
/// <param name="Cn">2051, 2061 or 2031: which means fill it.</param>
internal readonly record struct RecallGap(long FromMs, long ToMs, Hj212Command Cn)
{
    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    /// <summary>What a gap of this length is filled with: minutes within a day, hours within a month, days beyond.</summary>
    public static RecallGap Of(long fromMs, long toMs) =>
        new(fromMs, toMs, toMs - fromMs > 30 * DayMs ? Hj212Command.DayData : toMs - fromMs > DayMs ? Hj212Command.HourData : Hj212Command.MinuteData);

    /// <summary>Its oldest part, as much as one request asks for: an hour of minutes, a day of hours, a month of days.</summary>
    public RecallGap Slice() => this with
    {
        ToMs = Math.Min(ToMs, FromMs + Cn switch { Hj212Command.MinuteData => HourMs, Hj212Command.HourData => DayMs, _ => 30 * DayMs }),
    };
}

using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>How one HJ 212 logger departs from the standard, and what it may be told: ledger member <c>hj212</c>.</summary>
/// <param name="Crc">Which checksums are believed. Default: any rule that was seen in the field and fits.</param>
/// <param name="SetIntervals">Its real-time interval is set (CN 1062) to the device's expected interval. Default off: many bureaus forbid it.</param>
/// <param name="MinuteInterval">What its minute interval is set to (CN 1064), minutes, with <paramref name="SetIntervals"/>; null = left alone.</param>
public sealed record Hj212Dialect(Hj212CrcRule Crc, bool SetIntervals, int? MinuteInterval)
{
    public static Hj212Dialect Default { get; } = new(Hj212CrcRule.Any, false, null);

    internal static Hj212Dialect Read(JsonObjectReader device, LinkKind link)
    {
        if (device.ObjectOrNull("hj212") is not { } o) return Default;
        if (link != LinkKind.Hj212) device.Report("hj212", $"expected only for link hj212, saw it on {LinkNames.Of(link, null)}");
        var dialect = new Hj212Dialect(o.OneOf("crc", LedgerWords.Hj212CrcRules, Hj212CrcRule.Any, required: false), o.Flag("setIntervals", false), o.IntegerOrNull("minuteInterval", 1, 30));
        if (dialect.MinuteInterval is { } minutes && 60 % minutes != 0) o.Report("minuteInterval", $"expected a whole part of an hour: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30, saw {minutes}");
        if (dialect is { MinuteInterval: not null, SetIntervals: false }) o.Report("minuteInterval", "expected only with \"setIntervals\": true");
        o.Done();
        return dialect;
    }
}

/// <summary>Which checksums of a logger are believed.</summary>
public enum Hj212CrcRule : byte
{
    /// <summary>The standard's, also without the closing <c>&amp;&amp;</c>, and CRC-16/MODBUS in either order.</summary>
    Any,

    /// <summary>The standard's alone.</summary>
    Standard,

    /// <summary>CRC-16/MODBUS in either order.</summary>
    Modbus,

    /// <summary>Whatever it sends: its values are believed unchecked, and the wrong ones counted.</summary>
    None,
}

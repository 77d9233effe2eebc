using Gateway.Protocols.Hj212;

namespace Gateway.Links.Hj212;

/// <summary>What may be asked of one device, and by which clock it writes.</summary>
/// <param name="Asks">False for a device that nobody registered: it is answered, and asked for nothing.</param>
/// <param name="SetTime">Its clock is set when it is wrong.</param>
/// <param name="RtdIntervalSeconds">What its real-time interval is set to, or null.</param>
/// <param name="MinIntervalMinutes">What its minute interval is set to, or null.</param>
internal sealed record Hj212Rules(bool Asks, bool SetTime, int? RtdIntervalSeconds, int? MinIntervalMinutes, long OfflineAfterMs, TimeZoneInfo Zone)
{
    /// <summary>Whether our own clock may be given to devices.</summary>
    public Func<bool> ClockIsSane { get; init; } = static () => true;

    /// <summary>Civil time of the site, as loggers write it.</summary>
    public DateTime Civil(long ms) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), Zone).DateTime;

    /// <summary>The moment a device means by its civil time, Unix ms.</summary>
    public static long MsOf(Hj212Time time, TimeZoneInfo zone)
    {
        var civil = time.ToCivil();
        return new DateTimeOffset(civil, zone.GetUtcOffset(civil)).ToUnixTimeMilliseconds();
    }
}

using System.Globalization;

namespace Gateway.Bureau.Reports;

/// <summary>Civil time of the site: where minutes, hours and days begin, and how HJ 212 writes them.</summary>
internal sealed class SiteCalendar(TimeZoneInfo zone)
{
    public TimeZoneInfo Zone => zone;

    /// <summary>Start of the interval of that many minutes that holds the moment, counted from the full hour.</summary>
    public long Minute(long ms, int minutes) => Floor(ms, minutes * 60_000L);

    public long Hour(long ms) => Floor(ms, 3_600_000);

    public long Day(long ms) => MsOf(Civil(ms).Date);

    public long NextDay(long dayMs) => MsOf(Civil(dayMs).Date.AddDays(1));

    /// <summary>Hour of the day, 0 to 23.</summary>
    public int HourOfDay(long ms) => Civil(ms).Hour;

    public string Stamp(long ms) => Civil(ms).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    public DateTime Civil(long ms) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).DateTime;

    /// <summary>Where the clock skips, the first moment that exists.</summary>
    public long MsOf(DateTime civil)
    {
        while (zone.IsInvalidTime(civil)) civil = civil.AddMinutes(15);
        return new DateTimeOffset(civil, zone.GetUtcOffset(civil)).ToUnixTimeMilliseconds();
    }

    private long Floor(long ms, long stepMs)
    {
        long offsetMs = (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(ms)).TotalMilliseconds, local = ms + offsetMs;
        return local - local % stepMs - offsetMs;
    }
}

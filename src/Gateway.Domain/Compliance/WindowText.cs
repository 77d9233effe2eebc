using System.Globalization;

namespace Gateway.Domain.Compliance;

/// <summary>How people and programs name a window: <c>2026-03-05</c>, <c>2026-03</c>, <c>bimonth:2026-2</c>, <c>today</c>, or two moments.</summary>
/// <remarks>Years 2000 to 2199; a window of two moments is <see cref="DaysMax"/> days at most. Nothing is guessed: a text of another form is refused.</remarks>
public static class WindowText
{
    /// <summary>Longest window of two moments, days: a leap year.</summary>
    public const int DaysMax = 366;

    public const string Expected = "now, today, a day (2026-03-05), a month (2026-03), two months (bimonth:2026-2 = March and April, or 2026-03/2026-04), or FROM/TO as 2026-03-05T08:00:00Z/2026-03-06T08:00:00Z, at most 366 days";

    private static readonly DateOnly First = new(2000, 1, 1), Last = new(2199, 12, 31);

    /// <summary>The window a text names; null when it names none.</summary>
    /// <param name="nowMs">What day it is; <c>now</c> is the day so far, too.</param>
    public static AccountWindow? Read(string text, TimeZoneInfo zone, long nowMs) => text switch
    {
        "now" or "today" => AccountWindow.Day(CivilDays.DateOf(nowMs, zone), zone),
        _ when text.StartsWith("bimonth:", StringComparison.Ordinal) => Pair(text["bimonth:".Length..], zone),
        _ when DateOf(Without(text, "day:"), "yyyy-MM-dd") is { } day => AccountWindow.Day(day, zone),
        _ when DateOf(Without(text, "month:"), "yyyy-MM") is { } month => AccountWindow.Month(month.Year, month.Month, zone),
        _ when text.Split('/') is [var from, var to] => Between(from, to, zone),
        _ => null,
    };

    /// <summary>The shortest text that names this window; it fits into a path, unless the window is of two moments.</summary>
    public static string Of(AccountWindow window) => window.Kind switch
    {
        WindowKind.Day => window.Days[0].Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        WindowKind.Month => window.Days[0].Date.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        WindowKind.BiMonth => string.Create(CultureInfo.InvariantCulture, $"bimonth:{window.Days[0].Date.Year}-{(window.Days[0].Date.Month + 1) / 2}"),
        _ => $"{Moment(window.FromMs)}/{Moment(window.ToMs)}",
    };

    /// <summary>A moment as RFC 3339 has it, with its offset, or the beginning of a civil day; ms, null when it is neither.</summary>
    public static long? MomentOf(string text, TimeZoneInfo zone)
    {
        if (DateOf(text, "yyyy-MM-dd") is { } day) return CivilDays.StartOf(day, zone);
        bool told = text.Contains('T', StringComparison.Ordinal) && (text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':'));
        if (!told || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment)) return null;
        var date = DateOnly.FromDateTime(moment.UtcDateTime);
        return date >= First && date <= Last ? moment.ToUnixTimeMilliseconds() : null;
    }

    /// <summary>What <see cref="MomentOf"/> reads.</summary>
    public const string MomentExpected = "a time as 2026-11-21T14:03:07Z or 2026-11-21T22:03:07+08:00, or a day as 2026-11-21";

    private static AccountWindow? Pair(string text, TimeZoneInfo zone) =>
        text.Length == 6 && text[4] == '-' && text[5] is >= '1' and <= '6' && DateOf(text[..4], "yyyy") is { } year ? AccountWindow.BiMonth(year.Year, text[5] - '0', zone) : null;

    private static AccountWindow? Between(string from, string to, TimeZoneInfo zone)
    {
        if (DateOf(from, "yyyy-MM") is { } first && DateOf(to, "yyyy-MM") is { } second)
            return first.Month % 2 == 1 && second == first.AddMonths(1) ? AccountWindow.BiMonth(first.Year, (first.Month + 1) / 2, zone) : null;
        if (MomentOf(from, zone) is not { } fromMs || MomentOf(to, zone) is not { } toMs) return null;
        return toMs > fromMs && toMs - fromMs <= DaysMax * 86_400_000L ? AccountWindow.Of(fromMs, toMs, zone) : null;
    }

    private static string Without(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    private static DateOnly? DateOf(string text, string form) =>
        DateOnly.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date >= First && date <= Last ? date : null;

    private static string Moment(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

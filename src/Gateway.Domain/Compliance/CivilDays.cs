namespace Gateway.Domain.Compliance;

/// <summary>One civil day of a site, or the part of it that lies in a window. Half open, ms.</summary>
public readonly record struct CivilDay(DateOnly Date, long FromMs, long ToMs)
{
    public long LengthMs => ToMs - FromMs;
}

/// <summary>Where the days of a zone begin and end: 86 400 000 ms most of the time, 23 and 25 h where the clocks change, nothing where a zone skipped a date.</summary>
public static class CivilDays
{
    private const long MinuteMs = 60_000;

    // No offset is further than this from UTC.
    private const long OffsetMaxMs = 15 * 60 * MinuteMs;

    /// <summary>The first instant that carries the date or a later one, ms. Found by asking what date an instant has, which is never ambiguous, as a local midnight may be.</summary>
    public static long StartOf(DateOnly date, TimeZoneInfo zone)
    {
        long midnightMs = (date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400_000L;
        // Nearly always the offset of that moment says it at once.
        long guessMs = midnightMs - OffsetMs(midnightMs - OffsetMs(midnightMs, zone), zone);
        if (DateOf(guessMs, zone) >= date && DateOf(guessMs - 1, zone) < date) return guessMs;
        long before = midnightMs - OffsetMaxMs, at = midnightMs + OffsetMaxMs + 86_400_000;
        while (at - before > 1)
        {
            long middle = before + (at - before) / 2;
            if (DateOf(middle, zone) >= date) at = middle;
            else before = middle;
        }
        return at;
    }

    /// <summary>The civil day an instant falls on.</summary>
    public static DateOnly DateOf(long atMs, TimeZoneInfo zone) => DateOnly.FromDateTime(Local(atMs, zone).DateTime);

    /// <summary>An instant as the site's clocks show it.</summary>
    public static DateTimeOffset Local(long atMs, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(atMs), zone);

    /// <summary>All days from the first to the last, both included.</summary>
    public static IReadOnlyList<CivilDay> Between(DateOnly first, DateOnly last, TimeZoneInfo zone)
    {
        var days = new List<CivilDay>();
        long fromMs = StartOf(first, zone);
        for (var date = first; date <= last; date = date.AddDays(1))
        {
            long toMs = StartOf(date.AddDays(1), zone);
            days.Add(new CivilDay(date, fromMs, toMs));
            fromMs = toMs;
        }
        return days;
    }

    private static long OffsetMs(long atMs, TimeZoneInfo zone) => (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(atMs)).TotalMilliseconds;
}

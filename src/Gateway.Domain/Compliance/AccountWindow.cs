namespace Gateway.Domain.Compliance;

/// <summary>What a window is called.</summary>
public enum WindowKind : byte
{
    Day,
    Month,

    /// <summary>Calendar pairs: January and February, March and April …</summary>
    BiMonth,

    Any,
}

/// <summary>The time figures are asked for, with the civil days it is made of; the first and last may be parts of days when the kind is <see cref="WindowKind.Any"/>.</summary>
public sealed record AccountWindow(WindowKind Kind, long FromMs, long ToMs, IReadOnlyList<CivilDay> Days)
{
    public static AccountWindow Day(DateOnly date, TimeZoneInfo zone) => Whole(WindowKind.Day, date, date, zone);

    public static AccountWindow Month(int year, int month, TimeZoneInfo zone)
    {
        var first = new DateOnly(year, month, 1);
        return Whole(WindowKind.Month, first, first.AddMonths(1).AddDays(-1), zone);
    }

    /// <param name="pair">1 = January and February … 6 = November and December.</param>
    public static AccountWindow BiMonth(int year, int pair, TimeZoneInfo zone)
    {
        var first = new DateOnly(year, pair * 2 - 1, 1);
        return Whole(WindowKind.BiMonth, first, first.AddMonths(2).AddDays(-1), zone);
    }

    /// <exception cref="ArgumentException">The end does not lie behind the beginning.</exception>
    public static AccountWindow Of(long fromMs, long toMs, TimeZoneInfo zone)
    {
        if (toMs <= fromMs) throw new ArgumentException($"a window ends behind its beginning; seen {fromMs} to {toMs}", nameof(toMs));
        var days = CivilDays.Between(CivilDays.DateOf(fromMs, zone), CivilDays.DateOf(toMs - 1, zone), zone);
        return new AccountWindow(WindowKind.Any, fromMs, toMs, Clip(days, fromMs, toMs));
    }

    /// <summary>The days as far as they are over at a moment; a day not yet begun is left out.</summary>
    public IReadOnlyList<CivilDay> DaysUntil(long atMs) => atMs >= ToMs ? Days : Clip(Days, FromMs, atMs);

    private static AccountWindow Whole(WindowKind kind, DateOnly first, DateOnly last, TimeZoneInfo zone)
    {
        var days = CivilDays.Between(first, last, zone);
        return new AccountWindow(kind, days[0].FromMs, days[^1].ToMs, days);
    }

    private static List<CivilDay> Clip(IReadOnlyList<CivilDay> days, long fromMs, long toMs) =>
        [.. days.Where(d => d.FromMs < toMs).Select(d => d with { FromMs = Math.Max(d.FromMs, fromMs), ToMs = Math.Min(d.ToMs, toMs) })];
}

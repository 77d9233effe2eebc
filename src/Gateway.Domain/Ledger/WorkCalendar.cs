using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>When the site works, in its own civil time.</summary>
/// <param name="Workdays">Days of the week with work, unless they are holidays.</param>
/// <param name="Hours">Spans of a working day, ascending, apart from each other; empty = the whole day. A night shift is two spans.</param>
/// <param name="Holidays">Days without work.</param>
/// <param name="ExtraWorkdays">Days with work although the week or a holiday says otherwise (调休).</param>
public sealed record WorkCalendar(string Id, IReadOnlySet<DayOfWeek> Workdays, IReadOnlyList<WorkSpan> Hours, IReadOnlySet<DateOnly> Holidays, IReadOnlySet<DateOnly> ExtraWorkdays)
{
    public LocalText? Name { get; init; }

    public bool IsWorkday(DateOnly day) => ExtraWorkdays.Contains(day) || (Workdays.Contains(day.DayOfWeek) && !Holidays.Contains(day));

    /// <param name="minute">Of the civil day, 0 to 1439.</param>
    public bool WorksAt(DateOnly day, int minute) => IsWorkday(day) && (Hours.Count == 0 || Hours.Any(h => minute >= h.FromMinute && minute < h.ToMinute));
}

/// <summary>A part of a day.</summary>
/// <param name="FromMinute">First minute, 0 to 1439.</param>
/// <param name="ToMinute">Minute it ends before, 1 to 1440 (24:00).</param>
public readonly record struct WorkSpan(int FromMinute, int ToMinute)
{
    public override string ToString() => $"{Clock(FromMinute)}-{Clock(ToMinute)}";

    private static string Clock(int minute) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}

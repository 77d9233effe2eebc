using System.Globalization;
using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>Reads the section <c>calendars</c> and finds the site's.</summary>
internal static class CalendarReader
{
    private const int MinutesOfDay = 1_440;

    public static List<WorkCalendar> Read(JsonObjectReader root) => LedgerReader.Unique(root.Objects("calendars"), ReadCalendar, c => c.Id, "calendar");

    /// <summary>The one the site names, else the only one there is.</summary>
    public static WorkCalendar? OfSite(JsonObjectReader root, string? named, IReadOnlyList<WorkCalendar> calendars)
    {
        if (named is null && calendars.Count > 1) root.Report("site.calendar", $"is missing (one of the {calendars.Count} calendars is the site's)");
        if (named is null) return calendars.Count == 1 ? calendars[0] : null;
        var found = calendars.FirstOrDefault(c => c.Id == named);
        if (found is null) root.Report("site.calendar", $"expected one of the calendars of this ledger, saw \"{named}\"");
        return found;
    }

    private static WorkCalendar ReadCalendar(JsonObjectReader o)
    {
        string id = o.Identifier("id");
        var name = o.Has("name") ? o.LocalText("name") : null;
        var workdays = new HashSet<DayOfWeek>();
        foreach (string day in o.Texts("workdays"))
            if (!LedgerWords.Days.TryGetValue(day, out var known)) o.Report("workdays", $"expected days of {string.Join(", ", LedgerWords.Days.Keys)}, saw \"{day}\"");
            else if (!workdays.Add(known)) o.Report("workdays", $"names {day} twice");
        if (!o.Has("workdays")) o.Report("workdays", "is missing (such as [\"mon\", \"tue\"])");
        var calendar = new WorkCalendar(id, workdays, ReadHours(o), ReadDays(o, "holidays"), ReadDays(o, "extraWorkdays")) { Name = name };
        foreach (var both in calendar.Holidays.Intersect(calendar.ExtraWorkdays)) o.Report("extraWorkdays", $"{both:yyyy-MM-dd} is among the holidays too");
        o.Done();
        return calendar;
    }

    private static List<WorkSpan> ReadHours(JsonObjectReader calendar)
    {
        var hours = new List<WorkSpan>();
        foreach (var o in calendar.Objects("hours"))
        {
            var span = new WorkSpan(ReadMinute(o, "from"), ReadMinute(o, "to"));
            o.Done();
            if (span.FromMinute < 0 || span.ToMinute < 0) continue;
            if (span.ToMinute <= span.FromMinute) o.Report("to", "expected a time after from: a shift across midnight is two spans, to 24:00 and from 00:00");
            else if (hours.Count > 0 && span.FromMinute < hours[^1].ToMinute) o.Report("from", $"expected a time not before {hours[^1]} ends");
            hours.Add(span);
        }
        return hours;
    }

    /// <returns>Minute of the day, or -1 after a problem.</returns>
    private static int ReadMinute(JsonObjectReader o, string member)
    {
        string text = o.Text(member);
        if (text.Length == 0) return -1;
        if (text == "24:00") return MinutesOfDay;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time.Hour * 60 + time.Minute;
        o.Report(member, $"expected a time from 00:00 to 24:00, saw \"{text}\"");
        return -1;
    }

    private static HashSet<DateOnly> ReadDays(JsonObjectReader o, string member)
    {
        var days = new HashSet<DateOnly>();
        foreach (string text in o.Texts(member))
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) o.Report(member, $"expected dates as 2026-01-31, saw \"{text}\"");
            else if (!days.Add(day)) o.Report(member, $"names {text} twice");
        return days;
    }
}

using System.Globalization;
using Gateway.Domain.Compliance;
using Xunit;

namespace Gateway.Domain.Tests.Compliance;

public sealed class CivilDaysTests
{
    [Theory]
    [InlineData("Asia/Shanghai", "2026-03-05", "2026-03-04T16:00:00Z", 24)]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23)]
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25)]
    [InlineData("Asia/Kolkata", "2028-02-29", "2028-02-28T18:30:00Z", 24)]
    // The clocks go from midnight to one, and from one back to midnight.
    [InlineData("America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", 23)]
    [InlineData("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", 25)]
    [InlineData("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", 23)]
    // Half an hour of summer time.
    [InlineData("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", 24.5)]
    // The date that Samoa left out.
    [InlineData("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0)]
    public void A_day_begins_with_the_first_instant_that_carries_its_date(string zone, string date, string begins, double hours)
    {
        var day = Assert.Single(CivilDays.Between(DateOnly.Parse(date, CultureInfo.InvariantCulture), DateOnly.Parse(date, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone)));
        Assert.Equal(DateTimeOffset.Parse(begins, CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(day.FromMs));
        Assert.Equal((long)(hours * 3_600_000), day.LengthMs);
    }

    [Fact]
    public void Every_instant_of_a_day_carries_its_date()
    {
        foreach (string id in new[] { "Asia/Shanghai", "Europe/Berlin", "America/Havana", "Africa/Cairo", "Asia/Kathmandu" })
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
            foreach (var day in CivilDays.Between(new DateOnly(2026, 1, 1), new DateOnly(2027, 12, 31), zone))
                Assert.True(CivilDays.DateOf(day.FromMs, zone) == day.Date && CivilDays.DateOf(day.ToMs - 1, zone) == day.Date && CivilDays.DateOf(day.FromMs - 1, zone) < day.Date, $"{id} {day.Date}");
        }
    }

    [Theory]
    [InlineData(2028, 2, 29)]
    [InlineData(2100, 2, 28)]
    [InlineData(2026, 12, 31)]
    public void A_month_has_its_days(int year, int month, int days)
    {
        var window = AccountWindow.Month(year, month, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        Assert.Equal((days, days * 86_400_000L), (window.Days.Count, window.ToMs - window.FromMs));
    }

    [Fact]
    public void A_pair_of_months_begins_in_odd_ones()
    {
        var window = AccountWindow.BiMonth(2026, 1, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        Assert.Equal((59, new DateOnly(2026, 1, 1), new DateOnly(2026, 2, 28)), (window.Days.Count, window.Days[0].Date, window.Days[^1].Date));
    }

    [Fact]
    public void Any_window_has_parts_of_days_at_its_ends()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        long from = DateTimeOffset.Parse("2026-03-05T12:00+08:00", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        var window = AccountWindow.Of(from, from + 24 * 3_600_000, zone);
        Assert.Equal([12 * 3_600_000L, 12 * 3_600_000L], window.Days.Select(d => d.LengthMs));
        Assert.Equal([12 * 3_600_000L, 3_600_000L], window.DaysUntil(from + 13 * 3_600_000).Select(d => d.LengthMs));
        Assert.Throws<ArgumentException>(() => AccountWindow.Of(from, from, zone));
    }
}

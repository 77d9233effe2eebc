using Gateway.Domain.Compliance;
using Xunit;

namespace Gateway.Domain.Tests.Compliance;

public sealed class WindowTextTests
{
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // 2026-03-05 10:00 in Shanghai.
    private static readonly long NowMs = new DateTimeOffset(2026, 3, 5, 10, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();

    [Theory]
    [InlineData("now", WindowKind.Day, "2026-03-05")]
    [InlineData("today", WindowKind.Day, "2026-03-05")]
    [InlineData("2026-02-28", WindowKind.Day, "2026-02-28")]
    [InlineData("day:2026-02-28", WindowKind.Day, "2026-02-28")]
    [InlineData("2026-02", WindowKind.Month, "2026-02")]
    [InlineData("month:2026-02", WindowKind.Month, "2026-02")]
    [InlineData("2026-03/2026-04", WindowKind.BiMonth, "bimonth:2026-2")]
    [InlineData("bimonth:2026-5", WindowKind.BiMonth, "bimonth:2026-5")]
    [InlineData("2026-03-05T08:00:00Z/2026-03-06T08:00:00.250+00:00", WindowKind.Any, "2026-03-05T08:00:00.000Z/2026-03-06T08:00:00.250Z")]
    [InlineData("2026-03-01/2026-03-03", WindowKind.Any, "2026-02-28T16:00:00.000Z/2026-03-02T16:00:00.000Z")]
    public void A_window_is_named_in_many_ways_and_has_one_short_name(string text, WindowKind kind, string name)
    {
        var window = WindowText.Read(text, Shanghai, NowMs);
        Assert.NotNull(window);
        Assert.Equal((kind, name), (window.Kind, WindowText.Of(window)));
        var again = WindowText.Read(name, Shanghai, NowMs)!;
        Assert.Equal((window.FromMs, window.ToMs), (again.FromMs, again.ToMs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-02-30")]
    [InlineData("2026-13")]
    [InlineData("2026-2")]
    [InlineData("bimonth:2026-7")]
    [InlineData("bimonth:2026-05")]
    [InlineData("2026-02/2026-03")]
    [InlineData("1999-01")]
    [InlineData("9999-12")]
    [InlineData("2026-03-05T08:00:00/2026-03-06T08:00:00Z")]
    [InlineData("2026-03-06T08:00:00Z/2026-03-05T08:00:00Z")]
    [InlineData("2026-03-05T08:00:00Z/2026-03-05T08:00:00Z")]
    [InlineData("2024-01-01/2026-01-01")]
    [InlineData("0001-01-01T00:00:00Z/2026-01-01")]
    public void Nothing_is_guessed(string text) => Assert.Null(WindowText.Read(text, Shanghai, NowMs));

    [Theory]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    [InlineData("2026-10-26", 24)]
    public void A_day_is_as_long_as_the_site_has_it(string day, int hours)
    {
        var window = WindowText.Read(day, Berlin, NowMs)!;
        Assert.Equal(hours * 3_600_000L, window.ToMs - window.FromMs);
    }
}

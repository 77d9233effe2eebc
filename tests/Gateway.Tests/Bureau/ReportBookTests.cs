using Xunit;

namespace Gateway.Tests.Bureau;

public sealed class ReportBookTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private readonly BureauRig _rig = new();

    private static long Ten => TestSite.Ten;

    [Fact]
    public void Ten_minutes_become_one_report_with_least_mean_and_most()
    {
        _rig.Minutes("dust-1", Ten, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100).ReadAll();

        Assert.Empty(_rig.Report(Ten + 10 * Minute));
        Assert.Equal(["2051 DataTime=20260305100000;a34002-Min=10,a34002-Avg=55,a34002-Max=100,a34002-Flag=N"], _rig.Report(Ten + 11 * Minute));
        Assert.Empty(_rig.Report(Ten + 12 * Minute));
    }

    [Theory]
    [InlineData(8, 'N')]
    [InlineData(7, 'D')]
    public void Three_quarters_of_the_samples_make_an_interval_normal(int samples, char flag)
    {
        _rig.Minutes("dust-1", Ten, [.. Enumerable.Repeat(50.0, samples)]).ReadAll();

        Assert.EndsWith($"a34002-Flag={flag}", Assert.Single(_rig.Report(Ten + 11 * Minute)), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_MN_is_reported_by_itself()
    {
        _rig.Minutes("dust-1", Ten, 10).Minutes("dust-2", Ten, 20).ReadAll();
        var first = _rig.Book.Next(Ten + 11 * Minute)!;
        _rig.Book.Acknowledged(first);
        var second = _rig.Book.Next(Ten + 11 * Minute)!;

        Assert.Equal([BureauRig.Mn, BureauRig.OtherMn], new[] { first.Row.Mn, second.Row.Mn }.Order());
    }

    [Fact]
    public void Noise_is_averaged_as_energy_and_wind_as_a_vector()
    {
        _rig.Line("dust-1", Ten, "noise_db=60,wind_dir_deg=350").Line("dust-1", Ten + Minute, "noise_db=70,wind_dir_deg=10").ReadAll();

        string report = Assert.Single(_rig.Report(Ten + 11 * Minute));
        Assert.Contains("Leq-Data=67.4,Leq-Flag=D", report, StringComparison.Ordinal);
        Assert.Contains("a01008-Avg=0,", report.Replace("a01008-Avg=360,", "a01008-Avg=0,", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_cursor_waits_for_the_oldest_minute_that_is_not_acknowledged()
    {
        _rig.Line("c1", Ten, "load_t=1", "crane").Minutes("dust-1", Ten, 10, 20).Line("c1", Ten, "load_t=1", "crane").ReadAll();
        Assert.Equal((1, 4), (_rig.Cursor, _rig.Read));

        _rig.Report(Ten + 11 * Minute);

        Assert.Equal(4, _rig.Cursor);
    }

    [Fact]
    public void Lines_that_are_read_again_after_a_restart_are_not_counted_twice()
    {
        _rig.Minutes("dust-1", Ten, 10, 20, 30).ReadAll();
        _rig.Report(Ten + 11 * Minute);
        var again = new BureauRig(reports: _rig.Reports);
        again.Minutes("dust-1", Ten, 10, 20, 30).Minutes("dust-1", Ten + 3 * Minute, 100).ReadAll(from: 0);

        Assert.Equal(["2051 DataTime=20260305100000;a34002-Min=10,a34002-Avg=40,a34002-Max=100,a34002-Flag=D"], again.Report(Ten + 11 * Minute));
    }

    [Fact]
    public void A_late_line_sends_its_minute_and_its_hour_again()
    {
        _rig.Minutes("dust-1", Ten, [.. Enumerable.Repeat(50.0, 60)]).ReadAll();
        Assert.Equal(7, _rig.Report(Ten + Hour + Minute).Count);

        _rig.Line("dust-1", Ten + 5 * Minute + 1, "pm10_ugm3=500").ReadAll();

        Assert.Equal(
        [
            "2051 DataTime=20260305100000;a34002-Min=50,a34002-Avg=90.91,a34002-Max=500,a34002-Flag=N",
            "2061 DataTime=20260305100000;a34002-Min=50,a34002-Avg=56.82,a34002-Max=500,a34002-Flag=N",
        ], _rig.Report(Ten + Hour + 2 * Minute));
    }

    [Fact]
    public void A_line_that_comes_while_its_minute_is_under_way_sends_it_again()
    {
        _rig.Minutes("dust-1", Ten, 10, 20).ReadAll();
        var report = _rig.Book.Next(Ten + 11 * Minute)!;
        _rig.Line("dust-1", Ten + 9 * Minute, "pm10_ugm3=90").ReadAll();
        _rig.Reports.SaveAsync(report.Row);
        _rig.Book.Acknowledged(report);
        Assert.Equal(2, _rig.Cursor);

        Assert.Contains("a34002-Avg=40,", Assert.Single(_rig.Report(Ten + 11 * Minute)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, 'N')]
    [InlineData(40, 'D')]
    public void An_hour_needs_forty_five_good_minutes(int minutes, char flag)
    {
        _rig.Minutes("dust-1", Ten, [.. Enumerable.Repeat(50.0, minutes)]).ReadAll();

        Assert.Equal($"2061 DataTime=20260305100000;a34002-Min=50,a34002-Avg=50,a34002-Max=50,a34002-Flag={flag}", _rig.Report(Ten + Hour + Minute)[^1]);
    }

    [Fact]
    public void A_day_is_made_of_its_hours_and_noise_of_its_day_and_its_night()
    {
        long midnight = Ten - 10 * Hour;
        for (int hour = 0; hour < 24; hour++)
            for (int minute = 0; minute < 60; minute++) _rig.Line("dust-1", midnight + hour * Hour + minute * Minute, $"pm10_ugm3={hour + 1},noise_db={(hour is >= 6 and < 22 ? 70 : 50)}");
        _rig.ReadAll();

        Assert.Equal("2031 DataTime=20260305000000;a34002-Min=1,a34002-Avg=12.5,a34002-Max=24,a34002-Flag=N;Leq-DayData=70;Leq-NightData=50", _rig.Report(midnight + 24 * Hour + Minute)[^1]);
    }

    [Fact]
    public void What_a_stop_left_between_minute_and_hour_is_taken_up()
    {
        _rig.Minutes("dust-1", Ten, [.. Enumerable.Repeat(50.0, 60)]).ReadAll();
        while (_rig.Book.Next(Ten + Hour + Minute) is { Row.Cn: 2051 } minute)
        {
            _rig.Reports.SaveAsync(minute.Row);
            _rig.Book.Acknowledged(minute);
        }
        var after = new BureauRig(reports: _rig.Reports);
        Assert.Empty(after.Report(Ten + Hour + Minute));
        after.Book.Restore(Ten + Hour + Minute);

        Assert.StartsWith("2061 ", Assert.Single(after.Report(Ten + Hour + Minute)), StringComparison.Ordinal);
    }

    [Fact]
    public void Minutes_a_device_recalled_stand_in_for_live_lines_that_never_came()
    {
        _rig.Line("dust-1", Ten, "pm10_ugm3=77,backfill=1i", "dust_minute").Minutes("dust-1", Ten + 10 * Minute, 10).Line("dust-1", Ten + 10 * Minute, "pm10_ugm3=99", "dust_minute").ReadAll();

        Assert.Equal(
        [
            "2051 DataTime=20260305100000;a34002-Avg=77,a34002-Flag=N",
            "2051 DataTime=20260305101000;a34002-Min=10,a34002-Avg=10,a34002-Max=10,a34002-Flag=D",
        ], _rig.Report(Ten + 21 * Minute));
    }

    [Fact]
    public void After_a_report_that_could_not_be_written_down_there_is_a_pause()
    {
        _rig.Minutes("dust-1", Ten, 10).ReadAll();
        _rig.Book.NotKept(Ten + 11 * Minute);

        Assert.Empty(_rig.Report(Ten + 11 * Minute));
        Assert.Single(_rig.Report(Ten + 12 * Minute));
    }
}

using System.Globalization;
using System.Text;

namespace Gateway.Bureau.Reports;

/// <summary>The data areas of 2011, 2051, 2061 and 2031.</summary>
/// <remarks><b>Source</b>: HJ 212-2017 data area and flags; a value counts as N when at least three quarters of what it stands for are there: 75 % of the samples, 45 minutes of an hour, 20 hours of a day (annex D).</remarks>
internal sealed class ReportFrames(SiteCalendar calendar)
{
    private const double Enough = 0.75;
    private const int HoursOfDay = 20;

    /// <summary>The latest values; null while there are none.</summary>
    public string? Realtime(Station station, long nowMs)
    {
        var cp = new StringBuilder();
        foreach (var factor in FactorTable.All)
            if (station.Reporter(factor)?.Latest(factor, nowMs) is var (value, flag)) cp.Append(CultureInfo.InvariantCulture, $";{factor.Code}-Rtd={Number(value)},{factor.Code}-Flag={flag}");
        return Whole(nowMs, cp);
    }

    public string? Minute(Station station, ReportSpan span)
    {
        var cp = new StringBuilder();
        foreach (var factor in FactorTable.All)
            if (span.Sums.TryGetValue(factor.Code, out var sums) && sums.Any) Item(cp, factor, sums, IsGood(station, factor, sums, span.LengthMs));
        return Whole(span.AtMs, cp);
    }

    /// <param name="minutes">What was reported of the hour.</param>
    public (string? Cp, ReportSpan Span) Hour(Station station, long hourMs, IReadOnlyList<ReportSpan> minutes)
    {
        var (cp, hour) = (new StringBuilder(), new ReportSpan(station.Mn, hourMs, 3_600_000));
        foreach (var factor in FactorTable.All)
        {
            long goodMs = 0;
            foreach (var minute in minutes)
            {
                if (!minute.Sums.TryGetValue(factor.Code, out var sums) || !sums.Any) continue;
                bool good = IsGood(station, factor, sums, minute.LengthMs);
                hour.Of(factor).Add(sums, !good);
                if (good) goodMs += minute.LengthMs;
            }
            if (hour.Sums.TryGetValue(factor.Code, out var mean) && mean.Count > 0) Item(cp, factor, mean, IsGoodHour(goodMs));
        }
        hour.ToLine = minutes.Select(m => m.ToLine).DefaultIfEmpty(0).Max();
        return (Whole(hourMs, cp), hour);
    }

    /// <param name="hours">What was reported of the day.</param>
    /// <param name="minuteMs">Length of the minute data they were made of.</param>
    public (string? Cp, ReportSpan Span) Day(Station station, long dayMs, IReadOnlyList<ReportSpan> hours, long minuteMs)
    {
        var (cp, day) = (new StringBuilder(), new ReportSpan(station.Mn, dayMs, calendar.NextDay(dayMs) - dayMs));
        foreach (var factor in FactorTable.All)
        {
            int good = 0;
            foreach (var hour in hours)
            {
                if (!hour.Sums.TryGetValue(factor.Code, out var sums) || sums.Count == 0) continue;
                bool whole = IsGoodHour(sums.Count * minuteMs);
                day.Of(PartOf(factor, hour.AtMs)).Add(sums, !whole);
                if (whole) good++;
            }
            if (factor.Mean == FactorMean.Energy) Noise(cp, day);
            else if (day.Sums.TryGetValue(factor.Code, out var mean) && mean.Count > 0) Item(cp, factor, mean, good >= HoursOfDay);
        }
        day.ToLine = hours.Select(h => h.ToLine).DefaultIfEmpty(0).Max();
        return (Whole(dayMs, cp), day);
    }

    /// <summary>Without a value there is nothing to report.</summary>
    private string? Whole(long atMs, StringBuilder items) => items.Length == 0 ? null : $"DataTime={calendar.Stamp(atMs)}{items}";

    private Factor PartOf(Factor factor, long hourMs) =>
        factor.Mean != FactorMean.Energy ? factor : calendar.HourOfDay(hourMs) is >= 6 and < 22 ? FactorTable.NoiseByDay : FactorTable.NoiseByNight;

    private static bool IsGood(Station station, Factor factor, FactorSums sums, long lengthMs) =>
        sums.Count == 0 ? sums.Told is not null : sums.Count >= Enough * (station.Reporter(factor)?.Expected(lengthMs) ?? 1);

    private static bool IsGoodHour(long goodMs) => goodMs >= Enough * 3_600_000;

    private static void Item(StringBuilder cp, Factor factor, FactorSums sums, bool good)
    {
        char flag = good ? 'N' : 'D';
        if (factor.Mean == FactorMean.Energy) cp.Append(CultureInfo.InvariantCulture, $";Leq-Data={Number(sums.Mean)},Leq-Flag={flag}");
        else if (sums.Count == 0 || factor.Mean == FactorMean.Direction) cp.Append(CultureInfo.InvariantCulture, $";{factor.Code}-Avg={Number(sums.Mean)},{factor.Code}-Flag={flag}");
        else cp.Append(CultureInfo.InvariantCulture, $";{factor.Code}-Min={Number(sums.Min)},{factor.Code}-Avg={Number(sums.Mean)},{factor.Code}-Max={Number(sums.Max)},{factor.Code}-Flag={flag}");
    }

    private static void Noise(StringBuilder cp, ReportSpan day)
    {
        if (day.Sums.TryGetValue(FactorTable.NoiseByDay.Code, out var light) && light.Count > 0) cp.Append(CultureInfo.InvariantCulture, $";Leq-DayData={Number(light.Mean)}");
        if (day.Sums.TryGetValue(FactorTable.NoiseByNight.Code, out var dark) && dark.Count > 0) cp.Append(CultureInfo.InvariantCulture, $";Leq-NightData={Number(dark.Mean)}");
    }

    private static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);
}

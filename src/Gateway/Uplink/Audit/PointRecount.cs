using Gateway.Store;
using Gateway.Uplink.Checking;

namespace Gateway.Uplink.Audit;

/// <summary>Counts the points of an hour exactly, out of the lines that are still here: what was counted on the way may hold a repeat twice.</summary>
internal static class PointRecount
{
    /// <summary>More lines than this are not read again.</summary>
    public const long LinesMax = 2_000_000;

    /// <returns>Points by measurement and field; null when not all lines are here any more, or there are too many.</returns>
    public static Dictionary<(string Measurement, string Field), long>? Run(TelemetryReader reader, SettledHour hour, bool wholeMs)
    {
        if (hour.ToLine - hour.FromLine > LinesMax) return null;
        var check = new LineCheck(dropsTexts: wholeMs) { RemembersAll = true };
        var counts = new PointCounts();
        long next = hour.FromLine;
        reader.ReadFrom(hour.FromLine, (head, body) =>
        {
            if (head.FirstLine > next) return false;
            if (head.FirstLine >= hour.ToLine) return false;
            check.Run(body.ToArray(), head.FirstLine, long.MaxValue / 2_000_000, counts);
            next = head.EndLine;
            return true;
        });
        if (next < hour.ToLine) return null;
        var points = new Dictionary<(string, string), long>();
        foreach (var (shape, hourMs, tally) in counts.All)
            if (hourMs == hour.HourMs)
                foreach (string field in shape.Fields) points[(shape.Measurement, field)] = points.GetValueOrDefault((shape.Measurement, field)) + tally.Points;
        return points;
    }
}

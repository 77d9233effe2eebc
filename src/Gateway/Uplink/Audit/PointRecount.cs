using Gateway.Store;
using Gateway.Uplink.Checking;
using Gateway.Uplink.Progress;

namespace Gateway.Uplink.Audit;

/// <summary>Counts the points of an hour exactly, out of the lines that are still here: what was counted on the way may hold a repeat twice.</summary>
internal static class PointRecount
{
    /// <summary>More lines than this are not read again.</summary>
    public const long LinesMax = 2_000_000;

    private const long NoTimeIsAhead = long.MaxValue / 2_000_000;

    /// <summary>The points of lines that were answered for before a restart of ours.</summary>
    public static PointCounts Of(TelemetryReader reader, LineRange range, bool wholeMs)
    {
        var counts = new PointCounts();
        Read(reader, range, wholeMs, counts);
        return counts;
    }

    /// <returns>Points by measurement and field; null when not all lines are here any more, or there are too many.</returns>
    public static Dictionary<(string Measurement, string Field), long>? Run(TelemetryReader reader, SettledHour hour, bool wholeMs)
    {
        var range = new LineRange(hour.FromLine, hour.ToLine);
        var counts = new PointCounts();
        if (range.Lines > LinesMax || !Read(reader, range, wholeMs, counts)) return null;
        var points = new Dictionary<(string, string), long>();
        foreach (var (shape, hourMs, tally) in counts.All)
            if (hourMs == hour.HourMs)
                foreach (string field in shape.Fields) points[(shape.Measurement, field)] = points.GetValueOrDefault((shape.Measurement, field)) + tally.Points;
        return points;
    }

    /// <returns>True when every line of the range was there.</returns>
    private static bool Read(TelemetryReader reader, LineRange range, bool wholeMs, PointCounts counts)
    {
        var check = new LineCheck(dropsTexts: wholeMs) { RemembersAll = true };
        long next = range.From;
        reader.ReadFrom(range.From, (head, body) =>
        {
            if (head.FirstLine > next || head.FirstLine >= range.To) return false;
            var lines = body;
            for (; next > head.FirstLine && lines.Length > 0; head = head with { FirstLine = head.FirstLine + 1, Lines = head.Lines - 1 }) lines = lines[(lines.IndexOf((byte)'\n') + 1)..];
            int most = (int)Math.Min(range.To - head.FirstLine, head.Lines), end = 0;
            for (int i = 0; i < most; i++) end += lines[end..].IndexOf((byte)'\n') + 1;
            check.Run(lines[..end].ToArray(), head.FirstLine, NoTimeIsAhead, counts);
            next = head.FirstLine + most;
            return next < range.To;
        });
        return next >= range.To;
    }
}

using Gateway.Domain.Compliance;

namespace Gateway.Domain.Reports;

/// <summary>Which data counts a report is made of.</summary>
internal static class ReportData
{
    /// <summary>Of each device of the report and each of its days the newest row the chain has up to the head; where it has none, what was stated.</summary>
    public static IReadOnlyList<DataDay> Of(ReportInput input)
    {
        if (input.Data.Count == 0 || input.Window.Days.Count == 0) return [];
        var (first, last, head) = (input.Window.Days[0].Date, input.Window.Days[^1].Date, input.Evidence.HeadSeq);
        var known = input.Devices.Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        var newest = new Dictionary<(string, DateOnly), DataDay>();
        var stated = new List<DataDay>();
        foreach (var day in input.Data.Where(d => d.Seq <= head && d.Date >= first && d.Date <= last && known.Contains(d.Device)))
        {
            if (day.Seq == 0) stated.Add(day);
            else if (!newest.TryGetValue((day.Device, day.Date), out var other) || other.Seq < day.Seq) newest[(day.Device, day.Date)] = day;
        }
        return newest.Count == 0 ? stated : [.. newest.Values, .. stated.Where(d => !newest.ContainsKey((d.Device, d.Date)))];
    }
}

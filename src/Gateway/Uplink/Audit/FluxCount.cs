using System.Globalization;
using System.Text;

namespace Gateway.Uplink.Audit;

/// <summary>InfluxDB 2: a Flux script; the answer is CSV with a row for each field.</summary>
internal sealed class FluxCount(UplinkTargetOptions options, string site) : CountQuery(options, site)
{
    public override HttpRequestMessage Ask(string measurement, IReadOnlyList<string> fields, long hourMs)
    {
        string script = $"""
            from(bucket: {Quoted(Options.Bucket ?? "")})
              |> range(start: {Rfc3339(hourMs)}, stop: {Rfc3339(hourMs + PointCounts.HourMs)})
              |> filter(fn: (r) => r._measurement == {Quoted(measurement)} and r.site == {Quoted(Site)})
              |> count()
              |> group(columns: ["_field"])
              |> sum()
            """;
        var request = new HttpRequestMessage(HttpMethod.Post, $"{Url}/api/v2/query?org={Uri.EscapeDataString(Options.Org ?? "")}") { Content = new StringContent(script, Encoding.UTF8, "application/vnd.flux") };
        request.Headers.Accept.ParseAdd("application/csv");
        return request;
    }

    public override IReadOnlyDictionary<string, long>? Read(string body)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        int field = -1, value = -1;
        foreach (string line in body.Split('\n', StringSplitOptions.TrimEntries))
        {
            string[] cells = line.Split(',');
            // Every table begins with its names again; lines with # only annotate.
            if (line.Length == 0 || line[0] == '#') continue;
            if (Array.IndexOf(cells, "_field") is >= 0 and var at)
            {
                (field, value) = (at, Array.IndexOf(cells, "_value"));
                if (value < 0) return null;
            }
            else if (field < 0 || cells.Length <= Math.Max(field, value) || !long.TryParse(cells[value], CultureInfo.InvariantCulture, out long points)) return null;
            else counts[cells[field]] = counts.GetValueOrDefault(cells[field]) + points;
        }
        return counts;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

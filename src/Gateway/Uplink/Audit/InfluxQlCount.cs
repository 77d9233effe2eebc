using System.Text.Json;

namespace Gateway.Uplink.Audit;

/// <summary>InfluxDB 1.x: <c>SELECT count(*)</c>; a column for each field.</summary>
internal sealed class InfluxQlCount(UplinkTargetOptions options, string site) : CountQuery(options, site)
{
    private const string Prefix = "count_";

    public override HttpRequestMessage Ask(string measurement, IReadOnlyList<string> fields, long hourMs)
    {
        string query = $"SELECT count(*) FROM \"{measurement.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" WHERE \"site\" = '{Site.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}' AND time >= {hourMs}ms AND time < {hourMs + PointCounts.HourMs}ms";
        return new HttpRequestMessage(HttpMethod.Get, $"{Url}/query?db={Uri.EscapeDataString(Options.Database ?? "")}&q={Uri.EscapeDataString(query)}");
    }

    public override IReadOnlyDictionary<string, long>? Read(string body)
    {
        using var answer = JsonDocument.Parse(body);
        if (!answer.RootElement.TryGetProperty("results", out var results) || results.GetArrayLength() == 0 || results[0].TryGetProperty("error", out _)) return null;
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        // No series: no point.
        if (!results[0].TryGetProperty("series", out var series)) return counts;
        var (columns, values) = (series[0].GetProperty("columns"), series[0].GetProperty("values")[0]);
        for (int i = 0; i < columns.GetArrayLength(); i++)
            if (columns[i].GetString() is { } name && name.StartsWith(Prefix, StringComparison.Ordinal)) counts[name[Prefix.Length..]] = values[i].GetInt64();
        return counts;
    }
}

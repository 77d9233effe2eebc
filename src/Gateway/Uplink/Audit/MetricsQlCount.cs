using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Uplink.Audit;

/// <summary>VictoriaMetrics: a metric for each field, called <c>measurement_field</c>. Its window leaves out its beginning and holds its end, to the millisecond.</summary>
internal sealed class MetricsQlCount(UplinkTargetOptions options, string site) : CountQuery(options, site)
{
    private string _prefix = "";

    public override HttpRequestMessage Ask(string measurement, IReadOnlyList<string> fields, long hourMs)
    {
        _prefix = measurement + "_";
        string names = string.Join('|', fields.Select(f => Regex.Escape(_prefix + f)));
        string query = $"sum(count_over_time({{__name__=~{Quoted(names)},site={Quoted(Site)}}}[1h]) keep_metric_names) by (__name__)";
        string end = ((hourMs + PointCounts.HourMs - 1) / 1000m).ToString("F3", CultureInfo.InvariantCulture);
        var form = new FormUrlEncodedContent([new("query", query), new("time", end), new("nocache", "1")]);
        return new HttpRequestMessage(HttpMethod.Post, $"{Url}/api/v1/query") { Content = form };
    }

    public override IReadOnlyDictionary<string, long>? Read(string body)
    {
        using var answer = JsonDocument.Parse(body);
        if (!answer.RootElement.TryGetProperty("status", out var status) || status.GetString() != "success") return null;
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var series in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            string name = series.GetProperty("metric").GetProperty("__name__").GetString()!;
            if (!name.StartsWith(_prefix, StringComparison.Ordinal)) return null;
            counts[name[_prefix.Length..]] = (long)double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
        }
        return counts;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

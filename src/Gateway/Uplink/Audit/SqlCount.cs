using System.Text;
using System.Text.Json;

namespace Gateway.Uplink.Audit;

/// <summary>InfluxDB 3: one row of SQL with a column for each field.</summary>
internal sealed class SqlCount(UplinkTargetOptions options, string site) : CountQuery(options, site)
{
    public override HttpRequestMessage Ask(string measurement, IReadOnlyList<string> fields, long hourMs)
    {
        string columns = string.Join(", ", fields.Select(f => $"count({Name(f)}) AS {Name(f)}"));
        string query = $"SELECT {columns} FROM {Name(measurement)} WHERE \"site\" = '{Site.Replace("'", "''", StringComparison.Ordinal)}' AND time >= TIMESTAMP '{Rfc3339(hourMs)}' AND time < TIMESTAMP '{Rfc3339(hourMs + PointCounts.HourMs)}'";
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("db", Options.Database);
            json.WriteString("q", query);
            json.WriteString("format", "json");
            json.WriteEndObject();
        }
        return new HttpRequestMessage(HttpMethod.Post, $"{Url}/api/v3/query_sql") { Content = new StringContent(Encoding.UTF8.GetString(body.ToArray()), Encoding.UTF8, "application/json") };
    }

    public override IReadOnlyDictionary<string, long>? Read(string body)
    {
        using var answer = JsonDocument.Parse(body);
        if (answer.RootElement.ValueKind != JsonValueKind.Array || answer.RootElement.GetArrayLength() != 1) return null;
        return answer.RootElement[0].EnumerateObject().Where(c => c.Value.ValueKind == JsonValueKind.Number).ToDictionary(c => c.Name, c => c.Value.GetInt64(), StringComparer.Ordinal);
    }

    private static string Name(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Uplink.Sending;

/// <summary>Judges a store's answer. Pure. Only errors known to be permanent set a line aside: InfluxDB 1.x says 400 for a full disk too.</summary>
public static partial class AnswerReader
{
    private static readonly string[] Permanent =
    [
        "field type conflict", "unable to parse", "points beyond retention policy", "max-series-per-database", "max-values-per-tag", "too long line",
    ];

    /// <summary>What InfluxDB 3 says of a single line that no repeat makes better.</summary>
    private static readonly string[] PermanentOfLine = ["pars", "invalid column type", "no fields", "invalid line"];

    public static SendOutcome Judge(HttpStatusCode status, string body, TimeSpan? retryAfter)
    {
        string words = $"{(int)status} {Cut(body)}".TrimEnd();
        return (int)status switch
        {
            >= 200 and < 300 => new SendOutcome(SendVerdict.Answered, words),
            400 or 422 when Says(body, "no space left") => new SendOutcome(SendVerdict.TryLater, words, retryAfter),
            400 when body.Contains("\"data\"", StringComparison.Ordinal) && BadLines(body) is { Count: > 0 } bad => new SendOutcome(SendVerdict.Rejected, words, Partial: true, BadLines: bad),
            // InfluxDB 2 says 422 where InfluxDB 1 says 400.
            400 or 422 when Permanent.Any(p => Says(body, p)) => new SendOutcome(SendVerdict.Rejected, words, Dropped: DroppedOf(body), Partial: Says(body, "partial write")),
            413 => new SendOutcome(SendVerdict.TooLarge, words),
            401 or 403 or 404 => new SendOutcome(SendVerdict.Misconfigured, words),
            // A missing retention policy is a mistake in the configuration that InfluxDB 1.x dresses as 500.
            500 when Says(body, "retention policy not found") => new SendOutcome(SendVerdict.Misconfigured, words),
            _ => new SendOutcome(SendVerdict.TryLater, words, retryAfter),
        };
    }

    private static bool Says(string body, string words) => body.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static string Cut(string text) => text.Length > 500 ? text[..500] + "…" : text;

    private static int? DroppedOf(string body) => Dropped().Match(body) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int count) ? count : null;

    /// <summary>The lines InfluxDB 3 names; null when it says anything that is not known to be permanent.</summary>
    private static List<(int Line, string Words)>? BadLines(string body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            if (!answer.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) return null;
            var bad = new List<(int, string)>();
            foreach (var entry in data.EnumerateArray())
            {
                if (!entry.TryGetProperty("line_number", out var number) || !number.TryGetInt32(out int line) || !entry.TryGetProperty("error_message", out var message) || message.GetString() is not { } words) return null;
                if (!PermanentOfLine.Any(p => Says(words, p))) return null;
                bad.Add((line, $"400 {Cut(words)}"));
            }
            return bad;
        }
        catch (JsonException)
        {
            // Not InfluxDB 3, or cut off: then nothing is known of single lines.
            return null;
        }
    }

    [GeneratedRegex(@"dropped=(\d+)", RegexOptions.RightToLeft)]
    private static partial Regex Dropped();
}

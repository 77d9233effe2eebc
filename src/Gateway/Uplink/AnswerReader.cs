using System.Net;

namespace Gateway.Uplink;

/// <summary>Judges a store's answer. Pure. Only errors known to be permanent set a line aside: InfluxDB 1.x says 400 for a full disk too.</summary>
public static class AnswerReader
{
    private static readonly string[] Permanent =
    [
        "field type conflict", "unable to parse", "points beyond retention policy", "max-series-per-database", "max-values-per-tag", "too long line",
    ];

    public static SendOutcome Judge(HttpStatusCode status, string body, TimeSpan? retryAfter)
    {
        string words = $"{(int)status} {(body.Length > 500 ? body[..500] + "…" : body)}".TrimEnd();
        return (int)status switch
        {
            >= 200 and < 300 => new SendOutcome(SendVerdict.Settled, words),
            // InfluxDB 2 says 422 where InfluxDB 1 says 400.
            400 or 422 when !body.Contains("no space left", StringComparison.OrdinalIgnoreCase) && Permanent.Any(p => body.Contains(p, StringComparison.OrdinalIgnoreCase)) => new SendOutcome(SendVerdict.Rejected, words),
            413 => new SendOutcome(SendVerdict.TooLarge, words),
            401 or 403 or 404 => new SendOutcome(SendVerdict.Misconfigured, words),
            // A missing retention policy is a mistake in the configuration that InfluxDB 1.x dresses as 500.
            500 when body.Contains("retention policy not found", StringComparison.OrdinalIgnoreCase) => new SendOutcome(SendVerdict.Misconfigured, words),
            _ => new SendOutcome(SendVerdict.TryLater, words, retryAfter),
        };
    }
}

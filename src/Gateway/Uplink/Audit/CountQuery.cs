namespace Gateway.Uplink.Audit;

/// <summary>How a kind of store is asked how many points of this site it holds in an hour. Pure: makes the question, reads the answer.</summary>
public abstract class CountQuery(UplinkTargetOptions options, string site)
{
    protected UplinkTargetOptions Options => options;

    protected string Site => site;

    protected string Url { get; } = options.Url.TrimEnd('/');

    public static CountQuery For(UplinkTargetOptions options, string site) => options.Kind switch
    {
        TargetKind.InfluxV1 => new InfluxQlCount(options, site),
        TargetKind.InfluxV3 => new SqlCount(options, site),
        TargetKind.VictoriaMetrics => new MetricsQlCount(options, site),
        _ => new FluxCount(options, site),
    };

    /// <param name="hourMs">The hour is [hourMs, hourMs + 1 h).</param>
    public abstract HttpRequestMessage Ask(string measurement, IReadOnlyList<string> fields, long hourMs);

    /// <returns>Points by field; a field without points may be missing. Null when the answer is not understood.</returns>
    public abstract IReadOnlyDictionary<string, long>? Read(string body);

    protected static string Rfc3339(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

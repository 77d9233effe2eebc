namespace Gateway.Uplink;

/// <summary>The stores that are known, by the word of the configuration.</summary>
public static class TargetKind
{
    public const string InfluxV1 = "influxdb-v1";
    public const string InfluxV2 = "influxdb-v2";
    public const string InfluxV3 = "influxdb-v3";
    public const string VictoriaMetrics = "victoria-metrics";

    public static IReadOnlyList<string> All { get; } = [InfluxV1, InfluxV2, InfluxV3, VictoriaMetrics];
}

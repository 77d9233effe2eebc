using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Uplink.Progress;

namespace Gateway.Uplink.Sending;

/// <summary>Where each kind of store says when it began, without an administrator's rights, and how that is read. Pure.</summary>
public static partial class StartProbe
{
    /// <summary>How far two readings that were reckoned from an uptime may lie apart, seconds.</summary>
    private const double UptimeTolerance = 5;

    public static Uri Address(UplinkTargetOptions options) => new(options.Url.TrimEnd('/') + (options.Kind == TargetKind.InfluxV1 ? "/debug/vars" : "/metrics"));

    /// <returns>Null when the answer does not say it.</returns>
    public static TargetStart? Read(string kind, string body, long nowMs) => kind switch
    {
        TargetKind.VictoriaMetrics => Number(AppStart(), body) ?? Number(ProcessStart(), body),
        TargetKind.InfluxV1 => Moment(body),
        _ => Number(ProcessStart(), body) ?? Uptime(body, nowMs),
    };

    private static TargetStart? Number(Regex pattern, string body) =>
        pattern.Match(body) is { Success: true } match && double.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out double seconds) ? new TargetStart(seconds) : null;

    private static TargetStart? Uptime(string body, long nowMs) => Number(InfluxUptime(), body) is { } uptime ? new TargetStart(nowMs / 1000.0 - uptime.Seconds, UptimeTolerance) : null;

    private static TargetStart? Moment(string body) =>
        SystemStarted().Match(body) is { Success: true } match && DateTimeOffset.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var started)
            ? new TargetStart(started.ToUnixTimeMilliseconds() / 1000.0) : null;

    [GeneratedRegex(@"^vm_app_start_timestamp (\S+)", RegexOptions.Multiline)]
    private static partial Regex AppStart();

    [GeneratedRegex(@"^process_start_time_seconds (\S+)", RegexOptions.Multiline)]
    private static partial Regex ProcessStart();

    [GeneratedRegex(@"^influxdb_uptime_seconds(?:\{[^}]*\})? (\S+)", RegexOptions.Multiline)]
    private static partial Regex InfluxUptime();

    [GeneratedRegex("\"system\":\\s*\\{[^}]*\"started\":\\s*\"([^\"]+)\"")]
    private static partial Regex SystemStarted();
}

using Microsoft.Extensions.Logging;

namespace Gateway.Uplink;

internal static partial class UplinkLog
{
    [LoggerMessage(4000, LogLevel.Warning, "Uplink {Target}, {Lane}, does not take lines, keeping them: {Words}")]
    public static partial void Failing(ILogger log, string target, string lane, string words);

    [LoggerMessage(4001, LogLevel.Information, "Uplink {Target}, {Lane}, works again after {Seconds} s")]
    public static partial void Works(ILogger log, string target, string lane, double seconds);

    [LoggerMessage(4002, LogLevel.Warning, "Uplink {Target}: {Lines} lines are in quarantine, refused for good: {Words}")]
    public static partial void Quarantined(ILogger log, string target, int lines, string words);

    [LoggerMessage(4003, LogLevel.Critical, "Uplink {Target}, {Lane}, cannot go on")]
    public static partial void Faulted(ILogger log, Exception fault, string target, string lane);

    [LoggerMessage(4004, LogLevel.Warning, "Uplink {Target} has restarted: {Lines} lines it had answered for are not sure to be there and go again")]
    public static partial void Restarted(ILogger log, string target, long lines);

    [LoggerMessage(4005, LogLevel.Warning, "Uplink {Target} does not say at {Address} when it started ({Why}): a line counts as settled {HoldSeconds} s after the answer, whatever happens to the target")]
    public static partial void StartUnreadable(ILogger log, string target, Uri address, string why, int holdSeconds);

    [LoggerMessage(4006, LogLevel.Information, "Uplink {Target} lags {Seconds} s: {Lines} lines become backlog, live goes on")]
    public static partial void LeftBehind(ILogger log, string target, long seconds, long lines);

    [LoggerMessage(4007, LogLevel.Warning, "Uplink {Target}: {Fault}")]
    public static partial void Credentials(ILogger log, string target, string fault);

    [LoggerMessage(4008, LogLevel.Warning, "Uplink {Target} holds fewer points than it answered for: {Words}")]
    public static partial void Missing(ILogger log, string target, string words);

    [LoggerMessage(4009, LogLevel.Information, "Uplink {Target}: the hours read back agree again")]
    public static partial void Agrees(ILogger log, string target);

    [LoggerMessage(4010, LogLevel.Warning, "Uplink {Target} cannot be read back, its points are not audited: {Words}")]
    public static partial void NotReadable(ILogger log, string target, string words);
}

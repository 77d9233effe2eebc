using Microsoft.Extensions.Logging;

namespace Gateway.History;

internal static partial class HistoryLog
{
    [LoggerMessage(5000, LogLevel.Error, "The history was damaged and is begun anew: {Found}. The damaged file lies in {Where}")]
    public static partial void Damaged(ILogger log, string found, string where);

    [LoggerMessage(5001, LogLevel.Error, "The history cannot be written, it will be tried again; nothing else waits for it: {Reason}")]
    public static partial void Refuses(ILogger log, string reason);

    [LoggerMessage(5002, LogLevel.Information, "The history is written again")]
    public static partial void Works(ILogger log);

    [LoggerMessage(5003, LogLevel.Warning, "History: {Lines} lines before line {Line} were to be read from the telemetry store, but it has let them go")]
    public static partial void Missed(ILogger log, long lines, long line);

    [LoggerMessage(5004, LogLevel.Warning, "History: {Blocks} oldest blocks let go, the budget of {Budget} MiB is reached")]
    public static partial void Dropped(ILogger log, long blocks, int budget);

    [LoggerMessage(5005, LogLevel.Critical, "History has failed and is off until the next start; the service goes on without it")]
    public static partial void Failed(ILogger log, Exception fault);
}

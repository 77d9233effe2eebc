using Microsoft.Extensions.Logging;

namespace Gateway.Links.Serial;

/// <summary>Event ids 3100 to 3119.</summary>
internal sealed partial class SerialListener
{
    [LoggerMessage(3100, LogLevel.Information, "bus {BusId}: port {Port} is open at {Baud} {Framing}")]
    private partial void LogOpened(string busId, string port, int baud, SerialFraming framing);

    [LoggerMessage(3101, LogLevel.Warning, "bus {BusId}: {Reason}; trying again every {RetryMilliseconds} ms")]
    private partial void LogLost(string busId, string reason, int retryMilliseconds);

    [LoggerMessage(3102, LogLevel.Warning, "bus {BusId}: still without its port, now because: {Reason}")]
    private partial void LogReasonChanged(string busId, string reason);

    [LoggerMessage(3103, LogLevel.Error, "bus {BusId}: did not stop within {Limit}; its thread and port are left to the end of the process")]
    private partial void LogStopTimedOut(string busId, TimeSpan limit);
}

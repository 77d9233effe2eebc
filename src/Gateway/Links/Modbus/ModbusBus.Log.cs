using Microsoft.Extensions.Logging;

namespace Gateway.Links.Modbus;

/// <summary>Event ids 3000 to 3099.</summary>
public sealed partial class ModbusBus
{
    [LoggerMessage(3000, LogLevel.Information, "bus {BusId}: port {Port} is open at {Baud} {Framing}")]
    private partial void LogPortOpened(string busId, string port, int baud, Serial.SerialFraming framing);

    [LoggerMessage(3001, LogLevel.Warning, "bus {BusId}: {Reason}; trying again after {RetryMilliseconds} ms")]
    private partial void LogPortLost(string busId, string reason, int retryMilliseconds);

    [LoggerMessage(3002, LogLevel.Warning, "bus {BusId}: still without its port, now because: {Reason}")]
    private partial void LogReasonChanged(string busId, string reason);

    [LoggerMessage(3010, LogLevel.Warning, "bus {BusId}: {DeviceId} (unit {Unit}) failed three times in a row, last by {Reason}; from now on it is only probed")]
    private partial void LogUnitDied(string busId, string deviceId, byte unit, ModbusFailure reason);

    [LoggerMessage(3011, LogLevel.Information, "bus {BusId}: {DeviceId} (unit {Unit}) answers again")]
    private partial void LogUnitRecovered(string busId, string deviceId, byte unit);

    [LoggerMessage(3012, LogLevel.Information, "bus {BusId}: {DeviceId} (unit {Unit}) refuses {Count} registers from {Address} in one request (exception {Code}); from now on it is asked in {Parts}")]
    private partial void LogUnmerged(string busId, string deviceId, byte unit, ushort address, ushort count, int parts, int code);

    [LoggerMessage(3020, LogLevel.Error, "bus {BusId}: did not stop within {Limit}; its thread and port are left to the end of the process")]
    private partial void LogStopTimedOut(string busId, TimeSpan limit);
}

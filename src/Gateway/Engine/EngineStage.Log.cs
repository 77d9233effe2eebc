using Microsoft.Extensions.Logging;

namespace Gateway.Engine;

public sealed partial class EngineStage
{
    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Information, "Store open in {Directory}: {Lines} lines committed, journal at {Seq}, {Replayed} lines judged again after the last stop")]
        public static partial void Recovered(ILogger log, string directory, long lines, long seq, long replayed);

        [LoggerMessage(1001, LogLevel.Error, "The store refuses writes, nothing is acknowledged until it takes them again: {Reason}")]
        public static partial void StoreRefuses(ILogger log, string reason);

        [LoggerMessage(1002, LogLevel.Information, "The store takes writes again")]
        public static partial void StoreWorks(ILogger log);

        [LoggerMessage(1003, LogLevel.Critical, "The engine cannot go on")]
        public static partial void Faulted(ILogger log, Exception fault);

        [LoggerMessage(1004, LogLevel.Error, "The engine did not stop within {Seconds} s")]
        public static partial void StopTimedOut(ILogger log, double seconds);

        [LoggerMessage(1005, LogLevel.Warning, "Telemetry reached its limit ({Limit}): {Lines} oldest lines are given up, recorded as a gap")]
        public static partial void Gap(ILogger log, string limit, long lines);

        [LoggerMessage(1007, LogLevel.Error, "The reserve of {Reserve} MiB is given up for alarms; telemetry waits until there is room: {Reason}")]
        public static partial void ReserveUsed(ILogger log, int reserve, string reason);

        [LoggerMessage(1008, LogLevel.Error, "{Lines} lines could not be stored before the stop; they were never acknowledged")]
        public static partial void NeverStored(ILogger log, long lines);

        [LoggerMessage(1009, LogLevel.Error, "{File} was damaged ({Found}); it lies in {Folder} now, {Rows} rows were recovered")]
        public static partial void Damaged(ILogger log, string file, string found, string folder, long rows);

        [LoggerMessage(1010, LogLevel.Warning, "Older folder of damage deleted: {Folder}")]
        public static partial void DamageForgotten(ILogger log, string folder);

        [LoggerMessage(1040, LogLevel.Information, "The last run ended by {End} {Exit}; {Seconds:0.0} s since its last heartbeat are unknown")]
        public static partial void LastRun(ILogger log, string end, double seconds, string exit);

        [LoggerMessage(1041, LogLevel.Warning, "Nothing was judged for {Seconds:0.0} s because the store refused; that time is unknown for every device")]
        public static partial void StoodStill(ILogger log, double seconds);

        [LoggerMessage(1042, LogLevel.Warning, "The clock was not set at the start and is right now: the timeline moves forward by {Seconds:0.0} s, unknown for every device")]
        public static partial void Anchored(ILogger log, double seconds);

        [LoggerMessage(1006, LogLevel.Information, "Alarm {Step} {Rule} on {Subject} ({Id})")]
        public static partial void Alarm(ILogger log, Domain.Alarms.AlarmState step, string rule, string subject, string id);
    }
}

using Microsoft.Extensions.Logging;

namespace Gateway.Bureau;

internal static partial class BureauLog
{
    [LoggerMessage(4200, LogLevel.Warning, "Bureau {Bureau} does not take reports, keeping them: {Why}")]
    public static partial void Failing(ILogger log, string bureau, string why);

    [LoggerMessage(4201, LogLevel.Information, "Bureau {Bureau} takes reports again after {Seconds} s")]
    public static partial void Works(ILogger log, string bureau, double seconds);

    [LoggerMessage(4202, LogLevel.Warning, "Bureau {Bureau}: what it acknowledged or set could not be written down, reports go again: {Why}")]
    public static partial void NotKept(ILogger log, string bureau, string why);

    [LoggerMessage(4203, LogLevel.Critical, "Bureau {Bureau} cannot go on")]
    public static partial void Faulted(ILogger log, Exception fault, string bureau);
}

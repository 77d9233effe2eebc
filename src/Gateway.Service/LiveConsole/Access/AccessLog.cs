namespace Gateway.Service.LiveConsole.Access;

internal static partial class AccessLog
{
    [LoggerMessage(6000, LogLevel.Warning, "{Count} failed sign-ins from {Address} are not in the audit: {Reason}")]
    public static partial void FailuresNotKept(ILogger log, int count, string address, string reason);
}

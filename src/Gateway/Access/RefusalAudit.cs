using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.Access;

/// <summary>Writes failed sign-ins into the audit, gathered by <see cref="FailedSignIns"/> so that a flood gives a row a minute. One for people, one for devices.</summary>
/// <param name="what">The word in the audit, such as <c>session.refused</c>.</param>
/// <param name="prefix">Before a known name in the column who; "" for people's accounts.</param>
/// <remarks><b>Threading</b>: safe for all.</remarks>
public sealed class RefusalAudit(EngineStage engine, GatewayClock clock, string what, string prefix, ILogger<RefusalAudit> log)
{
    private readonly FailedSignIns _failures = new();

    /// <summary>Counts a failure. What is to be written now is written beside the caller: the time of its answer must not tell whether there was something.</summary>
    /// <param name="name">Null when there is nobody of the name that was given.</param>
    /// <returns>True when this failure is told at once, false when only its number will be.</returns>
    public bool Failed(string? name, string address)
    {
        if (_failures.Failed(name, address, clock.NowMs()) is not { } failure) return false;
        _ = WriteAsync([failure]);
        return true;
    }

    /// <summary>Writes the figures of the minutes that are over; with <paramref name="all"/> also of those that are not, for the end of the process.</summary>
    public Task TellDueAsync(bool all = false) => _failures.Due(clock.NowMs(), all) is { Count: > 0 } due ? WriteAsync(due) : Task.CompletedTask;

    private async Task WriteAsync(List<FailedSignIn> failures)
    {
        try
        {
            await engine.WriteAsync((state, nowMs) =>
            {
                foreach (var failure in failures)
                    state.Audit(nowMs, new AuditRow(failure.Account is { } name ? prefix + name : "unknown", what, failure.Account, $"{failure.Count} from {failure.Address}"));
            });
        }
        catch (StoreException refused)
        {
            foreach (var failure in failures) RefusalLog.NotKept(log, failure.Count, failure.Address, refused.Message);
        }
    }
}

internal static partial class RefusalLog
{
    [LoggerMessage(6000, LogLevel.Warning, "{Count} failed sign-ins from {Address} are not in the audit: {Reason}")]
    public static partial void NotKept(ILogger log, int count, string address, string reason);
}

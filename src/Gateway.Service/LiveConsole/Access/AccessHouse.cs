using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Store;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Once a minute: tells the failed sign-ins of the minutes that are over, and removes sessions and links that have expired.</summary>
internal sealed class AccessHouse(EngineStage engine, StateReader reader, GatewayClock clock, FailedSignIns failures, ILogger<AccessHouse> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public Task SweepAsync() => WriteAsync(failures.Due(clock.NowMs()), reader.AnyExpired(clock.NowMs()));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(failures.Due(clock.NowMs(), all: true), expired: false).WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await SweepAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task WriteAsync(List<FailedSignIn> due, bool expired)
    {
        if (due.Count == 0 && !expired) return;
        try
        {
            await engine.WriteAsync((state, nowMs) =>
            {
                SessionSteps.Refused(state, nowMs, due);
                if (expired) state.RemoveExpired(nowMs);
            });
        }
        catch (StoreException refused)
        {
            foreach (var failure in due) AccessLog.FailuresNotKept(log, failure.Count, failure.Address, refused.Message);
        }
    }
}

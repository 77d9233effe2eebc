using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Store;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Once a minute: tells the failed sign-ins of the minutes that are over, and removes sessions and links that have expired.</summary>
internal sealed class AccessHouse(EngineStage engine, StateReader reader, GatewayClock clock, RefusalAudit failures) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public async Task SweepAsync()
    {
        await failures.TellDueAsync();
        if (!reader.AnyExpired(clock.NowMs())) return;
        try
        {
            await engine.WriteAsync((state, nowMs) => state.RemoveExpired(nowMs));
        }
        catch (StoreException)
        {
            // The gateway is stopping; what has expired lets nobody in and goes at the next start.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await failures.TellDueAsync(all: true).WaitAsync(cancellationToken);
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
}

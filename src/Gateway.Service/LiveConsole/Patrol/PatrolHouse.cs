using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Domain.Compliance;
using Gateway.Domain.Patrol;
using Gateway.Engine;
using Gateway.Service.Composition;
using Gateway.Store;

namespace Gateway.Service.LiveConsole.Patrol;

/// <summary>Draws the day's patrol once its time has come, also after a start that came later. The draw itself runs on the engine's thread, at the head of the chain.</summary>
internal sealed partial class PatrolHouse(GatewayConfiguration configuration, LedgerReload reload, EngineStage engine, StateReader reader, GatewayClock clock, ILogger<PatrolHouse> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20);

    private DateOnly _drawn;

    /// <summary>Draws today's list when it is time and there is none.</summary>
    /// <exception cref="StoreException">The gateway is stopping.</exception>
    public async Task DrawDueAsync()
    {
        var local = CivilDays.Local(clock.NowMs(), reload.Model.Ledger.Site.TimeZone);
        var today = DateOnly.FromDateTime(local.DateTime);
        if (_drawn == today || TimeOnly.FromDateTime(local.DateTime) < configuration.Patrol.Time) return;
        if (reader.Patrol(today) is null)
        {
            var policy = configuration.Patrol.Policy;
            var candidates = Candidates(today, policy.EveryDays);
            string[] inspectors = [.. reader.Accounts().Where(a => a.Role is Role.Crew or Role.Safety).Select(a => a.Name)];
            await engine.WriteAsync((state, nowMs) => state.DrawPatrol(today, nowMs, head => PatrolDraw.Of(head, today, candidates, inspectors, policy)));
        }
        _drawn = today;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock.Time);
        try
        {
            do await TryAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await DrawDueAsync();
        }
        catch (StoreException refused)
        {
            // The list is not lost: it is drawn when the store answers again.
            if (!stoppingToken.IsCancellationRequested) Log.NotDrawn(log, refused.Message);
        }
    }

    /// <summary>All devices in service today. Who was there before the first list is not late on it.</summary>
    private List<PatrolCandidate> Candidates(DateOnly today, int everyDays)
    {
        var first = reader.FirstPatrol() ?? today;
        var looks = reader.PatrolResults(today.AddDays(-everyDays)).GroupBy(r => r.Result.Device, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Max(r => r.Result.Day), StringComparer.Ordinal);
        return [.. reload.Model.Ledger.Devices.Where(d => d.InServiceOn(today)).Select(d => new PatrolCandidate(d.Id, d.Kind == "camera", looks.TryGetValue(d.Id, out var last) ? last : null, d.InServiceFrom > first ? d.InServiceFrom.Value : first))];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The patrol of today is not drawn yet: {Why}")]
        public static partial void NotDrawn(ILogger log, string why);
    }
}

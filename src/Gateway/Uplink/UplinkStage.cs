using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.Uplink;

/// <summary>All targets: alarms over their own connection, live telemetry over another, what was left behind over a third. Nothing upstream waits for them.</summary>
public sealed class UplinkStage : IDisposable
{
    private readonly List<TargetUplink> _targets;
    private readonly CancellationTokenSource _stop = new();
    private readonly EngineStage _engine;
    private readonly ILogger<UplinkStage> _log;
    private Task _running = Task.CompletedTask;

    /// <param name="site">The tag <c>site</c> of every point, for reading back.</param>
    public UplinkStage(UplinkOptions options, string site, StoreOptions store, UplinkLedger ledger, EngineStage engine, IngestBuffer ingest, GatewayClock clock, ILogger<UplinkStage> log)
    {
        (_engine, _log) = (engine, log);
        _targets = [.. options.Targets.Select(t => new TargetUplink(t, site, store, ledger, engine, ingest, clock, log))];
    }

    public event Action<Exception>? Faulted;

    public IReadOnlyList<UplinkFigures> Figures() => [.. _targets.Select(t => t.Figures(_engine.CommittedLines))];

    public void Start()
    {
        _engine.Committed += () => _targets.ForEach(t => t.WakeLive());
        _engine.LaneOneCommitted += () => _targets.ForEach(t => t.WakeAlarms());
        _running = Task.WhenAll(_targets.SelectMany(t => t.Work().Select(w => RunAsync(t.Name, w.Name, w.Run))));
    }

    /// <summary>A person has asked for lines of quarantine to be sent once more.</summary>
    public void ReplayAsked() => _targets.ForEach(t => t.WakeBacklog());

    /// <summary>Reads a target back now.</summary>
    /// <returns>Null when there is no such target, false when it is not read back.</returns>
    public bool? ReadBackNow(string target) => _targets.Find(t => t.Name == target)?.ReadBackNow();

    /// <summary>Stops sending; what is not settled stays in the store.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _targets.ForEach(t => t.Dispose());
        _stop.Dispose();
    }

    private async Task RunAsync(string target, string work, Func<CancellationToken, Task> run)
    {
        try
        {
            await run(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        // The supervisor of these loops: a loop that ends unasked must not leave a gateway that only seems to forward.
        catch (Exception fault)
        {
            UplinkLog.Faulted(_log, fault, target, work);
            Faulted?.Invoke(fault);
        }
    }
}

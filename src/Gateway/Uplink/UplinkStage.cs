using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.Uplink;

/// <summary>All targets, two loops each: alarms over their own connection, telemetry over another. Nothing upstream waits for them.</summary>
public sealed class UplinkStage : IDisposable
{
    private readonly List<UplinkLoop> _loops = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly EngineStage _engine;
    private readonly ILogger<UplinkStage> _log;
    private Task _running = Task.CompletedTask;

    public UplinkStage(UplinkOptions options, StoreOptions store, UplinkLedger ledger, EngineStage engine, IngestBuffer ingest, GatewayClock clock, ILogger<UplinkStage> log)
    {
        (_engine, _log) = (engine, log);
        foreach (var target in options.Targets)
        {
            _loops.Add(new UplinkLoop(target, new AlarmLaneSource(store.StatePath), ledger, new TargetClient(target, clock.Time), clock, ingest, log));
            _loops.Add(new UplinkLoop(target, new TelemetryLaneSource(store.TelemetryPath), ledger, new TargetClient(target, clock.Time), clock, ingest, log));
        }
    }

    public event Action<Exception>? Faulted;

    public IEnumerable<UplinkFigures> Figures() => _loops.Select(l => new UplinkFigures(l.Target, l.Lane, l.State, l.LastError, l.Requests, l.LinesSent));

    public void Start()
    {
        _engine.Committed += () => Wake(UplinkLedger.Telemetry);
        _engine.LaneOneCommitted += () => Wake(UplinkLedger.LaneOne);
        _running = Task.WhenAll(_loops.Select(RunAsync));
    }

    /// <summary>Stops sending; what is not settled stays in the store.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        foreach (var loop in _loops) loop.Dispose();
        _stop.Dispose();
    }

    private void Wake(string lane)
    {
        foreach (var loop in _loops)
            if (loop.Lane == lane) loop.Wake();
    }

    private async Task RunAsync(UplinkLoop loop)
    {
        try
        {
            await loop.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        // The supervisor of these loops: a loop that ends unasked must not leave a gateway that only seems to forward.
        catch (Exception fault)
        {
            UplinkLog.Faulted(_log, fault, loop.Target, loop.Lane);
            Faulted?.Invoke(fault);
        }
    }
}

public sealed record UplinkFigures(string Target, string Lane, string State, string? LastError, long Requests, long LinesSent);

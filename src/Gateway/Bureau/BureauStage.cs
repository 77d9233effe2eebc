using Gateway.Bureau.Reports;
using Gateway.Bureau.Wire;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Uplink;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging;

namespace Gateway.Bureau;

/// <summary>All bureaus: the gateway as a data logger that reports to their platforms over HJ 212. Nothing upstream waits for them.</summary>
public sealed class BureauStage : IDisposable
{
    private readonly List<BureauLoop> _bureaus;
    private readonly StateReader _reader;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger<BureauStage> _log;
    private Task _running = Task.CompletedTask;

    /// <param name="bureaus">Checked, with their passwords.</param>
    /// <param name="zone">The site's: minutes, hours and days are civil.</param>
    public BureauStage(IReadOnlyList<BureauOptions> bureaus, TimeZoneInfo zone, DeviceDirectory directory, StoreOptions store, UplinkLedger ledger, EngineStage engine, IngestBuffer ingest, GatewayClock clock, ILogger<BureauStage> log)
    {
        (_reader, _log) = (new StateReader(store.StatePath), log);
        _bureaus =
        [
            .. bureaus.Select(b => new BureauLoop(b, b.Password ?? "", directory.Registered, zone, new ReportStore(b.Name, engine, _reader), new TelemetryLaneSource(store.TelemetryPath),
                ledger.Lane(b.Target, UplinkLedger.Telemetry), new BureauSockets(), new TargetCondition(b.Target, TargetCondition.Down, ingest, clock), () => engine.CommittedLines, clock, log)),
        ];
    }

    public event Action<Exception>? Faulted;

    public IReadOnlyList<BureauFigures> Figures() => [.. _bureaus.Select(b => b.Figures())];

    public void Start() => _running = Task.WhenAll(_bureaus.Select(RunAsync));

    /// <summary>Stops reporting; what is owed stays in the store.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _bureaus.ForEach(b => b.Dispose());
        _reader.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(BureauLoop bureau)
    {
        try
        {
            await bureau.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        // The supervisor of these loops: one that ends unasked must not leave a gateway that only seems to report.
        catch (Exception fault)
        {
            BureauLog.Faulted(_log, fault, bureau.Name);
            Faulted?.Invoke(fault);
        }
    }
}

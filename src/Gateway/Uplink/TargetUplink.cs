using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Uplink.Audit;
using Gateway.Uplink.Loops;
using Gateway.Uplink.Quarantine;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging;

namespace Gateway.Uplink;

/// <summary>All that works for one target: three connections that write (alarms, live, backlog), one that watches its start, one that reads back.</summary>
internal sealed class TargetUplink : IDisposable
{
    private readonly UplinkTargetOptions _options;
    private readonly UplinkLedger _ledger;
    private readonly StateReader _state;
    private readonly TargetCredentials _credentials;
    private readonly TargetWatch _watch;
    private readonly LiveLoop _alarms;
    private readonly LiveLoop _live;
    private readonly BacklogLoop _backlog;
    private readonly QuarantineReplay _replay;
    private readonly ReadBackLoop? _readBack;

    public TargetUplink(UplinkTargetOptions options, string site, StoreOptions store, UplinkLedger ledger, EngineStage engine, IngestBuffer ingest, GatewayClock clock, ILogger log, UplinkNetwork? network = null)
    {
        (_options, _ledger) = (options, ledger);
        network ??= UplinkNetwork.Sockets;
        _state = new StateReader(store.StatePath);
        _credentials = new TargetCredentials(options, clock.Time);
        _watch = new TargetWatch(options, [.. ledger.Lanes.Where(l => l.Target == options.Name)], TargetWatch.Connect(options, _credentials, clock.Time, network), clock, log);
        var condition = new TargetCondition(options.Name, TargetCondition.Down, ingest, clock);
        var (one, telemetry) = (ledger.Lane(options.Name, UplinkLedger.LaneOne), ledger.Lane(options.Name, UplinkLedger.Telemetry));
        if (options.ReadBackMinutes > 0)
        {
            using var held = new TelemetryReader(store.TelemetryPath);
            telemetry.CountHeld(range => PointRecount.Of(held, range, options.Kind == TargetKind.VictoriaMetrics));
        }
        _alarms = new LiveLoop(options, one, new AlarmLaneSource(store.StatePath), Sender(UplinkWay.Alarms), clock, UplinkWay.Alarms, null, WakeBacklog, log);
        _live = new LiveLoop(options, telemetry, new TelemetryLaneSource(store.TelemetryPath), Sender(UplinkWay.Live), clock, UplinkWay.Live, () => engine.CommittedLines, WakeBacklog, log);
        _replay = new QuarantineReplay(options.Name, store.StatePath, clock);
        _backlog = new BacklogLoop(options, telemetry, new TelemetryLaneSource(store.TelemetryPath), Sender(UplinkWay.Backlog), clock, _live, _replay);
        if (options.ReadBackMinutes > 0)
            _readBack = new ReadBackLoop(options, site, store, ledger, new TargetConnection(options, _credentials, clock.Time, network), engine, new TargetCondition(options.Name, TargetCondition.Missing, ingest, clock), WakeBacklog, clock, log);
        _watch.Restarted += () =>
        {
            _alarms.Wake();
            WakeBacklog();
        };

        BatchSender Sender(string way) => new(options, new TargetClient(options, _credentials, clock.Time, way, network), _credentials, _watch, condition, way, clock, log, network.Jitter);
    }

    public string Name => _options.Name;

    public IEnumerable<LaneLoop> Lanes => [_alarms, _live, _backlog];

    public void WakeAlarms() => _alarms.Wake();

    public void WakeLive() => _live.Wake();

    public void WakeBacklog() => _backlog.Wake();

    /// <returns>False when this target is not read back.</returns>
    public bool ReadBackNow()
    {
        _readBack?.AskNow();
        return _readBack is not null;
    }

    /// <summary>What has to run, each with its name.</summary>
    public IEnumerable<(string Name, Func<CancellationToken, Task> Run)> Work()
    {
        yield return ("watch", _watch.RunAsync);
        foreach (var lane in Lanes) yield return (lane.Way, lane.RunAsync);
        if (_readBack is not null) yield return ("read-back", _readBack.RunAsync);
    }

    public UplinkFigures Figures(long committed)
    {
        var (one, telemetry) = (_ledger.Lane(Name, UplinkLedger.LaneOne), _ledger.Lane(Name, UplinkLedger.Telemetry));
        long lag = Math.Max(0, committed - telemetry.Next), backlog = telemetry.BacklogLines;
        return new UplinkFigures(Name, [.. Lanes.Select(l => new LaneFigures(l.Way, l.Sender.State, l.Sender.LastError, l.Sender.Requests, l.Sender.LinesSent))],
            telemetry.Next, telemetry.Settled, lag, lag > 0 ? _live.OldestReceivedMs : null, backlog, telemetry.HeldLines + one.HeldLines, Lanes.Sum(l => l.Checked.Refused), Lanes.Sum(l => l.Checked.TextsDropped),
            _state.QuarantineLines(Name), _watch.Restarts, _watch.LinesAgain, _watch.Readable, _credentials.Fault, _readBack?.Figures);
    }

    public void Dispose()
    {
        foreach (var lane in Lanes) lane.Dispose();
        _replay.Dispose();
        _readBack?.Dispose();
        _watch.Dispose();
        _state.Dispose();
    }
}

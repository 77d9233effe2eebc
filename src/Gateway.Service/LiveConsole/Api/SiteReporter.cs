using Gateway.Diagnostics;
using Gateway.Diagnostics.Clock;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Ingest;
using Gateway.Links.MqttClient;
using Gateway.Service.Composition;
using Gateway.Uplink;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Puts together what the stages know into the shapes of API.md.</summary>
internal sealed class SiteReporter(GatewayConfiguration configuration, EngineIdentity identity, EngineStage engine, IngestBuffer ingest, UplinkStage uplink, UplinkLedger ledger, MqttClientLink brokers, LedgerReload reload, GatewayClock clock, ClockWatch watch)
{
    private static readonly string[] WorstFirst = ["refused", "open", "retrying", "ok"];

    private readonly DateTimeOffset _startedAt = Time(clock.NowMs());
    private readonly long _committedAtStart = engine.CommittedLines;

    public SiteDto Site(SiteView view)
    {
        long committed = engine.CommittedLines, settled = ledger.Settled(UplinkLedger.Telemetry);
        return new SiteDto(
            new GatewayDto(identity.GatewayId, identity.Version, _startedAt, Time(clock.NowMs()), engine.LastEnd),
            view.Site,
            view.Compliance,
            new FrontiersDto(_committedAtStart + ingest.Received, committed, settled < 0 ? null : settled),
            [.. uplink.Figures().Select(UplinkOf)],
            [.. brokers.Figures().Select(b => new BrokerDto(b.Id, b.Address, b.Status.State, Time(b.Status.SinceMs), b.Status.Why))],
            new StoreDto(engine.Telemetry.FileBytes, configuration.Store.TelemetryMiBMax * 1024L * 1024L, engine.Telemetry.DroppedLines,
                engine.Telemetry.OldestReceivedMs is { } oldest ? Time(oldest) : null, engine.StoreFault),
            LedgerStatusDto.Of(reload.Status),
            ClockOf(watch.Standing));
    }

    public SnapshotDto Snapshot(SiteView view) => new(view.Seq, Time(clock.NowMs()), Site(view), view.Devices, view.Unregistered, view.Alarms);

    /// <summary>Version of the ledger in force.</summary>
    public string LedgerHash => reload.Status.Hash;

    public DateTimeOffset Now() => Time(clock.NowMs());

    private static ClockDto ClockOf(ClockStanding c) => new(c.State, c.Source, c.Rtc, c.EstimatedErrorMs, c.LastStepMs, c.Sane);

    private UplinkDto UplinkOf(UplinkFigures f) => new(f.Target, configuration.Uplink.Targets.First(t => t.Name == f.Target).Kind, Worst(f),
        f.LagLines + f.BacklogLines, f.LagLines, f.BacklogLines, f.HeldLines, f.Quarantined, f.Restarts, f.StartReadable,
        f.Lanes.Select(l => l.LastError).FirstOrDefault(e => e is not null) ?? f.Fault,
        ReadBackOf(f));

    internal static ReadBackDto? ReadBackOf(UplinkFigures f) =>
        f.ReadBack is { } r ? new ReadBackDto(r.HoursAgreed, r.HoursMissing, r.PointsMissing, r.PointsMore, r.LastAtMs is { } at ? Time(at) : null, r.Unable) : null;

    private static string Worst(UplinkFigures f) => Array.Find(WorstFirst, s => f.Lanes.Any(l => l.State == s)) ?? "idle";

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}

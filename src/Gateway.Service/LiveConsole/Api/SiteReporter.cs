using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Ingest;
using Gateway.Links.MqttClient;
using Gateway.Service.Composition;
using Gateway.Uplink;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Puts together what the stages know into the shapes of API.md.</summary>
internal sealed class SiteReporter(GatewayConfiguration configuration, EngineIdentity identity, EngineStage engine, IngestBuffer ingest, UplinkStage uplink, UplinkLedger ledger, MqttClientLink brokers, GatewayClock clock)
{
    private readonly DateTimeOffset _startedAt = Time(clock.NowMs());
    private readonly long _committedAtStart = engine.CommittedLines;

    public SiteDto Site(SiteView view)
    {
        long committed = engine.CommittedLines, settled = ledger.Settled(UplinkLedger.Telemetry);
        return new SiteDto(
            new GatewayDto(identity.GatewayId, identity.Version, _startedAt, Time(clock.NowMs())),
            view.Site,
            view.Compliance,
            new FrontiersDto(_committedAtStart + ingest.Received, committed, settled < 0 ? null : settled),
            [.. configuration.Uplink.Targets.Select(t => UplinkOf(t, committed))],
            [.. brokers.Figures().Select(b => new BrokerDto(b.Id, b.Address, b.Status.State, Time(b.Status.SinceMs), b.Status.Why))],
            new StoreDto(engine.Telemetry.FileBytes, configuration.Store.TelemetryMiBMax * 1024L * 1024L, engine.Telemetry.DroppedLines,
                engine.Telemetry.OldestReceivedMs is { } oldest ? Time(oldest) : null, engine.StoreFault));
    }

    public SnapshotDto Snapshot(SiteView view) => new(view.Seq, Time(clock.NowMs()), Site(view), view.Devices, view.Unregistered, view.Alarms);

    public DateTimeOffset Now() => Time(clock.NowMs());

    private UplinkDto UplinkOf(UplinkTargetOptions target, long committed)
    {
        var lanes = uplink.Figures().Where(f => f.Target == target.Name).ToList();
        string state = lanes.Any(l => l.State == "refused") ? "refused" : lanes.Any(l => l.State == "retrying") ? "retrying" : lanes.Any(l => l.State == "ok") ? "ok" : "idle";
        return new UplinkDto(target.Name, target.Kind, state, committed - ledger.Next(target.Name, UplinkLedger.Telemetry), lanes.Select(l => l.LastError).FirstOrDefault(e => e is not null));
    }

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}

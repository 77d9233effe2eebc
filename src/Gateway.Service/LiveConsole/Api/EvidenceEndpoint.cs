using Gateway.Engine;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Gateway.Uplink;

namespace Gateway.Service.LiveConsole.Api;

/// <summary><c>/evidence</c>: how far the chain has come, and what of it is known outside.</summary>
internal static class EvidenceEndpoint
{
    public static void MapEvidence(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/evidence", (StateReader reader, EngineStage engine, EngineIdentity identity, UplinkLedger ledger) => TypedResults.Ok(Show(reader, engine, identity, ledger)))
            .RequireAuthorization(AccessPolicies.Viewer).WithSummary("Head and newest checkpoint of the evidence chain");

    private static EvidenceDto Show(StateReader reader, EngineStage engine, EngineIdentity identity, UplinkLedger ledger)
    {
        var head = reader.Head();
        long carriedBy = engine.CheckpointLaneRow;
        var newest = reader.NewestCheckpoint() is { } kept
            ? new CheckpointDto(kept.Checkpoint.Seq, kept.Checkpoint.Hash, kept.Checkpoint.Count, SiteEngine.Time(kept.Checkpoint.AtMs), kept.Reason, ledger.Any ? ledger.Settled(UplinkLedger.LaneOne) > carriedBy : null)
            : null;
        return new EvidenceDto(identity.GatewayId, head.Seq, head.Hash, SiteEngine.Time(head.AtMs), newest);
    }
}

internal sealed record EvidenceDto(string Gateway, long Seq, string Hash, DateTimeOffset At, CheckpointDto? Checkpoint);

/// <param name="Settled">Every target has it; null without a target.</param>
internal sealed record CheckpointDto(long Seq, string Hash, long Count, DateTimeOffset At, string Reason, bool? Settled);

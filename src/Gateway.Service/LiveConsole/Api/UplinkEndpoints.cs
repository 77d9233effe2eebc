using System.Globalization;
using System.Text;
using Gateway.Engine;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Gateway.Uplink;
using Gateway.Uplink.Quarantine;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Targets in detail, and the lines they refused: to look at, to send once more, to give up.</summary>
internal static class UplinkEndpoints
{
    private const int PageMax = 500;

    public static void MapUplinks(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").AddEndpointFilter(AccessWriter.AnswerRefusal);
        api.MapGet("/uplinks", (UplinkStage uplink) => TypedResults.Ok(new UplinksDto([.. uplink.Figures().Select(DetailOf)]))).RequireAuthorization(AccessPolicies.Viewer).WithSummary("Targets with their lanes, frontiers and audits");
        var admin = api.MapGroup("").RequireAuthorization(AccessPolicies.Administrator);
        admin.MapPost("/uplinks/{name}/read-back", ReadBack).WithSummary("Asks the target now how many points it holds");
        admin.MapPost("/uplinks/{name}/replay", ReplayAllAsync).WithSummary("Sends all quarantined lines of a target once more");
        admin.MapGet("/quarantine", Quarantine).Produces<QuarantinePage>().WithSummary("Lines the targets refused for good, newest first");
        admin.MapPost("/quarantine/{id}/replay", ReplayAsync).WithSummary("Sends a quarantined line once more");
        admin.MapPost("/quarantine/{id}/discard", DiscardAsync).Accepts<DiscardRequest>("application/json").WithSummary("Gives a quarantined line up, for a reason");
    }

    private static IResult ReadBack(string name, UplinkStage uplink) => uplink.ReadBackNow(name) switch
    {
        null => NoTarget(name),
        false => ApiProblem.Of(StatusCodes.Status409Conflict, $"{name} is not read back: its ReadBackMinutes is 0"),
        true => TypedResults.Accepted((string?)null),
    };

    private static IResult Quarantine(StateReader reader, string? target = null, int limit = 100, string? cursor = null)
    {
        if (limit is < 1 or > PageMax) return ApiProblem.Of(StatusCodes.Status400BadRequest, $"limit: expected 1 to {PageMax}, saw {limit}");
        long before = long.MaxValue;
        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before)) return ApiProblem.Of(StatusCodes.Status400BadRequest, $"cursor: expected the \"next\" of an earlier page, saw \"{cursor}\"");
        var (rows, next) = reader.Quarantine(target, before, limit);
        return TypedResults.Ok(new QuarantinePage([.. rows.Select(ViewOf)], next == 0 ? null : next.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task<IResult> ReplayAllAsync(string name, HttpContext http, UplinkStage uplink, AccessWriter writer)
    {
        if (uplink.Figures().All(f => f.Target != name)) return NoTarget(name);
        string who = http.Who();
        long lines = await writer.WriteAsync((state, nowMs) => state.AskReplay(nowMs, who, name, null));
        uplink.ReplayAsked();
        return TypedResults.Accepted((string?)null, new ReplayDto(lines));
    }

    private static async Task<IResult> ReplayAsync(string id, HttpContext http, UplinkStage uplink, AccessWriter writer)
    {
        if (!TryId(id, out long number)) return NoLine(id);
        string who = http.Who();
        long lines = await writer.WriteAsync((state, nowMs) => state.AskReplay(nowMs, who, null, number));
        if (lines == 0) return NoLine(id);
        uplink.ReplayAsked();
        return TypedResults.Accepted((string?)null, new ReplayDto(lines));
    }

    private static async Task<IResult> DiscardAsync(string id, HttpContext http, AccessWriter writer)
    {
        if (!TryId(id, out long number)) return NoLine(id);
        var (body, refusal) = await RequestBody.ReadAsync(http, ApiJson.Default.DiscardRequest);
        if (refusal is not null) return refusal;
        if (body!.Reason is not { Length: > 0 and <= 1000 } reason) return ApiProblem.Of(StatusCodes.Status400BadRequest, "reason: expected 1 to 1000 characters, why this line is given up");
        string who = http.Who();
        return await writer.WriteAsync((state, nowMs) => state.Discard(nowMs, who, number, reason)) ? TypedResults.NoContent() : NoLine(id);
    }

    private static bool TryId(string id, out long number) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static IResult NoTarget(string name) => ApiProblem.Of(StatusCodes.Status404NotFound, $"there is no uplink target {name}");

    private static IResult NoLine(string id) => ApiProblem.Of(StatusCodes.Status404NotFound, $"there is no line {id} in quarantine");

    private static QuarantineView ViewOf(QuarantinedLine l) =>
        new(l.Id.ToString(CultureInfo.InvariantCulture), l.Target, l.Lane, SiteEngine.Time(l.AtMs), Encoding.UTF8.GetString(l.Line).TrimEnd('\n'), l.Words, l.Replay);

    private static UplinkDetailDto DetailOf(UplinkFigures f) => new(f.Target, [.. f.Lanes.Select(l => new UplinkLaneDto(l.Lane, l.State, l.LinesSent, l.LastError))], f.Sent, f.Settled, f.LagLines, f.BacklogLines, f.HeldLines,
        f.RefusedHere, f.TextsDropped, f.Quarantined, f.Restarts, f.LinesAgain, f.StartReadable, f.Fault, SiteReporter.ReadBackOf(f));
}

internal sealed record UplinksDto(IReadOnlyList<UplinkDetailDto> Items);

internal sealed record UplinkDetailDto(string Name, IReadOnlyList<UplinkLaneDto> Lanes, long Sent, long Settled, long LagLines, long BacklogLines, long HeldLines,
    long RefusedHere, long TextsDropped, long Quarantined, long Restarts, long LinesAgain, bool StartReadable, string? Fault, ReadBackDto? ReadBack);

internal sealed record UplinkLaneDto(string Lane, string State, long LinesSent, string? LastError);

internal sealed record QuarantineView(string Id, string Target, string Lane, DateTimeOffset At, string Line, string Words, bool Replay);

internal sealed record QuarantinePage(IReadOnlyList<QuarantineView> Items, string? Next);

internal sealed record ReplayDto(long Lines);

internal sealed record DiscardRequest(string? Reason);

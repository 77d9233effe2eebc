using System.Security.Cryptography;
using Gateway.Diagnostics;
using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Lifecycle;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>The lifecycle log: entries, and requests that another person approves.</summary>
internal static class LifecycleEndpoints
{
    private const int RequestIdBytes = 8;

    public static void MapLifecycle(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/ledger");
        api.AddEndpointFilter(AccessWriter.AnswerRefusal);
        api.WithMetadata(new BodyLimit(RequestBody.BytesMax));
        api.MapGet("/lifecycle", List).RequireAuthorization(AccessPolicies.Viewer).Produces<LifecycleDto>().WithSummary("Entries of the lifecycle log, corrections and requests");
        api.MapPost("/lifecycle", EnterAsync).RequireAuthorization(AccessPolicies.Crew).Produces<LifecycleEnteredDto>(StatusCodes.Status201Created).WithSummary("An entry that needs no second person");
        api.MapPost("/lifecycle/requests", AskAsync).RequireAuthorization(AccessPolicies.Safety).Produces<LifecycleAskedDto>(StatusCodes.Status201Created).WithSummary("A suspension or correction, for another person to approve");
        api.MapPost("/lifecycle/requests/{id}/approve", ApproveAsync).RequireAuthorization(AccessPolicies.Safety).Produces<LifecycleEnteredDto>(StatusCodes.Status201Created).WithSummary("Another person agrees");
        api.MapPost("/lifecycle/requests/{id}/decline", DeclineAsync).RequireAuthorization(AccessPolicies.Safety).WithSummary("It will not become an entry");
    }

    private static JsonHttpResult<LifecycleDto> List(StateReader reader, SiteModel model, GatewayClock clock, string? device = null)
    {
        var policy = new LifecyclePolicy();
        var entries = reader.LifecycleEntries(device);
        var timeline = LifecycleTimeline.Build(entries, long.MaxValue, model.Ledger.Devices.Select(d => AccountDevice.Of(d, enterprise: null, model.Ledger.Site.TimeZone).Service), policy);
        long nowMs = clock.NowMs();
        return TypedResults.Json(new LifecycleDto([.. timeline.Entries.Select(e => LifecycleEntryDto.Of(e, timeline, policy))], [.. reader.LifecycleRequests(device).Select(r => LifecycleRequestDto.Of(r, nowMs))]), LifecycleApiJson.Default.LifecycleDto);
    }

    private static async Task<IResult> EnterAsync(HttpContext http, LifecycleSteps steps, AccessWriter writer)
    {
        var (entry, refusal) = await ReadAsync(http);
        if (refusal is not null) return refusal;
        if (entry!.Kind is LifecycleKind.Suspended or LifecycleKind.Withdrawn || entry.Corrects is not null)
            return Refused(new([new("停用和更正须先申请（POST …/requests），由另一人批准", "suspensions and corrections are requested (POST …/requests) and approved by another person")]));
        string who = http.Who();
        return Entered(await writer.WriteAsync((state, nowMs) => steps.Enter(state, nowMs, who, entry)));
    }

    private static async Task<IResult> AskAsync(HttpContext http, LifecycleSteps steps, AccessWriter writer)
    {
        if (TwoPeople.Refusal(http) is { } nobody) return nobody;
        var (entry, refusal) = await ReadAsync(http);
        if (refusal is not null) return refusal;
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RequestIdBytes));
        var outcome = await writer.WriteAsync((state, nowMs) => steps.Ask(state, nowMs, id, entry!));
        return outcome.Problems.Count > 0 ? Refused(outcome) : TypedResults.Json(new LifecycleAskedDto(id), LifecycleApiJson.Default.LifecycleAskedDto, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ApproveAsync(string id, HttpContext http, LifecycleSteps steps, AccessWriter writer)
    {
        if (TwoPeople.Refusal(http) is { } nobody) return nobody;
        string who = http.Who();
        return Entered(await writer.WriteAsync((state, nowMs) => steps.Approve(state, nowMs, id, who)));
    }

    private static async Task<IResult> DeclineAsync(string id, HttpContext http, AccessWriter writer)
    {
        if (TwoPeople.Refusal(http) is { } nobody) return nobody;
        var (body, refusal) = await RequestBody.ReadAsync(http, LifecycleApiJson.Default.DeclineBody);
        if (refusal is not null) return refusal;
        string who = http.Who();
        var outcome = await writer.WriteAsync((state, nowMs) => LifecycleSteps.Decline(state, nowMs, id, who, body!.Note));
        return outcome.Problems.Count > 0 ? Refused(outcome) : TypedResults.NoContent();
    }

    private static async Task<(LifecycleEntry? Entry, IResult? Refusal)> ReadAsync(HttpContext http)
    {
        var (body, refusal) = await RequestBody.ReadAsync(http, LifecycleApiJson.Default.LifecycleBody);
        if (refusal is not null) return (null, refusal);
        var entry = body!.ToEntry(http.Who(), out string? wrong);
        return (entry, wrong is null ? null : ApiProblem.Of(StatusCodes.Status400BadRequest, wrong));
    }

    private static IResult Entered(LifecycleOutcome outcome) => outcome.Seq is { } seq
        ? TypedResults.Json(new LifecycleEnteredDto(seq), LifecycleApiJson.Default.LifecycleEnteredDto, statusCode: StatusCodes.Status201Created) : Refused(outcome);

    private static JsonHttpResult<LifecycleProblem> Refused(LifecycleOutcome outcome) => TypedResults.Json(
        new LifecycleProblem("Bad Request", StatusCodes.Status400BadRequest, string.Join("; ", outcome.Problems.Select(p => p.En)), outcome.Problems),
        LifecycleApiJson.Default.LifecycleProblem, ApiProblem.ContentType, StatusCodes.Status400BadRequest);
}

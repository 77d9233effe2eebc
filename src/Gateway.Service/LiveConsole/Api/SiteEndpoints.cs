using System.Globalization;
using System.Text;
using Gateway.Domain.Rules;
using Gateway.Engine;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Site, devices, alarms and rules over HTTP; shapes in API.md.</summary>
internal static class SiteEndpoints
{
    private const int PageMax = 1_000;

    public static void MapSite(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(AccessPolicies.Viewer);
        api.MapGet("/site", async (EngineStage engine, SiteReporter reporter) => TypedResults.Ok(reporter.Site(await engine.ViewAsync()))).WithSummary("The site, its three 100 % figures, frontiers, uplinks and store");
        api.MapGet("/devices", async (EngineStage engine) =>
        {
            var view = await engine.ViewAsync();
            return TypedResults.Ok(new DevicesDto(view.Devices, view.Unregistered));
        }).WithSummary("Every device with its presence ladder and newest values");
        api.MapGet("/alarms", Alarms).WithSummary("Alarms, newest step first, by cursor");
        api.MapPost("/alarms/{id}/ack", Acknowledge).RequireAuthorization(AccessPolicies.Crew).WithSummary("A person has seen the alarm");
        api.MapGet("/rules", (SiteModel model) => TypedResults.Ok(new RulesDto([.. model.Rules.Select(RuleOf)]))).WithSummary("The rules in force");
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Alarms(StateReader reader, string? state = null, int limit = 100, string? cursor = null)
    {
        if (state is not (null or "open" or "closed" or "all")) return Problem(400, $"state: expected open, closed or all, saw \"{state}\"");
        if (limit is < 1 or > PageMax) return Problem(400, $"limit: expected 1 to {PageMax}, saw {limit}");
        long before = long.MaxValue;
        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before)) return Problem(400, $"cursor: expected the \"next\" of an earlier page, saw \"{cursor}\"");
        var (bodies, next) = reader.Alarms(state switch { "open" => true, "closed" => false, _ => null }, before, limit);
        return TypedResults.Content(Page(bodies, next), "application/json; charset=utf-8");
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Acknowledge(string id, AckRequest request, HttpContext context, EngineStage engine, StateReader reader)
    {
        if (request.Note is { Length: > 1000 }) return Problem(400, "note: expected at most 1000 characters");
        if (reader.Alarm(id) is null) return Problem(404, $"there is no alarm {id}");
        string who = context.User.Identity?.Name ?? "unknown";
        return await engine.AcknowledgeAsync(id, who, request.Note) is null
            ? Problem(409, "nothing to acknowledge: the alarm is acknowledged already, suppressed or closed")
            : TypedResults.Content(Encoding.UTF8.GetString(reader.Alarm(id)!), "application/json; charset=utf-8");
    }

    /// <summary>Bodies go out exactly as they were journalled.</summary>
    internal static string Page(IReadOnlyList<byte[]> bodies, long next)
    {
        var page = new StringBuilder("{\"items\":[");
        for (int i = 0; i < bodies.Count; i++) page.Append(i == 0 ? "" : ",").Append(Encoding.UTF8.GetString(bodies[i]));
        return page.Append("],\"next\":").Append(next == 0 ? "null" : string.Create(CultureInfo.InvariantCulture, $"\"{next}\"")).Append('}').ToString();
    }

    internal static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    private static RuleDto RuleOf(Rule r) => new(r.Id, r.Pack, r.PackVersion, r.Kinds, r.Severity, r.Title, r.Advice, r.Source, r.Evaluator.GetType().Name.Replace("Evaluator", "", StringComparison.Ordinal).ToLowerInvariant());
}

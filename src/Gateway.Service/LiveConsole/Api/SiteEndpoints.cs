using System.Globalization;
using System.Text;
using Gateway.Domain.Rules;
using Gateway.Engine;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Site, devices, alarms and rules over HTTP; shapes in API.md.</summary>
internal static class SiteEndpoints
{
    public static void MapSite(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(AccessPolicies.Viewer);
        api.MapGet("/site", async (EngineStage engine, SiteReporter reporter) => TypedResults.Ok(reporter.Site(await engine.ViewAsync()))).WithSummary("The site, its three 100 % figures, frontiers, uplinks and store");
        api.MapGet("/devices", async (EngineStage engine) =>
        {
            var view = await engine.ViewAsync();
            return TypedResults.Ok(new DevicesDto(view.Devices, view.Unregistered));
        }).WithSummary("Every device with its presence ladder and newest values");
        api.MapGet("/rules", (SiteModel model) => TypedResults.Ok(new RulesDto([.. model.Rules.Select(RuleOf)]))).WithSummary("The rules in force");
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

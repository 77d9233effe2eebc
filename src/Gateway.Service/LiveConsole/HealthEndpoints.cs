using Gateway.Engine;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole;

/// <summary>For supervisors and Prometheus.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", Health).AllowAnonymous().WithSummary("200 while every stage runs");
        routes.MapGet("/readyz", Ready).AllowAnonymous().WithSummary("200 when the store takes writes and links listen");
        routes.MapGet("/metrics", (MetricsPage page) => TypedResults.Text(page.Render(), "text/plain; version=0.0.4; charset=utf-8")).RequireAuthorization(AccessPolicies.Viewer).WithSummary("Prometheus text");
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Health(ProcessHealth health) =>
        health.Fault is { } fault ? TypedResults.Problem(fault, statusCode: 503) : TypedResults.Text("ok");

    private static Results<ContentHttpResult, ProblemHttpResult> Ready(ProcessHealth health, EngineStage engine) =>
        (health.Fault ?? engine.StoreFault ?? (health.Listening ? null : "links do not listen yet")) is { } reason ? TypedResults.Problem(reason, statusCode: 503) : TypedResults.Text("ready");
}

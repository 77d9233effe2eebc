using System.Text;
using Gateway.Links.Frames;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Raw frames of the wires, live and around alarms. For the crew: HJ 212 carries passwords, black boxes carry identity numbers.</summary>
internal static class FrameEndpoints
{
    private const int FramesMax = 1_000;

    public static void MapFrames(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(AccessPolicies.Crew);
        api.MapGet("/buses/{id}/frames", Frames).WithSummary("Raw frames of a bus or connection, oldest first, from a number on");
        api.MapGet("/alarms/{id}/frames", AlarmFrames).WithSummary("Raw frames around an alarm");
    }

    private static Results<Ok<FramesDto>, ProblemHttpResult> Frames(string id, FrameRings rings, long? since = null, int limit = 200)
    {
        if (limit is < 1 or > FramesMax) return SiteEndpoints.Problem(400, $"limit: expected 1 to {FramesMax}, saw {limit}");
        if (rings.Find(id) is not { } ring) return SiteEndpoints.Problem(404, $"there is no bus or connection {id} with frames");
        var frames = ring.Since(since ?? Math.Max(0, ring.Count - limit), limit);
        return TypedResults.Ok(new FramesDto(ring.Id, ring.Protocol, [.. frames.Select(FrameView.Of)], frames.Count == 0 ? since ?? ring.Count : frames[^1].Number + 1));
    }

    private static Results<ContentHttpResult, ProblemHttpResult> AlarmFrames(string id, FrameArchive archive) => archive.Read(id) is { } kept
        ? TypedResults.Content(Encoding.UTF8.GetString(kept), "application/json; charset=utf-8")
        : SiteEndpoints.Problem(404, $"no frames are kept of alarm {id}: it is none of a wire, older than what is kept, or younger than ten seconds");
}

/// <param name="Next">Ask for frames from this number on.</param>
internal sealed record FramesDto(string Id, string Protocol, IReadOnlyList<FrameView> Items, long Next);

using System.Globalization;
using System.Threading.Channels;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Service.LiveConsole.Api;

/// <summary><c>GET /api/v1/events</c>: a snapshot or, with <c>Last-Event-ID</c>, what was missed; then everything as it happens.</summary>
internal static class EventEndpoint
{
    /// <summary>More than this missed is cheaper to send as a snapshot.</summary>
    private const int ResumeMax = 1_000;

    /// <summary>A removed account or an ended session stops watching within this time.</summary>
    private static readonly TimeSpan AskAgainEvery = TimeSpan.FromSeconds(5);

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/events", ServeAsync).RequireAuthorization(AccessPolicies.Viewer).WithSummary("Server-Sent Events: alarms, presence, readings").Produces(200, contentType: "text/event-stream");

    private static async Task ServeAsync(HttpContext context, EventHub hub, EngineStage engine, SiteReporter reporter, StateReader reader, GatewayConfiguration configuration, GatewayClock clock)
    {
        if (hub.Viewers >= configuration.Console.ViewersMax)
        {
            context.Response.Headers.RetryAfter = "30";
            await TypedResults.Problem("as many viewers as Console.ViewersMax allows are connected", statusCode: 503).ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // Joined before the snapshot is taken: what happens meanwhile waits in the channel, and what the snapshot already holds is passed over.
        var viewer = hub.Join();
        try
        {
            long seen = await CatchUpAsync(context, engine, reporter, reader);
            await FollowAsync(context, viewer, clock.Time, seen);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The viewer left.
        }
        finally
        {
            hub.Leave(viewer);
        }
    }

    private static async Task<long> CatchUpAsync(HttpContext context, EngineStage engine, SiteReporter reporter, StateReader reader)
    {
        // Views are shared and a little old: the journal, not the view, says what is newest.
        var view = await engine.ViewAsync();
        if (long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out long last) && (last <= view.Seq || Holds(reader, last)))
        {
            var missed = reader.Transitions(last, ResumeMax + 1);
            if (missed.Count <= ResumeMax)
            {
                foreach (var (seq, kind, body) in missed) await WriteAsync(context, EventHub.Encode(kind, body, seq));
                var site = new SiteEventDto(reporter.Site(view), view.Unregistered);
                await WriteAsync(context, EventHub.Encode("site", site, ApiJson.Default.SiteEventDto));
                await context.Response.Body.FlushAsync(context.RequestAborted);
                return missed.Count > 0 ? missed[^1].Seq : last;
            }
        }
        await WriteAsync(context, EventHub.Encode("snapshot", reporter.Snapshot(view), ApiJson.Default.SnapshotDto, Math.Max(1, view.Seq)));
        long seen = view.Seq;
        foreach (var (seq, kind, body) in reader.Transitions(view.Seq, int.MaxValue))
        {
            await WriteAsync(context, EventHub.Encode(kind, body, seq));
            seen = seq;
        }
        await context.Response.Body.FlushAsync(context.RequestAborted);
        return seen;
    }

    private static bool Holds(StateReader reader, long transition) => reader.Transitions(transition - 1, 1) is [var first] && first.Seq == transition;

    private static async Task FollowAsync(HttpContext context, Channel<StreamEvent> viewer, TimeProvider time, long seen)
    {
        var handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var identity = (GatewayAuthentication)(await handlers.GetHandlerAsync(context, GatewayAuthentication.Scheme))!;
        long asked = time.GetTimestamp();
        while (await viewer.Reader.WaitToReadAsync(context.RequestAborted))
        {
            if (time.GetElapsedTime(asked) >= AskAgainEvery)
            {
                if (!identity.StillKnown()) return;
                asked = time.GetTimestamp();
            }
            while (viewer.Reader.TryRead(out var e))
                if (e.Seq == 0 || e.Seq > seen) await WriteAsync(context, e);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static ValueTask WriteAsync(HttpContext context, StreamEvent e) => context.Response.Body.WriteAsync(e.Bytes, context.RequestAborted);
}

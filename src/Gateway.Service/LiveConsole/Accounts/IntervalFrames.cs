using Gateway.Domain.Alarms;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Links.Frames;
using Gateway.Reports;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;

namespace Gateway.Service.LiveConsole.Accounts;

/// <summary><c>/presence/{seq}/frames</c>: from an interval down to the raw frames at its beginning, while they are still there. For the crew, as all raw frames.</summary>
internal static class IntervalFrames
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(30), After = TimeSpan.FromSeconds(30);

    public static void MapIntervalFrames(this IEndpointRouteBuilder routes) =>
        AccountEndpoints.Describe<IntervalFramesDto>(routes.MapGet("/api/v1/presence/{seq}/frames", Show)).RequireAuthorization(AccessPolicies.Crew).WithSummary("Raw frames around the beginning of an interval");

    private static async Task<IResult> Show(string seq, HttpContext http, ReportDesk desk, FrameArchive archive, StateReader reader)
    {
        var asked = new Asked(desk.Zone, desk.NowMs());
        long? row = asked.Number("seq", seq, 1, long.MaxValue);
        if (asked.Refusal is { } refusal) return refusal;
        return await desk.InTurnAsync(http, _ =>
        {
            if (PresenceQuery.Find(desk.StatePath, row!.Value) is not { } interval) return ApiProblem.Of(StatusCodes.Status404NotFound, $"row {row} of the chain is no interval of presence");
            var (begins, subject) = (SiteEngine.Time(interval.FromMs), new SubjectView(SubjectKind.Device, interval.Device, new(interval.Device, interval.Device)));
            var (from, to) = (begins - Before, begins + After);
            var rings = archive.Around(subject, from, to);
            // The silence is known only a while after it began: its alarm comes late, with frames of its own.
            var alarms = reader.AlarmsOf(interval.Device, interval.FromMs - (long)Before.TotalMilliseconds, interval.ToMs).Where(a => archive.Read(a) is not null).ToList();
            var oldest = archive.Oldest(subject);
            if (rings.Count == 0 && alarms.Count == 0)
                return ApiProblem.Of(StatusCodes.Status404NotFound, oldest is { } held
                    ? $"no frames of {interval.Device} are kept from {from:yyyy-MM-dd'T'HH:mm:ss'Z'} to {to:yyyy-MM-dd'T'HH:mm:ss'Z'}; the oldest at hand is of {held:yyyy-MM-dd'T'HH:mm:ss'Z'}"
                    : $"no frames of {interval.Device} are kept: it speaks on no wire, or its frames went with a restart or under newer ones");
            return TypedResults.Json(new IntervalFramesDto(interval.Seq, interval.Device, from, to, rings, alarms, oldest), AccountJson.Default.IntervalFramesDto);
        });
    }
}

using System.Globalization;
using System.Text;
using Gateway.Domain.Alarms;
using Gateway.Engine;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Alarms over HTTP, and what people do about them; shapes in API.md.</summary>
internal static class AlarmEndpoints
{
    private const int PageMax = 1_000;

    public static void MapAlarms(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/alarms", Alarms).RequireAuthorization(AccessPolicies.Viewer).WithSummary("Alarms, newest step first, by cursor");
        var api = routes.MapGroup("/api/v1/alarms/{id}").RequireAuthorization(AccessPolicies.Crew);
        api.MapPost("/ack", (string id, NoteRequest request, HttpContext http, EngineStage engine, StateReader reader) =>
            Act(new AcknowledgeAlarm(id, Who(http), request.Note), request.Note, engine, reader)).WithSummary("A person has seen the alarm");
        api.MapPost("/reset", (string id, NoteRequest request, HttpContext http, EngineStage engine, StateReader reader) =>
            Act(new ResetAlarm(id, Who(http), request.Note), request.Note, engine, reader)).WithSummary("A person lets go of a latched alarm");
        api.MapPost("/shelve", async (string id, ShelveRequest request, HttpContext http, EngineStage engine, StateReader reader) => TwoPeople.Refusal(http) ??
            await Act(new ShelveAlarm(id, Who(http), request.Reason, TimeSpan.FromMinutes(request.Minutes)), request.Reason, engine, reader)).WithSummary("A person puts the alarm aside for a time; a critical one waits for a second person");
        api.MapPost("/shelve/agree", async (string id, HttpContext http, EngineStage engine, StateReader reader) => TwoPeople.Refusal(http) ??
            await Act(new AgreeToShelveAlarm(id, Who(http)), null, engine, reader)).RequireAuthorization(AccessPolicies.Safety).WithSummary("The second person agrees that a critical alarm is put aside");
        api.MapPost("/unshelve", (string id, HttpContext http, EngineStage engine, StateReader reader) =>
            Act(new UnshelveAlarm(id, Who(http)), null, engine, reader)).WithSummary("A person takes the alarm back from the shelf");
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Alarms(StateReader reader, string? state = null, int limit = 100, string? cursor = null)
    {
        if (state is not (null or "open" or "closed" or "all")) return SiteEndpoints.Problem(400, $"state: expected open, closed or all, saw \"{state}\"");
        if (limit is < 1 or > PageMax) return SiteEndpoints.Problem(400, $"limit: expected 1 to {PageMax}, saw {limit}");
        long before = long.MaxValue;
        if (cursor is not null && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before)) return SiteEndpoints.Problem(400, $"cursor: expected the \"next\" of an earlier page, saw \"{cursor}\"");
        var (bodies, next) = reader.Alarms(state switch { "open" => true, "closed" => false, _ => null }, before, limit);
        return TypedResults.Content(SiteEndpoints.Page(bodies, next), "application/json; charset=utf-8");
    }

    private static async Task<IResult> Act(AlarmAct act, string? text, EngineStage engine, StateReader reader)
    {
        if (text is { Length: > 1000 }) return SiteEndpoints.Problem(400, "expected at most 1000 characters of text");
        if (reader.Alarm(act.Alarm) is null) return SiteEndpoints.Problem(404, $"there is no alarm {act.Alarm}");
        return await engine.ActAsync(act) switch
        {
            AlarmRefusal.None => TypedResults.Content(Encoding.UTF8.GetString(reader.Alarm(act.Alarm)!), "application/json; charset=utf-8"),
            AlarmRefusal.NoReason => SiteEndpoints.Problem(400, "reason: an alarm is put aside for a reason that others can read"),
            AlarmRefusal.Time => SiteEndpoints.Problem(400, $"minutes: expected more than 0 and at most {new ShelvingPolicy().MsMax / 60_000}, or the time that was asked for is over"),
            AlarmRefusal.SamePerson => SiteEndpoints.Problem(409, "a critical alarm is put aside by two people: whoever asked cannot agree"),
            _ => SiteEndpoints.Problem(409, "the alarm's state does not allow it: see state, and GET /api/v1/alarms for where it stands"),
        };
    }

    private static string Who(HttpContext http) => http.User.Identity?.Name ?? "unknown";
}

internal sealed record NoteRequest(string? Note);

/// <param name="Minutes">How long; it comes back by itself.</param>
internal sealed record ShelveRequest(string Reason, int Minutes);

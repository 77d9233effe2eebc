using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Engine;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Changes of the ledger by a signed-in person: the whole of it, or a device that was heard taken in.</summary>
internal static class LedgerChangeEndpoints
{
    /// <summary>Where a note may stand besides the query, percent-encoded: a header carries no Chinese.</summary>
    private const string NoteHeader = "X-Note";

    private const int NoteLengthMax = 1_000;

    /// <param name="api">With the policy and the limit that a ledger needs.</param>
    public static void MapLedgerChanges(this RouteGroupBuilder api)
    {
        api.AddEndpointFilter(AccessWriter.AnswerRefusal).AddEndpointFilter(AnswerFiles);
        api.MapPut("/ledger", PutAsync).Produces<LedgerPreviewDto>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired)
            .WithSummary("Writes a whole ledger and puts it in force");
        api.MapPost("/ledger/adopt", AdoptAsync).Accepts<AdoptRequest>("application/json").Produces<LedgerPreviewDto>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Takes a device that talks and is not registered into the ledger");
    }

    /// <returns>The body, or the answer to give instead of it.</returns>
    public static async Task<(byte[]? Body, IResult? Refusal)> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType()) return (null, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, $"expected a body of application/json, saw {http.Request.ContentType ?? "none"}"));
        using var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            return (body.ToArray(), null);
        }
        catch (BadHttpRequestException wrong)
        {
            return (null, ApiProblem.Of(wrong.StatusCode, wrong.Message));
        }
    }

    private static async Task<IResult> PutAsync(HttpContext http, LedgerReload reload)
    {
        if (http.Request.GetTypedHeaders().IfMatch is not [var tag] || tag == EntityTagHeaderValue.Any)
            return ApiProblem.Of(StatusCodes.Status428PreconditionRequired, "expected If-Match with the hash of the ledger you changed, as GET /api/v1/ledger gave it");
        if (NoteOf(http, out string note) is { } wrong) return wrong;
        var (body, refusal) = await ReadAsync(http);
        if (body is null) return refusal!;
        return Answer(http, await reload.PutAsync(body, tag.Tag.ToString().Trim('"'), http.Who(), note));
    }

    private static async Task<IResult> AdoptAsync(HttpContext http, LedgerReload reload, EngineStage engine, GatewayClock clock)
    {
        if (NoteOf(http, out string note) is { } wrong) return wrong;
        var (body, refusal) = await RequestBody.ReadAsync(http, LedgerJson.Default.AdoptRequest);
        if (body is null) return refusal!;
        if (body is not { Link: { } link, Address: { } address, Id: { } id, Name: { Zh: not null, En: not null } name, Kind: { } kind, Profile: { } profile })
            return ApiProblem.Of(StatusCodes.Status400BadRequest, "expected link, address, id, name {zh, en}, kind and profile");
        var view = await engine.ViewAsync();
        if (!view.Unregistered.Any(u => u.Link == link && u.Address == address)) return ApiProblem.Of(StatusCodes.Status404NotFound, $"no unregistered device at {link} {address}");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), reload.Model.Ledger.Site.TimeZone).DateTime);
        var adoption = new Adoption(link, address, id, name, kind, profile)
        {
            ExpectedSeconds = body.ExpectedSeconds, OfflineAfterSeconds = body.OfflineAfterSeconds, Safety = body.Safety ?? false, Machine = body.Machine, InServiceFrom = body.InServiceFrom ?? today,
        };
        return Answer(http, await reload.AdoptAsync(adoption, http.Who(), note.Length > 0 ? note : $"adopt {link} {address}"));
    }

    private static IResult Answer(HttpContext http, LedgerOutcome outcome)
    {
        if (outcome.Refusal == LedgerRefusal.Stale) return ApiProblem.Of(StatusCodes.Status412PreconditionFailed, $"the ledger is {outcome.Before} by now: read it again and change that one");
        if (outcome.Refusal == LedgerRefusal.Invalid)
        {
            const int status = StatusCodes.Status400BadRequest;
            var problems = outcome.Preview!.Problems.Select(p => new ProblemDto(p.File, p.Place, p.Text)).ToList();
            return TypedResults.Json(new LedgerProblem(ReasonPhrases.GetReasonPhrase(status), status, $"the ledger is not valid, nothing was changed: {problems.Count} problems", problems), LedgerJson.Default.LedgerProblem, ApiProblem.ContentType, status);
        }
        http.Response.Headers.ETag = new EntityTagHeaderValue($"\"{outcome.After}\"").ToString();
        return TypedResults.Json(outcome.Preview!.ToDto(outcome.Before, outcome.After, outcome.Applied), LedgerJson.Default.LedgerPreviewDto);
    }

    private static IResult? NoteOf(HttpContext http, out string note)
    {
        note = http.Request.Query["note"].FirstOrDefault() ?? Uri.UnescapeDataString(http.Request.Headers[NoteHeader].FirstOrDefault() ?? "");
        return note.Length <= NoteLengthMax ? null : ApiProblem.Of(StatusCodes.Status400BadRequest, $"note: expected at most {NoteLengthMax} characters, saw {note.Length}");
    }

    /// <summary>A folder that cannot be written into is the operator's to mend, and he needs the words.</summary>
    private static async ValueTask<object?> AnswerFiles(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, $"the ledger cannot be written: {refused.Message}");
        }
    }
}

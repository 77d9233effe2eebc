using System.Globalization;
using System.Text.Json.Serialization;
using Gateway.Diagnostics;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Patrol;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Gateway.Store;

namespace Gateway.Service.LiveConsole.Patrol;

/// <summary><c>/patrol</c>: the day's list and what was seen; shapes in API.md.</summary>
internal static class PatrolEndpoints
{
    private const int NoteMax = 1_000;

    public static void MapPatrol(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1");
        api.AddEndpointFilter(AccessWriter.AnswerRefusal);
        api.MapGet("/patrol", Show).RequireAuthorization(AccessPolicies.Viewer).Produces<PatrolDto>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).WithSummary("What is looked at remotely that day, drawn at random, and what was seen");
        api.MapPost("/patrol/{day}/{device}", ResultAsync).RequireAuthorization(AccessPolicies.Crew).WithMetadata(new BodyLimit(RequestBody.BytesMax)).Produces<PatrolDto>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).WithSummary("What was seen of a device on the list");
    }

    public static IServiceCollection AddPatrol(this IServiceCollection services, PatrolOptions options) =>
        options.Enabled ? services.AddSingleton<PatrolHouse>().AddHostedService(s => s.GetRequiredService<PatrolHouse>()) : services;

    public static PatrolDto Of(PatrolRow row, IReadOnlyList<PatrolResultRow> results, SiteModel model)
    {
        var seen = results.Where(r => r.Result.Day == row.List.Day).GroupBy(r => r.Result.Device, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        var devices = model.Ledger.Devices.ToDictionary(d => d.Id, StringComparer.Ordinal);
        var list = row.List;
        return new PatrolDto(TextOf(list.Day), row.Seq, SiteEngine.Time(row.AtMs), new PatrolSeedDto(row.HeadSeq, list.HeadHash, list.Seed), list.Inspector,
            [.. list.Due.Select(d => Item(d, "due")), .. list.Drawn.Select(d => Item(d, "drawn"))]);

        PatrolItemDto Item(string id, string why)
        {
            var device = devices.GetValueOrDefault(id);
            var result = seen.GetValueOrDefault(id);
            return new PatrolItemDto(id, device?.Name ?? new LocalText(id, id), device?.Kind ?? "", device?.Place, why,
                result is null ? null : new PatrolSeenDto(result.Result.Result, result.Result.Note, result.Result.Who, SiteEngine.Time(result.AtMs), result.Seq));
        }
    }

    private static IResult Show(SiteModel model, StateReader reader, GatewayClock clock, string? day = null)
    {
        var of = CivilDays.DateOf(clock.NowMs(), model.Ledger.Site.TimeZone);
        if (!string.IsNullOrEmpty(day) && !TryDay(day, out of)) return Wrong("day", "a day as 2026-11-20", day);
        return reader.Patrol(of) is { } row ? TypedResults.Json(Of(row, reader.PatrolResults(of), model), PatrolViewJson.Default.PatrolDto) : NoList(of);
    }

    private static async Task<IResult> ResultAsync(string day, string device, HttpContext http, EngineStage engine, SiteModel model, StateReader reader)
    {
        var (body, refusal) = await RequestBody.ReadAsync(http, PatrolViewJson.Default.PatrolResultBody);
        if (refusal is not null) return refusal;
        if (!TryDay(day, out var of)) return Wrong("day", "a day as 2026-11-20", day);
        string? note = string.IsNullOrWhiteSpace(body!.Note) ? null : body.Note.Trim();
        if (body.Result is not (PatrolResult.Ok or PatrolResult.Fault)) return Wrong("result", "ok or fault", body.Result ?? "");
        if (note is { Length: > NoteMax }) return Wrong("note", $"at most {NoteMax} characters", $"{note.Length}");
        if (body.Result == PatrolResult.Fault && note is null) return Wrong("note", "what is wrong: a fault needs it", "");
        if (reader.Patrol(of) is not { } row) return NoList(of);
        if (!row.List.Drawn.Contains(device, StringComparer.Ordinal) && !row.List.Due.Contains(device, StringComparer.Ordinal)) return ApiProblem.Of(StatusCodes.Status404NotFound, $"\"{device}\" is not on the list of {TextOf(of)}");
        await engine.PatrolResultAsync(new PatrolResult(of, device, body.Result, note, http.Who()));
        return TypedResults.Json(Of(row, reader.PatrolResults(of), model), PatrolViewJson.Default.PatrolDto);
    }

    private static IResult NoList(DateOnly day) => ApiProblem.Of(StatusCodes.Status404NotFound, $"there is no list of {TextOf(day)}: it is drawn at Patrol:At, on the site's clocks");

    private static IResult Wrong(string name, string expected, string seen) => ApiProblem.Of(StatusCodes.Status400BadRequest, $"{name}: expected {expected}, saw \"{seen}\"");

    private static bool TryDay(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal sealed record PatrolResultBody(string? Result, string? Note);

/// <param name="Seq">Row of the chain.</param>
/// <param name="Inspector">Account that was drawn to look; null: there was nobody of role crew or safety.</param>
internal sealed record PatrolDto(string Day, long Seq, DateTimeOffset DrawnAt, PatrolSeedDto Seed, string? Inspector, IReadOnlyList<PatrolItemDto> Items);

/// <param name="HeadSeq">The row whose hash the seed is made of.</param>
internal sealed record PatrolSeedDto(long HeadSeq, string HeadHash, string Seed);

/// <param name="Why">drawn, or due: it was not looked at for too long.</param>
internal sealed record PatrolItemDto(string Device, LocalText Name, string Kind, string? Place, string Why, PatrolSeenDto? Seen);

internal sealed record PatrolSeenDto(string Result, string? Note, string Who, DateTimeOffset At, long Seq);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InstantJson)])]
[JsonSerializable(typeof(PatrolResultBody))]
[JsonSerializable(typeof(PatrolDto))]
internal sealed partial class PatrolViewJson : JsonSerializerContext;

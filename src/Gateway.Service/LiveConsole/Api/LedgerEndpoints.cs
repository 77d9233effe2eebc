using System.Text.Json;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>The ledger, and what another one would change.</summary>
internal static class LedgerEndpoints
{
    /// <summary>Largest ledger taken, bytes; five thousand devices take two million.</summary>
    private const int BytesMax = 8 << 20;

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        // It holds hashes of passwords and names of people: for those who keep it.
        var api = routes.MapGroup("/api/v1").RequireAuthorization(AccessPolicies.Safety);
        api.MapGet("/ledger", Show).Produces<LedgerDto>().WithSummary("The ledger as it was last accepted, whole");
        api.MapGroup("").WithMetadata(new BodyLimit(BytesMax)).MapLedgerChanges();
        api.MapPost("/ledger/preview", PreviewAsync).WithMetadata(new BodyLimit(BytesMax)).Produces<LedgerPreviewDto>().WithSummary("What another ledger would change, without changing anything");
    }

    private static JsonHttpResult<LedgerDto> Show(HttpContext http, LedgerReload reload)
    {
        var written = reload.Written;
        http.Response.Headers.ETag = new EntityTagHeaderValue($"\"{written.Sha256}\"").ToString();
        http.Response.Headers.CacheControl = "no-store";
        using var document = JsonDocument.Parse(written.ToJson(tables: null));
        return TypedResults.Json(new LedgerDto(written.Sha256, reload.Status.Hash, document.RootElement.Clone()), LedgerJson.Default.LedgerDto);
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, LedgerReload reload)
    {
        var (body, refusal) = await LedgerChangeEndpoints.ReadAsync(http);
        return body is null ? refusal! : TypedResults.Json(reload.Preview(body).ToDto(reload.Status.Hash), LedgerJson.Default.LedgerPreviewDto);
    }
}

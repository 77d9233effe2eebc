using System.Text.Json;
using Gateway.Domain.Ledger;
using Gateway.Service.Composition;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>The ledger in force, and what another one would change.</summary>
internal static class LedgerEndpoints
{
    /// <summary>Largest ledger taken, bytes; five thousand devices take two million.</summary>
    private const int BytesMax = 8 << 20;

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        // It holds hashes of passwords and names of people: for those who keep it.
        var api = routes.MapGroup("/api/v1").RequireAuthorization(AccessPolicies.Safety);
        api.MapGet("/ledger", Show).Produces<LedgerDto>().WithSummary("The ledger in force, whole");
        api.MapPost("/ledger/preview", PreviewAsync).WithMetadata(new BodyLimit(BytesMax)).Produces<LedgerPreviewDto>().WithSummary("What another ledger would change, without changing anything");
    }

    private static JsonHttpResult<LedgerDto> Show(HttpContext http, SiteModel model)
    {
        http.Response.Headers.ETag = new EntityTagHeaderValue($"\"{model.LedgerSha256}\"").ToString();
        http.Response.Headers.CacheControl = "no-store";
        using var document = JsonDocument.Parse(model.Document.ToJson(tables: null));
        return TypedResults.Json(new LedgerDto(model.LedgerSha256, document.RootElement.Clone()), LedgerJson.Default.LedgerDto);
    }

    private static async Task<IResult> PreviewAsync(HttpContext http, SiteModel model, GatewayConfiguration configuration)
    {
        if (!http.Request.HasJsonContentType()) return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, $"expected a body of application/json, saw {http.Request.ContentType ?? "none"}");
        using var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        }
        catch (BadHttpRequestException wrong)
        {
            return ApiProblem.Of(wrong.StatusCode, wrong.Message);
        }
        var preview = LedgerPreview.Of(configuration, model, LedgerDocument.Of(LedgerFiles.JsonName, body.ToArray(), []));
        return TypedResults.Json(preview.ToDto(model.LedgerSha256), LedgerJson.Default.LedgerPreviewDto);
    }
}

using Gateway.Lifecycle;
using Gateway.Service.LiveConsole.Access;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>Files that prove what a lifecycle entry says.</summary>
internal static class AttachmentEndpoints
{
    public static void MapAttachments(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization(AccessPolicies.Crew);
        api.MapPut("/attachments", KeepAsync).WithMetadata(new BodyLimit(AttachmentFolder.BytesMax)).Produces<AttachmentDto>(StatusCodes.Status201Created).WithSummary("Keeps a PDF, JPEG or PNG; answered when it is on disk");
        api.MapGet("/attachments/{sha256}", Show).WithSummary("The file");
    }

    private static async Task<IResult> KeepAsync(HttpContext http, AttachmentFolder attachments)
    {
        using var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        }
        catch (BadHttpRequestException wrong)
        {
            return ApiProblem.Of(wrong.StatusCode, wrong.Message);
        }
        var content = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (AttachmentFolder.TypeOf(content.Span) is not { } type) return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, "expected a PDF, JPEG or PNG file, by its content");
        try
        {
            // On a thread of the pool: it waits for the disk.
            string sha256 = await Task.Run(() => attachments.Keep(content.Span));
            return TypedResults.Json(new AttachmentDto(sha256, type, content.Length), LifecycleApiJson.Default.AttachmentDto, statusCode: StatusCodes.Status201Created);
        }
        catch (IOException refused)
        {
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, refused.Message);
        }
    }

    private static IResult Show(string sha256, AttachmentFolder attachments) =>
        attachments.Read(sha256) is { } content ? TypedResults.Bytes(content, AttachmentFolder.TypeOf(content)) : ApiProblem.Of(StatusCodes.Status404NotFound, $"there is no attachment {sha256}");
}

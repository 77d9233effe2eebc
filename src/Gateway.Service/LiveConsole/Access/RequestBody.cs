using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Reads a JSON body, or says what is wrong with it. Only <c>application/json</c>: another site's form cannot send that.</summary>
internal static class RequestBody
{
    /// <summary>Largest body of these endpoints, bytes.</summary>
    public const long BytesMax = 16_384;

    /// <returns>The body, or the answer to give instead of it.</returns>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> shape) where T : class
    {
        if (!http.Request.HasJsonContentType()) return (null, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, $"expected a body of application/json, saw {http.Request.ContentType ?? "none"}"));
        try
        {
            var body = await JsonSerializer.DeserializeAsync(http.Request.Body, shape, http.RequestAborted);
            return body is null ? (null, ApiProblem.Of(StatusCodes.Status400BadRequest, "expected a JSON object, saw null")) : (body, null);
        }
        catch (JsonException wrong)
        {
            return (null, ApiProblem.Of(StatusCodes.Status400BadRequest, $"the body is not what API.md says: {wrong.Message}"));
        }
        catch (BadHttpRequestException wrong)
        {
            return (null, ApiProblem.Of(wrong.StatusCode, wrong.Message));
        }
    }
}

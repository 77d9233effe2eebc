using Gateway.Access;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>A refusal as RFC 9457 has it; <c>type</c> is left out, which means that the status says it all.</summary>
internal sealed record ApiProblem(string Title, int Status, string Detail)
{
    public const string ContentType = "application/problem+json";

    public static IResult Of(int status, string detail) => TypedResults.Json(new ApiProblem(ReasonPhrases.GetReasonPhrase(status), status, detail), AccessJson.Default.ApiProblem, ContentType, status);

    public static IResult Of(AccessOutcome outcome) => Of(StatusOf(outcome), outcome.Words());

    public static Task WriteAsync(HttpContext http, int status, string detail)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Of(status, detail).ExecuteAsync(http);
    }

    private static int StatusOf(AccessOutcome outcome) => outcome switch
    {
        AccessOutcome.AccountUnknown or AccessOutcome.TokenUnknown => StatusCodes.Status404NotFound,
        AccessOutcome.AccountExists or AccessOutcome.LastAdministrator or AccessOutcome.PasswordChanged => StatusCodes.Status409Conflict,
        AccessOutcome.LinkUnknown => StatusCodes.Status401Unauthorized,
        _ => StatusCodes.Status400BadRequest,
    };
}

using Gateway.Access;
using Gateway.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Access;

/// <summary><c>/session</c>: who am I, signing in and out, one-time links.</summary>
internal static class SessionEndpoints
{
    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapGet("/session", (HttpContext http, StateReader reader) => Show(http, reader)).AllowAnonymous().Produces<SessionView>();
        api.MapPost("/session", (HttpContext http, SignInDesk desk) => SignInAsync(http, desk)).AllowAnonymous().Produces<SessionView>();
        api.MapPost("/session/link", (HttpContext http, SignInDesk desk) => RedeemAsync(http, desk)).AllowAnonymous().Produces<SessionView>();
        api.MapDelete("/session", (HttpContext http, AccessWriter writer) => SignOutAsync(http, writer)).RequireAuthorization(AccessPolicies.Viewer);
    }

    private static JsonHttpResult<SessionView> Show(HttpContext http, StateReader reader)
    {
        var caller = http.User.Caller();
        return TypedResults.Json(new SessionView(caller?.Name, caller?.Role.Word(), caller?.Kind == CallerKind.Anonymous, !reader.AnyAccount()), AccessJson.Default.SessionView);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, SignInDesk desk)
    {
        var (body, refusal) = await RequestBody.ReadAsync(http, AccessJson.Default.SignInBody);
        return refusal ?? await desk.SignInAsync(http, body!);
    }

    private static async Task<IResult> RedeemAsync(HttpContext http, SignInDesk desk)
    {
        var (body, refusal) = await RequestBody.ReadAsync(http, AccessJson.Default.LinkBody);
        return refusal ?? await desk.RedeemAsync(http, body!);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, AccessWriter writer)
    {
        var caller = http.User.Caller()!;
        if (caller.Kind == CallerKind.Token) return ApiProblem.Of(StatusCodes.Status409Conflict, "a token has no session to end; an administrator revokes it");
        if (caller is { Kind: CallerKind.Session, Name: { } who } && SessionCookie.TryHash(http.Request, out byte[] hash))
        {
            await writer.WriteAsync((state, nowMs) =>
            {
                SessionSteps.End(state, nowMs, who, hash);
                return true;
            });
        }
        SessionCookie.Clear(http);
        return TypedResults.NoContent();
    }
}

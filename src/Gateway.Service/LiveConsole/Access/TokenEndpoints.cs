using Gateway.Access;
using Gateway.Engine;
using Gateway.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Access;

/// <summary><c>/tokens</c>: keys for scripts and platforms.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tokens", (StateReader reader) => List(reader)).RequireAuthorization(AccessPolicies.Administrator).Produces<TokenList>();
        api.MapPost("/tokens", (HttpContext http, AccessWriter writer) => MakeAsync(http, writer))
            .RequireAuthorization(AccessPolicies.Administrator).Produces<TokenView>(StatusCodes.Status201Created);
        api.MapDelete("/tokens/{id}", (string id, HttpContext http, AccessWriter writer) => RevokeAsync(id, http, writer)).RequireAuthorization(AccessPolicies.Administrator);
    }

    private static JsonHttpResult<TokenList> List(StateReader reader) => TypedResults.Json(new TokenList([.. reader.Tokens().Select(t => ViewOf(t, null))]), AccessJson.Default.TokenList);

    private static async Task<IResult> MakeAsync(HttpContext http, AccessWriter writer)
    {
        var (body, refusal) = await RequestBody.ReadAsync(http, AccessJson.Default.TokenBody);
        if (refusal is not null) return refusal;
        if (!TokenSteps.AllowsName(body!.Name)) return ApiProblem.Of(StatusCodes.Status400BadRequest, $"expected a name of 1 to {TokenSteps.NameLengthMax} characters, saw \"{body.Name}\"");
        if (!Roles.TryRead(body.Role, out var role)) return ApiProblem.Of(StatusCodes.Status400BadRequest, $"expected the role {Roles.Words}, saw \"{body.Role}\"");
        string who = http.Who();
        var (token, hash) = AccessTokens.Make();
        var made = await writer.WriteAsync((state, nowMs) => TokenSteps.Make(state, nowMs, who, body.Name!, role, hash));
        return TypedResults.Json(ViewOf(made, token), AccessJson.Default.TokenView, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext http, AccessWriter writer)
    {
        string who = http.Who();
        var outcome = await writer.WriteAsync((state, nowMs) => TokenSteps.Revoke(state, nowMs, who, id));
        return outcome == AccessOutcome.Done ? TypedResults.NoContent() : ApiProblem.Of(outcome);
    }

    private static TokenView ViewOf(ApiToken token, string? secret) => new(token.Id, token.Name, token.Role.Word(), token.CreatedBy, SiteEngine.Time(token.CreatedMs), secret);
}

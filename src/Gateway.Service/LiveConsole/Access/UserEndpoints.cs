using Gateway.Access;
using Gateway.Engine;
using Gateway.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Access;

/// <summary><c>/users</c>: the accounts.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        api.MapGet("/users", (StateReader reader) => List(reader)).RequireAuthorization(AccessPolicies.Administrator).Produces<UserList>();
        api.MapPost("/users", (HttpContext http, StateReader reader, AccessWriter writer, SignInDesk desk) => KeepAsync(http, reader, writer, desk))
            .RequireAuthorization(AccessPolicies.Administrator).Produces<UserView>(StatusCodes.Status201Created).Produces<UserView>();
        api.MapDelete("/users/{name}", (string name, HttpContext http, AccessWriter writer) => RemoveAsync(name, http, writer)).RequireAuthorization(AccessPolicies.Administrator);
    }

    private static JsonHttpResult<UserList> List(StateReader reader) => TypedResults.Json(new UserList([.. reader.Accounts().Select(ViewOf)]), AccessJson.Default.UserList);

    /// <summary>Adds the account, or changes what is given of one that exists.</summary>
    private static async Task<IResult> KeepAsync(HttpContext http, StateReader reader, AccessWriter writer, SignInDesk desk)
    {
        var (body, refusal) = await RequestBody.ReadAsync(http, AccessJson.Default.UserBody);
        if (refusal is not null) return refusal;
        if (!AccountName.TryRead(body!.Name, out string name)) return ApiProblem.Of(AccessOutcome.NameNotAllowed);
        if (!Roles.TryRead(body.Role, out var role) && body.Role is not null) return ApiProblem.Of(StatusCodes.Status400BadRequest, $"expected the role {Roles.Words}, saw \"{body.Role}\"");
        bool exists = reader.Account(name) is not null;
        if (exists ? body.Role is null && body.Password is null : body.Role is null || body.Password is null)
            return ApiProblem.Of(StatusCodes.Status400BadRequest, exists ? "expected a new role or password" : "a new account needs role and password");
        if (body.Password is not null && !PasswordRule.Allows(body.Password, name)) return ApiProblem.Of(AccessOutcome.PasswordNotAllowed);
        var password = body.Password is null ? null : await desk.HashInTurnAsync(http, body.Password);
        if (body.Password is not null && password is null) return SignInDesk.Later(http, 2_000);
        string who = http.Who();
        var outcome = await writer.WriteAsync((state, nowMs) => exists
            ? Change(state, nowMs, who, name, body.Role is null ? null : role, password)
            : AccountSteps.Add(state, nowMs, who, name, role, password!));
        if (outcome != AccessOutcome.Done) return ApiProblem.Of(outcome);
        if (reader.Account(name) is not { } account) return ApiProblem.Of(AccessOutcome.AccountUnknown);
        return TypedResults.Json(ViewOf(account), AccessJson.Default.UserView, statusCode: exists ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    private static AccessOutcome Change(StateStore state, long nowMs, string who, string name, Role? role, PasswordHash? password)
    {
        // The role first: it is the one that can be refused, and then nothing has been written.
        var outcome = role is { } wanted ? AccountSteps.SetRole(state, nowMs, who, name, wanted) : AccessOutcome.Done;
        return outcome == AccessOutcome.Done && password is not null ? AccountSteps.SetPassword(state, nowMs, who, name, password) : outcome;
    }

    private static async Task<IResult> RemoveAsync(string name, HttpContext http, AccessWriter writer)
    {
        if (!AccountName.TryRead(name, out string account)) return ApiProblem.Of(AccessOutcome.AccountUnknown);
        string who = http.Who();
        var outcome = await writer.WriteAsync((state, nowMs) => AccountSteps.Remove(state, nowMs, who, account));
        return outcome == AccessOutcome.Done ? TypedResults.NoContent() : ApiProblem.Of(outcome);
    }

    private static UserView ViewOf(Account account) => new(account.Name, account.Role.Word(), SiteEngine.Time(account.CreatedMs));
}

using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Signing in with a password or a one-time link.</summary>
internal sealed class SignInDesk(StateReader reader, AccessWriter writer, GatewayClock clock, AccessOptions options, PasswordWork work, SignInThrottle throttle, RefusalAudit failures)
{
    private readonly PasswordHash _nobody = PasswordHash.OfNobody(options.PasswordIterations);

    public async Task<IResult> SignInAsync(HttpContext http, SignInBody body)
    {
        if (body is not { User: { } user, Password: { } password }) return ApiProblem.Of(StatusCodes.Status400BadRequest, "expected { user, password }");
        // What cannot be a name counts as one name: it must not fill the throttle with names.
        if (!AccountName.TryRead(user, out string name)) name = "";
        string address = CallerAddress.Of(http);
        if (throttle.WaitMs(name, address, clock.NowMs()) is > 0 and var early) return Later(http, early);
        using var seat = await work.EnterAsync(options.PasswordIterations, http.RequestAborted);
        if (seat is null) return Later(http, 2_000);
        // Others failed while we waited.
        if (throttle.WaitMs(name, address, clock.NowMs()) is > 0 and var late) return Later(http, late);
        var account = reader.Account(name);
        if (!await VerifyAsync(account, password)) return Refuse(account, name, address);
        throttle.Succeeded(name);
        var renewed = account!.Password.Iterations < options.PasswordIterations ? await HashAsync(password) : null;
        var (token, hash) = AccessTokens.Make();
        var outcome = await writer.WriteAsync((state, nowMs) => SessionSteps.Start(state, nowMs, account, renewed, hash, nowMs + options.SessionMs, address));
        return outcome == AccessOutcome.Done ? Welcome(http, account.Name, account.Role, token) : ApiProblem.Of(outcome);
    }

    public async Task<IResult> RedeemAsync(HttpContext http, LinkBody body)
    {
        string? user = null;
        if (!AccessTokens.TryHash(body.Token, out byte[] linkHash)) return ApiProblem.Of(AccessOutcome.LinkUnknown);
        if (body.User is not null && !AccountName.TryRead(body.User, out user)) return ApiProblem.Of(AccessOutcome.NameNotAllowed);
        var link = reader.Link(linkHash);
        var outcome = LinkSteps.Check(link, reader.AnyAccount(), user, clock.NowMs());
        if (outcome != AccessOutcome.Done) return ApiProblem.Of(outcome);
        // Makes an account: needs a password. Signs one in: may change it.
        string? owner = user ?? link!.Account;
        if (body.Password is null ? link!.Account is null && user is not null : owner is null || !PasswordRule.Allows(body.Password, owner)) return ApiProblem.Of(AccessOutcome.PasswordNotAllowed);
        using var seat = await work.EnterAsync(options.PasswordIterations, http.RequestAborted);
        if (seat is null) return Later(http, 2_000);
        var password = body.Password is null ? null : await HashAsync(body.Password);
        var (token, hash) = AccessTokens.Make();
        Session? session = null;
        outcome = await writer.WriteAsync((state, nowMs) => LinkSteps.Redeem(state, nowMs, linkHash, user, password, hash, nowMs + options.SessionMs, CallerAddress.Of(http), out session));
        return outcome == AccessOutcome.Done ? Welcome(http, session!.Name, session.Role, token) : ApiProblem.Of(outcome);
    }

    /// <summary>For new passwords: waits its turn like a sign-in. Null when too many wait.</summary>
    public async Task<PasswordHash?> HashInTurnAsync(HttpContext http, string password)
    {
        using var seat = await work.EnterAsync(options.PasswordIterations, http.RequestAborted);
        return seat is null ? null : await HashAsync(password);
    }

    public static IResult Later(HttpContext http, long waitMs)
    {
        long seconds = (waitMs + 999) / 1_000;
        http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ApiProblem.Of(StatusCodes.Status429TooManyRequests, $"too many sign-ins: try again in {seconds} s");
    }

    private Task<bool> VerifyAsync(Account? account, string password)
    {
        var kept = account?.Password ?? _nobody;
        return Task.Run(() => password.Length <= PasswordRule.LengthMax && kept.Matches(password));
    }

    private Task<PasswordHash> HashAsync(string password) => Task.Run(() => PasswordHash.Make(password, options.PasswordIterations));

    private IResult Refuse(Account? account, string name, string address)
    {
        throttle.Failed(name, address, clock.NowMs());
        failures.Failed(account?.Name, address);
        return ApiProblem.Of(StatusCodes.Status401Unauthorized, "user or password is wrong");
    }

    private static JsonHttpResult<SessionView> Welcome(HttpContext http, string name, Role role, string token)
    {
        SessionCookie.Set(http, token);
        return TypedResults.Json(new SessionView(name, role.Word(), Anonymous: false, SetupNeeded: false), AccessJson.Default.SessionView);
    }
}

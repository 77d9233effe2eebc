using System.Security.Claims;
using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Who asks: a bearer token, else the session cookie, else an anonymous viewer where the options allow it. Looked up at every request.</summary>
/// <remarks>A cookie comes along with whatever another site makes the browser send; on an unsafe method it counts only beside the header that other sites cannot set.</remarks>
internal sealed class GatewayAuthentication(StateReader reader, GatewayClock clock, AccessOptions options, SessionRenewal renewal) : IAuthenticationHandler
{
    public const string Scheme = "gateway";
    public const string RequestHeader = "X-Gateway-Request";

    private HttpContext _http = null!;
    private AuthenticateResult? _result;
    private bool _headerMissing;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _http = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => Task.FromResult(_result ??= Identify());

    /// <summary>Whether the same request would still be let in now: a stream that stays open asks again, because its account may be gone.</summary>
    public bool StillKnown() => Identify().Succeeded;

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        if (_headerMissing) return ApiProblem.WriteAsync(_http, StatusCodes.Status403Forbidden, $"a {_http.Request.Method} with the session cookie needs the header {RequestHeader}: 1");
        _http.Response.Headers.WWWAuthenticate = "Bearer";
        return ApiProblem.WriteAsync(_http, StatusCodes.Status401Unauthorized, _result?.Failure?.Message ?? "sign in first, or send Authorization: Bearer TOKEN");
    }

    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        var caller = _http.User.Caller();
        if (caller is null or { Kind: CallerKind.Anonymous }) return ChallengeAsync(properties);
        string? needed = _http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
        return ApiProblem.WriteAsync(_http, StatusCodes.Status403Forbidden, needed is null ? "this is open to nobody" : $"this needs the role {needed}; {caller.Name} is {caller.Role.Word()}");
    }

    private AuthenticateResult Identify()
    {
        if (Bearer() is { } bearer)
        {
            var token = AccessTokens.TryHash(bearer, out byte[] tokenHash) ? reader.Token(tokenHash) : null;
            return token is null ? AuthenticateResult.Fail("the bearer token is not known: it was revoked, or is not complete") : Ticket(new Caller($"token:{token.Name}", token.Role, CallerKind.Token));
        }
        if (SessionCookie.TryHash(_http.Request, out byte[] hash) && reader.Session(hash, clock.NowMs()) is { } session)
        {
            _headerMissing = IsUnsafe(_http.Request.Method) && _http.Request.Headers[RequestHeader] != "1";
            if (_headerMissing) return AuthenticateResult.Fail($"the header {RequestHeader} is missing");
            renewal.Renew(hash, session);
            return Ticket(new Caller(session.Name, session.Role, CallerKind.Session));
        }
        return CallerAddress.MayReadAnonymously(_http, options) ? Ticket(new Caller(null, Role.Viewer, CallerKind.Anonymous)) : AuthenticateResult.NoResult();
    }

    private string? Bearer()
    {
        string? header = _http.Request.Headers.Authorization;
        return header is not null && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;
    }

    private static bool IsUnsafe(string method) => !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method));

    private static AuthenticateResult Ticket(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new CallerIdentity(caller)), Scheme));
}

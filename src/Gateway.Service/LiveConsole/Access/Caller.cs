using System.Security.Claims;
using Gateway.Access;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>How somebody proved who they are.</summary>
internal enum CallerKind
{
    Session,
    Token,
    Anonymous,
}

/// <summary>Who asks.</summary>
/// <param name="Name">As it stands in the audit; null when anonymous.</param>
internal sealed record Caller(string? Name, Role Role, CallerKind Kind);

/// <summary>The identity of a request; carries its <see cref="Caller"/>, so that nothing is written into claims only to be read back.</summary>
internal sealed class CallerIdentity(Caller caller) : ClaimsIdentity(authenticationType: GatewayAuthentication.Scheme)
{
    public Caller Caller => caller;

    public override string? Name => caller.Name;
}

internal static class Callers
{
    /// <summary>Null when nobody was identified.</summary>
    public static Caller? Caller(this ClaimsPrincipal user) => (user.Identity as CallerIdentity)?.Caller;

    /// <summary>The name for the audit; only for endpoints whose policy asks for more than anonymous reading gives.</summary>
    public static string Who(this HttpContext http) => http.User.Caller()?.Name ?? throw new InvalidOperationException($"{http.Request.Path} has no policy that asks for a name");
}

using Gateway.Access;
using Microsoft.AspNetCore.Authorization;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>One policy a role, named like it: <c>.RequireAuthorization(AccessPolicies.Crew)</c>.</summary>
internal static class AccessPolicies
{
    public const string Viewer = "viewer";
    public const string Crew = "crew";
    public const string Safety = "safety";
    public const string Administrator = "administrator";

    /// <summary>What is not said is refused: an endpoint without a policy lets nobody in, one with a nameless policy only administrators.</summary>
    public static void AddAccessPolicies(this AuthorizationOptions options)
    {
        foreach (var role in (ReadOnlySpan<Role>)[Role.Viewer, Role.Crew, Role.Safety, Role.Administrator]) options.AddPolicy(role.Word(), Needs(role));
        options.DefaultPolicy = Needs(Role.Administrator);
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(HasNoEndpoint).Build();
    }

    private static AuthorizationPolicy Needs(Role needed) =>
        new AuthorizationPolicyBuilder().RequireAssertion(context => context.User.Caller() is { } caller && caller.Role.Includes(needed)).Build();

    /// <summary>No endpoint, or one that routing made only to answer 405 or 415: there is nothing behind it to protect.</summary>
    private static bool HasNoEndpoint(AuthorizationHandlerContext context) => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}

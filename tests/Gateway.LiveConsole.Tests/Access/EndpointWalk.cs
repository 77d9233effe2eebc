using System.Net;
using Gateway.Access;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

/// <summary>Goes through every endpoint an application has: each names a policy or is on the list of those that need none, and keeps what it says.</summary>
internal static class EndpointWalk
{
    /// <summary>Open to all, as API.md has it. <c>/mqtt</c> knows no identity of the console's on purpose: MQTT's own sign-in judges what comes through it, and a cookie that counted there could be borrowed by any page.</summary>
    public static readonly string[] Open = ["GET /healthz", "GET /readyz", "GET /api/v1/session", "POST /api/v1/session", "POST /api/v1/session/link", "GET /mqtt"];

    /// <summary>Method, path and policy of each; policy null = open.</summary>
    public static List<(string Method, string Path, string? Policy)> Of(IServiceProvider services)
    {
        var found = new List<(string, string, string?)>();
        foreach (var endpoint in services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            string path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            // All of them must be kept, so the highest role counts: a group and its member may each name one.
            string? policy = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy ?? "administrator").MaxBy(word => Roles.TryRead(word, out var role) ? (int)role : int.MaxValue);
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null) policy = null;
            foreach (string method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                string name = $"{method} {path}";
                Assert.True(policy is null == (Open.Contains(name) || IsPageFile(method, path)), $"{name}: policy {policy ?? "none"}; only the list may be open");
                if (policy is not null) Assert.True(Roles.TryRead(policy, out _), $"{name}: {policy} is no role");
                found.Add((method, path, policy));
            }
        }
        return found;
    }

    /// <summary>The page's own files hold no data; they are what is embedded, nothing else.</summary>
    public static bool IsPageFile(string method, string path) =>
        method == "GET" && typeof(AccessOptions).Assembly.GetManifestResourceInfo($"web/{(path == "/" ? "index.html" : path[1..])}") is not null;

    /// <summary>Nobody gets in without an identity, nobody with the role below; with the role the answer is anything else.</summary>
    public static async Task AssertKeptAsync(IPeopleHost console)
    {
        using var nobody = console.Client();
        var clients = new Dictionary<Role, Client>();
        foreach (var role in Enum.GetValues<Role>()) clients[role] = await console.SignedInAsync($"walker-{role.Word()}", role);
        foreach (var (method, path, policy) in Of(console.Services).Where(e => e is { Policy: not null } and not { Method: "DELETE", Path: "/api/v1/session" }))
        {
            Roles.TryRead(policy, out var needed);
            string url = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "none");
            var refused = await nobody.SendAsync(method, url, method == "POST" ? "{}" : null);
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (refused.Status, refused.ContentType));
            foreach (var (role, client) in clients)
            {
                var answer = await client.SendAsync(method, url, method == "POST" ? "{}" : null);
                bool refusedOrBroken = answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or >= HttpStatusCode.InternalServerError;
                if (role.Includes(needed)) Assert.False(refusedOrBroken, $"{role} at {method} {path}: {answer.Status} {answer.Text}");
                else Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json"), (answer.Status, answer.ContentType));
            }
        }
        foreach (var client in clients.Values) client.Dispose();
    }
}

using System.Net;
using Gateway.Access;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class AuthorizationTests
{
    [Fact]
    public async Task Every_endpoint_has_a_policy_or_is_on_the_list_and_keeps_it()
    {
        await using var console = await RunningConsole.StartAsync(map: app =>
        {
            app.MapGet("/healthz", () => "ok").AllowAnonymous();
            app.MapGet("/api/v1/site", () => "site").RequireAuthorization(AccessPolicies.Viewer);
            app.MapPost("/api/v1/alarms/{id}/ack", (string id) => id).RequireAuthorization(AccessPolicies.Crew);
            app.MapPost("/api/v1/rules", () => "rules").RequireAuthorization(AccessPolicies.Safety);
        });
        Assert.Equal(
            [
                "DELETE /api/v1/session viewer", "DELETE /api/v1/tokens/{id} administrator", "DELETE /api/v1/users/{name} administrator",
                "GET /api/v1/audit administrator", "GET /api/v1/session open", "GET /api/v1/site viewer", "GET /api/v1/tokens administrator", "GET /api/v1/users administrator", "GET /healthz open",
                "POST /api/v1/alarms/{id}/ack crew", "POST /api/v1/rules safety", "POST /api/v1/session open", "POST /api/v1/session/link open", "POST /api/v1/tokens administrator", "POST /api/v1/users administrator",
            ],
            EndpointWalk.Of(console.Services).Select(e => $"{e.Method} {e.Path} {e.Policy ?? "open"}").Order(StringComparer.Ordinal));
        await EndpointWalk.AssertKeptAsync(console);
    }

    [Fact]
    public async Task An_endpoint_somebody_forgot_to_protect_is_open_to_nobody()
    {
        await using var console = await RunningConsole.StartAsync(new() { PasswordIterations = 2, AnonymousRead = true }, app => app.MapGet("/forgotten", () => "secret"));
        using var nobody = console.Client();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync("/forgotten")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await lin.GetAsync("/forgotten")).Status);
        Assert.Throws<Xunit.Sdk.TrueException>(() => EndpointWalk.Of(console.Services));
    }

    [Fact]
    public async Task A_policy_without_a_name_is_the_administrators()
    {
        await using var console = await RunningConsole.StartAsync(map: app => app.MapGet("/nameless", () => "secret").RequireAuthorization());
        using var wang = await console.SignedInAsync("wang", Role.Safety);
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        Assert.Equal(HttpStatusCode.Forbidden, (await wang.GetAsync("/nameless")).Status);
        Assert.Equal(HttpStatusCode.OK, (await lin.GetAsync("/nameless")).Status);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found_and_a_wrong_method_is_called_one()
    {
        await using var console = await RunningConsole.StartAsync();
        using var nobody = console.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync("/api/v1/nothing")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await nobody.SendAsync("PUT", "/api/v1/users")).Status);
    }

    [Fact]
    public async Task A_refusal_says_which_role_is_needed()
    {
        await using var console = await RunningConsole.StartAsync();
        using var wang = await console.SignedInAsync("wang", Role.Crew);
        Assert.Equal("this needs the role administrator; wang is crew", (await wang.GetAsync("/api/v1/users")).Detail);
    }

    [Fact]
    public async Task A_new_role_is_in_force_at_the_next_request()
    {
        await using var console = await RunningConsole.StartAsync();
        using var wang = await console.SignedInAsync("wang", Role.Crew);
        await console.Engine.WriteAsync((s, nowMs) => AccountSteps.SetRole(s, nowMs, "test", "wang", Role.Administrator));
        Assert.Equal(HttpStatusCode.OK, (await wang.GetAsync("/api/v1/users")).Status);
    }
}

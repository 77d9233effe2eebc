using System.Net;
using Gateway.Access;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class AuthorizationTests
{
    /// <summary>The table of API.md. An endpoint that is added stands here too, so that somebody has thought about its role.</summary>
    private static readonly string[] Contract =
    [
        "DELETE /api/v1/session viewer", "DELETE /api/v1/tokens/{id} administrator", "DELETE /api/v1/users/{name} administrator",
        "GET /api/v1/alarms viewer", "GET /api/v1/alarms/{id}/frames crew", "GET /api/v1/attachments/{sha256} crew", "GET /api/v1/audit administrator", "GET /api/v1/buses viewer", "GET /api/v1/buses/{id}/frames crew",
        "GET /api/v1/compliance viewer", "GET /api/v1/devices viewer", "GET /api/v1/devices/{id}/advice viewer", "GET /api/v1/devices/{id}/history viewer", "GET /api/v1/events viewer", "GET /api/v1/evidence viewer", "GET /api/v1/ledger safety",
        "GET /api/v1/ledger/lifecycle viewer", "GET /api/v1/patrol viewer", "GET /api/v1/presence viewer", "GET /api/v1/presence/days viewer", "GET /api/v1/presence/{seq}/frames crew", "GET /api/v1/quarantine administrator",
        "GET /api/v1/reports viewer", "GET /api/v1/reports/{window} viewer", "GET /api/v1/rules viewer", "GET /api/v1/session open", "GET /api/v1/site viewer", "GET /api/v1/tokens administrator", "GET /api/v1/uplinks viewer",
        "GET /api/v1/users administrator", "GET /healthz open", "GET /metrics viewer", "GET /mqtt open", "GET /openapi/{documentName}.json viewer", "GET /readyz open", "POST /api/v1/alarms/{id}/ack crew",
        "POST /api/v1/alarms/{id}/reset crew", "POST /api/v1/alarms/{id}/shelve crew", "POST /api/v1/alarms/{id}/shelve/agree safety", "POST /api/v1/alarms/{id}/unshelve crew", "POST /api/v1/ledger/adopt safety",
        "POST /api/v1/ledger/lifecycle crew", "POST /api/v1/ledger/lifecycle/requests safety", "POST /api/v1/ledger/lifecycle/requests/{id}/approve safety", "POST /api/v1/ledger/lifecycle/requests/{id}/decline safety",
        "POST /api/v1/ledger/preview safety", "POST /api/v1/patrol/{day}/{device} crew", "POST /api/v1/quarantine/{id}/discard administrator", "POST /api/v1/quarantine/{id}/replay administrator", "POST /api/v1/session open",
        "POST /api/v1/session/link open", "POST /api/v1/tokens administrator", "POST /api/v1/uplinks/{name}/read-back administrator", "POST /api/v1/uplinks/{name}/replay administrator", "POST /api/v1/users administrator",
        "PUT /api/v1/attachments crew", "PUT /api/v1/ledger safety",
    ];

    [Fact]
    public async Task Every_endpoint_of_the_console_has_the_role_of_the_contract_or_is_on_the_open_list()
    {
        await using var console = await WholeConsole.StartAsync();
        var found = EndpointWalk.Of(console.Services).Where(e => !EndpointWalk.IsPageFile(e.Method, e.Path));
        Assert.Equal(Contract, found.Select(e => $"{e.Method} {e.Path} {e.Policy ?? "open"}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_endpoint_of_the_console_keeps_its_role()
    {
        await using var console = await WholeConsole.StartAsync();
        await EndpointWalk.AssertKeptAsync(console);
    }

    [Fact]
    public async Task The_machine_readable_contract_names_the_peoples_endpoints()
    {
        await using var console = await WholeConsole.StartAsync();
        using var client = await console.SignedInAsync("lin", Role.Viewer);
        var paths = (await client.GetAsync("/openapi/v1.json"))["paths"].AsObject().Select(p => p.Key).ToList();
        foreach (string path in (string[])["/api/v1/session", "/api/v1/session/link", "/api/v1/users", "/api/v1/users/{name}", "/api/v1/tokens", "/api/v1/tokens/{id}", "/api/v1/audit"])
            Assert.Contains(path, paths);
    }

    [Fact]
    public async Task A_policy_of_each_role_lets_in_that_role_and_higher_ones()
    {
        await using var console = await RunningConsole.StartAsync(map: app =>
        {
            foreach (string role in (string[])[AccessPolicies.Viewer, AccessPolicies.Crew, AccessPolicies.Safety, AccessPolicies.Administrator])
                app.MapGet($"/for/{role}", () => role).RequireAuthorization(role);
        });
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

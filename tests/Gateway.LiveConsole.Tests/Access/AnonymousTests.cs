using System.Net;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class AnonymousTests
{
    [Fact]
    public async Task Without_the_option_nobody_reads_anonymously()
    {
        await using var console = await StartAsync(new() { AnonymousReadFromAnywhere = true });
        using var client = console.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/site")).Status);
    }

    [Fact]
    public async Task With_the_option_this_machine_reads_and_does_nothing_else()
    {
        await using var console = await StartAsync(new() { AnonymousRead = true });
        using var client = console.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/site")).Status);
        Assert.Equal("""{"user":null,"role":"viewer","anonymous":true,"setupNeeded":true}""", (await client.GetAsync("/api/v1/session")).Text);
        var refused = await client.PostAsync("/api/v1/alarms/1/ack", "{}");
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (refused.Status, refused.Headers.WwwAuthenticate.Single().Scheme));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    public async Task What_a_proxy_on_this_machine_passes_on_does_not_come_from_this_machine(string header, string value)
    {
        await using var near = await StartAsync(new() { AnonymousRead = true });
        using var client = near.Client();
        client.Headers[header] = value;
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/site")).Status);
        await using var anywhere = await StartAsync(new() { AnonymousRead = true, AnonymousReadFromAnywhere = true });
        using var far = anywhere.Client();
        far.Headers[header] = value;
        Assert.Equal(HttpStatusCode.OK, (await far.GetAsync("/api/v1/site")).Status);
    }

    private static Task<RunningConsole> StartAsync(AccessOptions options) => RunningConsole.StartAsync(options, app =>
    {
        app.MapGet("/api/v1/site", () => "site").RequireAuthorization(AccessPolicies.Viewer);
        app.MapPost("/api/v1/alarms/{id}/ack", (string id) => id).RequireAuthorization(AccessPolicies.Crew);
    });
}

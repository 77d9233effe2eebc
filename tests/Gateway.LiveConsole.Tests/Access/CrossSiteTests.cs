using System.Net;
using Gateway.Access;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class CrossSiteTests
{
    private const string Wang = """{ "name": "wang", "role": "administrator", "password": "correct horse" }""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cookie_alone_changes_nothing(bool anonymousRead)
    {
        await using var console = await RunningConsole.StartAsync(new() { PasswordIterations = 2, AnonymousRead = anonymousRead });
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        lin.SendsRequestHeader = false;
        var answer = await lin.PostAsync("/api/v1/users", Wang);
        Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Equal("a POST with the session cookie needs the header X-Gateway-Request: 1", answer.Detail);
        Assert.Equal(HttpStatusCode.Forbidden, (await lin.DeleteAsync("/api/v1/session")).Status);
        Assert.Single((await lin.GetAsync("/api/v1/users"))["items"].AsArray());
    }

    [Fact]
    public async Task Another_value_of_the_header_is_not_the_header()
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        lin.SendsRequestHeader = false;
        lin.Headers["X-Gateway-Request"] = "0";
        Assert.Equal(HttpStatusCode.Forbidden, (await lin.PostAsync("/api/v1/users", Wang)).Status);
    }

    [Fact]
    public async Task Reading_with_a_cookie_needs_no_header()
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        lin.SendsRequestHeader = false;
        Assert.Equal(HttpStatusCode.OK, (await lin.GetAsync("/api/v1/users")).Status);
    }
}

using System.Net;
using Gateway.Access;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class TokenTests
{
    [Fact]
    public async Task A_token_is_shown_once_opens_what_its_role_allows_and_is_revoked_at_once()
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        var made = await lin.PostAsync("/api/v1/tokens", """{ "name": "city platform", "role": "administrator" }""");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        string secret = (string)made["token"]!, id = (string)made["id"]!;
        using var script = console.Client();
        script.Bearer = secret;
        script.SendsRequestHeader = false;
        var listed = await script.GetAsync("/api/v1/tokens");
        Assert.Equal(("city platform", "lin"), ((string?)listed["items"][0]!["name"], (string?)listed["items"][0]!["createdBy"]));
        Assert.DoesNotContain(secret, listed.Text, StringComparison.Ordinal);
        Assert.Equal("""{"user":"token:city platform","role":"administrator","anonymous":false,"setupNeeded":false}""", (await script.GetAsync("/api/v1/session")).Text);
        Assert.Equal(HttpStatusCode.Created, (await script.PostAsync("/api/v1/users", """{ "name": "wang", "role": "crew", "password": "correct horse" }""")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await script.DeleteAsync("/api/v1/session")).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await lin.DeleteAsync($"/api/v1/tokens/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await lin.DeleteAsync($"/api/v1/tokens/{id}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync("/api/v1/tokens")).Status);
        Assert.Equal(
            [$"lin token.make {id}: city platform, administrator", "token:city platform account.add wang: crew", $"lin token.revoke {id}: city platform"],
            (await console.AuditAsync()).Skip(1));
    }

    [Fact]
    public async Task A_wrong_token_is_not_made_good_by_a_cookie_or_by_anonymous_reading()
    {
        await using var console = await RunningConsole.StartAsync(new() { PasswordIterations = 2, AnonymousRead = true });
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        lin.Bearer = new string('A', 43);
        var answer = await lin.GetAsync("/api/v1/users");
        Assert.Equal((HttpStatusCode.Unauthorized, "the bearer token is not known: it was revoked, or is not complete"), (answer.Status, answer.Detail));
        Assert.Null((await lin.GetAsync("/api/v1/session")).Json["role"]);
    }

    [Theory]
    [InlineData("""{ "role": "viewer" }""")]
    [InlineData("""{ "name": "", "role": "viewer" }""")]
    [InlineData("""{ "name": "a\nb", "role": "viewer" }""")]
    [InlineData("""{ "name": "platform" }""")]
    [InlineData("""{ "name": "platform", "role": "root" }""")]
    public async Task A_token_needs_a_name_and_a_role(string body)
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        Assert.Equal(HttpStatusCode.BadRequest, (await lin.PostAsync("/api/v1/tokens", body)).Status);
    }
}

using System.Net;
using Gateway.Access;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class UserTests
{
    [Fact]
    public async Task An_administrator_adds_changes_and_removes_people_and_the_audit_says_so()
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        var added = await lin.PostAsync("/api/v1/users", """{ "name": "Wang", "role": "crew", "password": "correct horse" }""");
        Assert.Equal(HttpStatusCode.Created, added.Status);
        Assert.Equal("""{"name":"wang","role":"crew","createdAt":"2026-03-01T08:00:00.000Z"}""", added.Text);
        Assert.Equal("safety", (string?)(await lin.PostAsync("/api/v1/users", """{ "name": "wang", "role": "safety" }"""))["role"]);
        Assert.Equal(HttpStatusCode.OK, (await lin.PostAsync("/api/v1/users", """{ "name": "wang", "password": "battery staple" }""")).Status);
        Assert.Equal(["lin", "wang"], (await lin.GetAsync("/api/v1/users"))["items"].AsArray().Select(u => (string?)u!["name"]));
        Assert.Equal(HttpStatusCode.NoContent, (await lin.DeleteAsync("/api/v1/users/wang")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await lin.DeleteAsync("/api/v1/users/wang")).Status);
        Assert.Equal(
            ["lin account.add wang: crew", "lin account.role wang: crew to safety", "lin account.password wang: -", "lin account.remove wang: safety"],
            (await console.AuditAsync()).Skip(1));
    }

    [Fact]
    public async Task A_removed_person_is_out_at_the_next_request()
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        using var wang = await console.SignedInAsync("wang", Role.Administrator);
        Assert.Equal(HttpStatusCode.NoContent, (await lin.DeleteAsync("/api/v1/users/wang")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await wang.GetAsync("/api/v1/users")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await wang.SignInAsync("wang", People.Password)).Status);
    }

    [Fact]
    public async Task The_last_administrator_stays()
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        var removed = await lin.DeleteAsync("/api/v1/users/lin");
        Assert.Equal((HttpStatusCode.Conflict, "this is the last administrator: make another one first"), (removed.Status, removed.Detail));
        Assert.Equal(HttpStatusCode.Conflict, (await lin.PostAsync("/api/v1/users", """{ "name": "lin", "role": "viewer", "password": "battery staple" }""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await lin.SignInAsync("lin", People.Password)).Status);
    }

    [Theory]
    [InlineData("""{ "role": "crew", "password": "correct horse" }""")]
    [InlineData("""{ "name": "a b", "role": "crew", "password": "correct horse" }""")]
    [InlineData("""{ "name": "wang", "role": "boss", "password": "correct horse" }""")]
    [InlineData("""{ "name": "wang", "role": "crew" }""")]
    [InlineData("""{ "name": "wang", "password": "correct horse" }""")]
    [InlineData("""{ "name": "wang", "role": "crew", "password": "short" }""")]
    [InlineData("""{ "name": "lin" }""")]
    public async Task A_person_who_is_not_complete_is_refused_with_a_reason(string body)
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        var answer = await lin.PostAsync("/api/v1/users", body);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.NotEmpty(answer.Detail);
        Assert.Single((await lin.GetAsync("/api/v1/users"))["items"].AsArray());
    }
}

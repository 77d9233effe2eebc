using System.Net;
using Gateway.Access;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class LinkTests
{
    [Fact]
    public async Task The_first_start_gives_one_link_that_makes_the_first_administrator()
    {
        await using var console = await RunningConsole.StartAsync();
        string older = (await SetupLink.EnsureAsync(console.Engine))!;
        string token = (await SetupLink.EnsureAsync(console.Engine))!;
        using var client = console.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await RedeemAsync(client, older, "lin")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/api/v1/session/link", $$"""{ "token": "{{token}}" }""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await RedeemAsync(client, token, "lin", "short")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await RedeemAsync(client, token, "l i n")).Status);

        var answer = await RedeemAsync(client, token, "lin");
        Assert.Equal("""{"user":"lin","role":"administrator","anonymous":false,"setupNeeded":false}""", answer.Text);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/users")).Status);
        using var again = console.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await RedeemAsync(again, token, "mallory")).Status);
        Assert.Equal(HttpStatusCode.OK, (await again.SignInAsync("lin", People.Password)).Status);
        Assert.Null(await SetupLink.EnsureAsync(console.Engine));
    }

    [Fact]
    public async Task The_set_up_link_is_gone_after_a_day()
    {
        await using var console = await RunningConsole.StartAsync();
        string token = (await SetupLink.EnsureAsync(console.Engine))!;
        console.Clock.Advance(TimeSpan.FromHours(24));
        using var client = console.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await RedeemAsync(client, token, "lin")).Status);
    }

    [Fact]
    public async Task A_guest_comes_in_by_the_link_alone_and_leaves_after_a_shift()
    {
        await using var console = await RunningConsole.StartAsync();
        await console.AddAsync("lin", Role.Administrator);
        var (token, hash) = AccessTokens.Make();
        await console.Engine.WriteAsync((s, nowMs) => LinkSteps.Make(s, nowMs, "test", new OneTimeLink(null, Role.Viewer, nowMs + 1_000, Setup: false), hash));
        using var client = console.Client();
        var answer = await client.PostAsync("/api/v1/session/link", $$"""{ "token": "{{token}}" }""");
        Assert.Equal($"guest:{AccessTokens.Label(hash)}", (string?)answer["user"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/v1/users")).Status);
        console.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal("viewer", (string?)(await client.GetAsync("/api/v1/session"))["role"]);
        console.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Null((await client.GetAsync("/api/v1/session")).Json["role"]);
    }

    [Fact]
    public async Task Links_made_up_are_refused()
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = console.Client();
        foreach (string token in (string[])["", "x", new string('A', 43)])
            Assert.Equal(HttpStatusCode.Unauthorized, (await RedeemAsync(client, token, "lin")).Status);
    }

    private static Task<Answer> RedeemAsync(Client client, string token, string user, string password = People.Password) =>
        client.PostAsync("/api/v1/session/link", $$"""{ "token": "{{token}}", "user": "{{user}}", "password": "{{password}}" }""");
}

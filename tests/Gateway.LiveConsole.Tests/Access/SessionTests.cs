using System.Net;
using Gateway.Access;
using Gateway.Service.LiveConsole.Access;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class SessionTests
{
    [Fact]
    public async Task Signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        await using var console = await RunningConsole.StartAsync();
        await console.AddAsync("lin", Role.Crew);
        using var client = console.Client();
        var answer = await client.SignInAsync("Lin", People.Password);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("""{"user":"lin","role":"crew","anonymous":false,"setupNeeded":false}""", answer.Text);
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^gateway-session=[A-Za-z0-9_-]{43}; path=/; samesite=strict; httponly$", cookie);
        Assert.Equal(answer.Text, (await client.GetAsync("/api/v1/session")).Text);
        Assert.Equal(["lin session.start -: from 127.0.0.1"], await console.AuditAsync());
    }

    [Fact]
    public async Task Nobody_is_signed_in_at_first()
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = console.Client();
        Assert.Equal("""{"user":null,"role":null,"anonymous":false,"setupNeeded":true}""", (await client.GetAsync("/api/v1/session")).Text);
        await console.AddAsync("lin", Role.Administrator);
        Assert.Equal("""{"user":null,"role":null,"anonymous":false,"setupNeeded":false}""", (await client.GetAsync("/api/v1/session")).Text);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_not_only_the_cookie()
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = await console.SignedInAsync("lin", Role.Administrator);
        using var thief = console.Client();
        thief.Headers["Cookie"] = $"gateway-session={client.Cookie}";
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/api/v1/users")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync("/api/v1/session")).Status);
        Assert.Null(client.Cookie);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/api/v1/users")).Status);
        Assert.Equal("lin session.end -: -", (await console.AuditAsync())[^1]);
    }

    [Fact]
    public async Task A_session_that_is_not_used_ends_after_a_shift_and_one_that_is_goes_on()
    {
        await using var console = await RunningConsole.StartAsync();
        using var idle = await console.SignedInAsync("lin", Role.Administrator);
        using var busy = await console.SignedInAsync("wang", Role.Administrator);
        for (int hour = 0; hour < 12; hour++)
        {
            console.Clock.Advance(TimeSpan.FromHours(1));
            if (hour < 11) Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/api/v1/users")).Status);
            await console.Engine.WriteAsync((_, _) => { });
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await idle.GetAsync("/api/v1/users")).Status);
        Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/api/v1/users")).Status);
    }

    [Fact]
    public async Task A_session_is_renewed_at_most_once_an_hour()
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = await console.SignedInAsync("lin", Role.Administrator);
        long first = await ExpiresAsync();
        console.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(first, await ExpiresAsync());
        console.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first + 3_600_000, await ExpiresAsync());

        async Task<long> ExpiresAsync()
        {
            await client.GetAsync("/api/v1/users");
            await console.Engine.WriteAsync((_, _) => { });
            AccessTokens.TryHash(client.Cookie, out byte[] hash);
            return ((Store.StateReader)console.Services.GetService(typeof(Store.StateReader))!).Session(hash, 0)!.ExpiresMs;
        }
    }

    [Fact]
    public async Task A_password_kept_with_fewer_iterations_is_hashed_anew_at_the_next_sign_in()
    {
        await using var console = await RunningConsole.StartAsync(new() { PasswordIterations = 3 });
        using var client = await console.SignedInAsync("lin", Role.Crew);
        var reader = (Store.StateReader)console.Services.GetService(typeof(Store.StateReader))!;
        Assert.Equal(3, reader.Account("lin")!.Password.Iterations);
        Assert.Equal(HttpStatusCode.OK, (await client.SignInAsync("lin", People.Password)).Status);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public void Over_https_the_cookie_stays_on_https(string scheme, bool secure)
    {
        var http = new DefaultHttpContext { Request = { Scheme = scheme } };
        SessionCookie.Set(http, "token");
        Assert.Equal(secure, http.Response.Headers.SetCookie.ToString().Contains("; secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_the_store_takes_no_writes_people_are_told_so_and_reading_goes_on()
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = await console.SignedInAsync("lin", Role.Administrator);
        console.Engine.Stop(TimeSpan.FromSeconds(5));
        console.Clock.Advance(TimeSpan.FromHours(2));
        var answer = await client.PostAsync("/api/v1/tokens", """{ "name": "platform", "role": "viewer" }""");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json", "the gateway is stopping"), (answer.Status, answer.ContentType, answer.Detail));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/users")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SignInAsync("lin", "not this one")).Status);
    }

    [Fact]
    public async Task What_people_may_see_stays_out_of_caches()
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = await console.SignedInAsync("lin", Role.Administrator);
        foreach (string path in (string[])["/api/v1/session", "/api/v1/users", "/api/v1/tokens", "/api/v1/audit"])
            Assert.True((await client.GetAsync(path)).Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("""{ "user": 1 }""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("user=lin&password=x", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("""{ "user": "lin", "password": "correct horse" }""", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_body_that_is_not_what_was_agreed_is_refused_with_a_reason(string body, string contentType, HttpStatusCode expected)
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = console.Client();
        var answer = await client.SendAsync("POST", "/api/v1/session", body, contentType);
        Assert.Equal((expected, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.NotEmpty(answer.Detail);
    }

    [Fact]
    public async Task A_body_beyond_16_KiB_is_refused()
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = console.Client();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.SignInAsync("lin", new string('x', 20_000))).Status);
    }
}

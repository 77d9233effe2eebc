using System.Net;
using Gateway.Access;
using Xunit;

namespace Gateway.LiveConsole.Tests;

public sealed class QuarantineTests
{
    [Fact]
    public async Task Refused_lines_are_listed_page_by_page_asked_for_again_and_given_up_for_a_reason()
    {
        await using var console = await WholeConsole.StartAsync();
        await console.Engine.WriteAsync((s, nowMs) =>
        {
            for (int i = 1; i <= 3; i++) s.Quarantine(i == 2 ? "other" : "t", "telemetry", 1_000 + i, System.Text.Encoding.UTF8.GetBytes($"m v={i} 1\n"), "unable to parse");
        });
        using var lin = await console.SignedInAsync("lin", Role.Administrator);

        var first = await lin.GetAsync("/api/v1/quarantine?limit=2");
        Assert.Equal(["m v=3 1", "m v=2 1"], first["items"].AsArray().Select(i => (string?)i!["line"]));
        var second = await lin.GetAsync($"/api/v1/quarantine?limit=2&cursor={(string)first["next"]!}");
        Assert.Equal(("m v=1 1", "unable to parse", null), ((string?)second["items"][0]!["line"], (string?)second["items"][0]!["words"], second.Json["next"]));
        Assert.Single((await lin.GetAsync("/api/v1/quarantine?target=other"))["items"].AsArray());

        Assert.Equal(HttpStatusCode.Accepted, (await lin.PostAsync("/api/v1/quarantine/3/replay", "{}")).Status);
        Assert.True((bool)(await lin.GetAsync("/api/v1/quarantine"))["items"][0]!["replay"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await lin.PostAsync("/api/v1/quarantine/1/discard", """{ "reason": "" }""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await lin.PostAsync("/api/v1/quarantine/1/discard", """{ "reason": "a test" }""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await lin.PostAsync("/api/v1/quarantine/1/discard", """{ "reason": "a test" }""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await lin.PostAsync("/api/v1/uplinks/nobody/replay", "{}")).Status);
        Assert.Equal(["lin quarantine.replay 3: 1 lines", "lin quarantine.discard 1: a test"], (await console.AuditAsync()).TakeLast(2));
    }
}

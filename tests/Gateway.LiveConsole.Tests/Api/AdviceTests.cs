using System.Net;
using Gateway.Access;
using Xunit;

namespace Gateway.LiveConsole.Tests.Api;

public sealed class AdviceTests
{
    private const string Site = """
        { "version": 1, "site": { "id": "s1", "name": "工地" }, "devices": [ { "id": "c1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2026-01-01" } ] }
        """;

    [Fact]
    public async Task Every_rung_of_a_device_has_something_to_try_and_a_stranger_has_none()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var viewer = await console.SignedInAsync("lin", Role.Viewer);

        var answer = await viewer.GetAsync("/api/v1/devices/c1/advice");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["link", "answering", "fresh", "plausible", "clock"], answer["items"].AsArray().Select(i => (string?)i!["rung"]));
        Assert.All(answer["items"].AsArray(), i => Assert.True(((string)i!["advice"]!["zh"]!).Length > 20 && ((string)i["advice"]!["en"]!).Length > 40));
        Assert.Equal(HttpStatusCode.NotFound, (await viewer.GetAsync("/api/v1/devices/c9/advice")).Status);
    }
}

using System.Net;
using Gateway.Access;
using Xunit;

namespace Gateway.LiveConsole.Tests.Api;

public sealed class LedgerEndpointTests
{
    private const string Site = """
        { // a comment of the operator
          "version": 1, "site": { "id": "s1", "name": "工地" }, "devices": [ { "id": "c1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2026-01-01" } ] }
        """;

    [Fact]
    public async Task The_ledger_comes_whole_with_its_version_for_those_who_keep_it()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var crew = await console.SignedInAsync("lin", Role.Crew);
        using var safety = await console.SignedInAsync("wang", Role.Safety);

        Assert.Equal(HttpStatusCode.Forbidden, (await crew.GetAsync("/api/v1/ledger")).Status);
        var answer = await safety.GetAsync("/api/v1/ledger");
        Assert.Equal(("c1", "工地"), ((string?)answer["ledger"]["devices"]![0]!["id"], (string?)answer["ledger"]["site"]!["name"]));
        Assert.Equal($"\"{(string)answer["hash"]!}\"", answer.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task A_preview_says_what_would_change_and_what_follows()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);

        var answer = await safety.PostAsync("/api/v1/ledger/preview", Site.Replace("// a comment of the operator", "", StringComparison.Ordinal).Replace("\"safety\": true", "\"safety\": false", StringComparison.Ordinal).Replace("\"s1\"", "\"s2\"", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer["problems"].AsArray());
        Assert.Equal((string?)(await safety.GetAsync("/api/v1/ledger"))["hash"], (string?)answer["before"]);
        Assert.True((bool)answer["needsRestart"]);
        Assert.Equal(["site s2 changed", "device c1 changed"], answer["changes"].AsArray().Select(c => $"{c!["kind"]} {c["id"]} {c["what"]}"));
        Assert.Equal("device c1 leaves the rate of the safety devices", (string?)answer["changes"][1]!["consequences"]![0]!["en"]);
    }

    [Fact]
    public async Task A_preview_of_a_wrong_ledger_lists_every_problem_and_no_change()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);

        var answer = await safety.PostAsync("/api/v1/ledger/preview", Site.Replace("crane-json", "no-such", StringComparison.Ordinal).Replace("true", "7", StringComparison.Ordinal));

        Assert.Equal(["devices[0].profile", "devices[0].safety"], answer["problems"].AsArray().Select(p => (string?)p!["place"]));
        Assert.Empty(answer["changes"].AsArray());
        Assert.Equal("line 1, column 1", (string?)(await safety.PostAsync("/api/v1/ledger/preview", "ledger"))["problems"][0]!["place"]);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await safety.SendAsync("POST", "/api/v1/ledger/preview", "{}", "text/plain")).Status);
        // Larger than other bodies may be: a site of five thousand devices.
        Assert.Empty((await safety.PostAsync("/api/v1/ledger/preview", Site + new string(' ', 2 << 20)))["problems"].AsArray());
    }
}

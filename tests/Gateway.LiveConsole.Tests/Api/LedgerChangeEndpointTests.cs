using System.Net;
using System.Text.Json.Nodes;
using Gateway.Access;
using Gateway.Service.Composition;
using Gateway.Store;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.LiveConsole.Tests.Api;

/// <summary>The ledger changed by a person who is signed in.</summary>
public sealed class LedgerChangeEndpointTests
{
    private const string Site = """{ "version": 1, "site": { "id": "s1", "name": "工地" }, "devices": [ { "id": "c1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "inService": "2026-01-01" } ] }""";

    private const string Stranger = "site/s1/crane/c9";

    private const string Adopt = $$"""{ "link": "mqtt", "address": "{{Stranger}}", "id": "c9", "name": { "zh": "9# 塔机", "en": "Crane 9" }, "kind": "crane", "profile": "crane-json", "safety": true }""";

    [Fact]
    public async Task A_whole_ledger_is_written_journalled_and_in_force()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);
        string before = await HashAsync(safety);
        string next = Site.Replace("2026-01-01", "2026-02-01", StringComparison.Ordinal);

        var answer = await PutAsync(safety, next, before, "?note=crane%20came%20later");

        Assert.Equal((HttpStatusCode.OK, before, true, false), (answer.Status, (string?)answer["before"], (bool)answer["applied"], (bool)answer["needsRestart"]));
        Assert.Equal("device c1 changed", answer["changes"].AsArray().Select(c => $"{c!["kind"]} {c["id"]} {c["what"]}").Single());
        Assert.Equal(next, await System.IO.File.ReadAllTextAsync(console.File("ledger.json")));
        Assert.Equal((string?)answer["after"], await HashAsync(safety));
        Assert.Equal($"\"{answer["after"]}\"", answer.Headers.ETag!.Tag);
        using var reader = new StateReader(console.File("store/state.db"));
        var row = JsonNode.Parse(Assert.Single(reader.Journal("ledger", long.MaxValue, 10).Bodies))!;
        Assert.Equal((before, (string?)answer["after"], "wang", "crane came later"), ((string?)row["before"], (string?)row["after"], (string?)row["who"], (string?)row["note"]));
        var audit = reader.Audit(long.MaxValue, 1).Rows[0];
        Assert.Equal(("wang", "ledger.apply"), (audit.Who, audit.What));
    }

    [Fact]
    public async Task A_ledger_that_was_made_from_an_older_one_is_refused_and_one_without_a_version_too()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);
        using var crew = await console.SignedInAsync("lin", Role.Crew);
        string before = await HashAsync(safety);

        Assert.Equal(HttpStatusCode.PreconditionRequired, (await safety.SendAsync("PUT", "/api/v1/ledger", Site)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(safety, Site.Replace("\"c\"", "\"C\"", StringComparison.Ordinal), before)).Status);
        var stale = await PutAsync(safety, Site, before);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains(await HashAsync(safety), stale.Detail, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(crew, Site, before)).Status);
    }

    [Fact]
    public async Task A_wrong_ledger_is_refused_with_every_reason_and_changes_nothing()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);

        var answer = await PutAsync(safety, Site.Replace("crane-json", "no-such", StringComparison.Ordinal).Replace("2026-01-01", "soon", StringComparison.Ordinal), await HashAsync(safety));

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Equal(["devices[0].profile", "devices[0].inService"], answer["problems"].AsArray().Select(p => (string?)p!["place"]));
        Assert.Equal(Site, await System.IO.File.ReadAllTextAsync(console.File("ledger.json")));
        Assert.Empty((await safety.GetAsync("/api/v1/site"))["ledger"]["problems"]!.AsArray());
    }

    [Fact]
    public async Task What_needs_a_restart_is_written_and_waits()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);
        string before = await HashAsync(safety);

        var answer = await PutAsync(safety, Site.Replace("\"s1\"", "\"s2\"", StringComparison.Ordinal), before);

        Assert.Equal((false, true), ((bool)answer["applied"], (bool)answer["needsRestart"]));
        var site = await safety.GetAsync("/api/v1/site");
        Assert.Equal((before, true, "s1"), ((string?)site["ledger"]["hash"], (bool)site["ledger"]["pendingRestart"]!, (string?)site["site"]["id"]));
        var ledger = await safety.GetAsync("/api/v1/ledger");
        Assert.Equal((before, "s2"), ((string?)ledger["inForce"], (string?)ledger["ledger"]["site"]!["id"]));
        // Taken back before anybody restarted: all is as it was.
        Assert.True((bool)(await PutAsync(safety, Site, (string)ledger["hash"]!))["applied"]);
        Assert.False((bool)(await safety.GetAsync("/api/v1/site"))["ledger"]["pendingRestart"]!);
    }

    [Fact]
    public async Task A_stranger_is_adopted_in_one_step_and_counts_with_its_next_message()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);
        Assert.Equal(HttpStatusCode.NotFound, (await safety.PostAsync("/api/v1/ledger/adopt", Adopt)).Status);
        await console.PublishAsync(Stranger, """{"load_t":1}""");
        await Poll(safety, "/api/v1/devices", a => a["unregistered"].AsArray().Count == 1);

        var answer = await safety.PostAsync("/api/v1/ledger/adopt", Adopt);
        Assert.True((bool)answer["applied"], answer.Text);
        await console.PublishAsync(Stranger, """{"load_t":2.5}""");

        var devices = await Poll(safety, "/api/v1/devices", a => a["items"].AsArray().Any(d => (string?)d!["id"] == "c9" && (string?)d["presence"]!["state"] == "online"));
        Assert.Empty(devices["unregistered"].AsArray());
        Assert.Contains("\"id\": \"c9\"", await System.IO.File.ReadAllTextAsync(console.File("ledger.json")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await safety.PostAsync("/api/v1/ledger/adopt", Adopt)).Status);
        // What it measures from now on can be drawn.
        Assert.Equal(HttpStatusCode.OK, (await safety.GetAsync("/api/v1/devices/c9/history")).Status);
    }

    [Fact]
    public async Task An_adoption_that_cannot_be_says_why()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);
        await console.PublishAsync(Stranger, """{"load_t":1}""");
        await Poll(safety, "/api/v1/devices", a => a["unregistered"].AsArray().Count == 1);

        Assert.Contains("profile", (await safety.PostAsync("/api/v1/ledger/adopt", """{ "link": "mqtt" }""")).Detail, StringComparison.Ordinal);
        var wrong = await safety.PostAsync("/api/v1/ledger/adopt", Adopt.Replace("\"c9\"", "\"c1\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("c1", (string?)wrong["problems"][0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_changed_by_hand_is_taken_over_and_journalled_and_a_broken_one_changes_nothing()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var safety = await console.SignedInAsync("wang", Role.Safety);
        var reload = console.Services.GetRequiredService<LedgerReload>();
        string before = await HashAsync(safety), next = Site.Replace("\"c\"", "\"by hand\"", StringComparison.Ordinal);

        await System.IO.File.WriteAllTextAsync(console.File("ledger.json"), next);
        await reload.LookAsync();
        Assert.NotEqual(before, reload.Status.Hash);
        using var reader = new StateReader(console.File("store/state.db"));
        Assert.Equal(("file", before), Row(reader));
        Assert.Equal(Site, await System.IO.File.ReadAllTextAsync(console.File($"store/ledgers/ledger-{before}.json")));

        await System.IO.File.WriteAllTextAsync(console.File("ledger.json"), next[..^9]);
        await reload.LookAsync();
        // Somebody may still be writing.
        Assert.Empty(reload.Status.Problems);
        await reload.LookAsync();
        Assert.NotEmpty(reload.Status.Problems);
        var site = await safety.GetAsync("/api/v1/site");
        Assert.Equal(console.File("ledger.json"), (string?)site["ledger"]["problems"]![0]!["file"]);
        Assert.Equal("by hand", reload.Model.Ledger.Devices[0].Name.En);
        await Poll(safety, "/api/v1/alarms?state=open", a => a["items"].AsArray().Any(i => (string?)i!["rule"] == "ledger-invalid" && (string?)i["state"] == "unacked"));

        await System.IO.File.WriteAllTextAsync(console.File("ledger.json"), next);
        await reload.LookAsync();
        Assert.Empty(reload.Status.Problems);
        await Poll(safety, "/api/v1/alarms?state=open", a => a["items"].AsArray().Any(i => (string?)i!["rule"] == "ledger-invalid" && (string?)i["state"] == "returnedUnacked"));
        Assert.Single(reader.Journal("ledger", long.MaxValue, 10).Bodies);
    }

    private static (string? Who, string? Before) Row(StateReader reader)
    {
        var row = JsonNode.Parse(Assert.Single(reader.Journal("ledger", long.MaxValue, 10).Bodies))!;
        return ((string?)row["who"], (string?)row["before"]);
    }

    private static async Task<string> HashAsync(Client client) => (string)(await client.GetAsync("/api/v1/ledger"))["hash"]!;

    private static async Task<Answer> PutAsync(Client client, string ledger, string expected, string query = "")
    {
        client.Headers["If-Match"] = $"\"{expected}\"";
        var answer = await client.SendAsync("PUT", $"/api/v1/ledger{query}", ledger);
        client.Headers.Clear();
        return answer;
    }

    private static async Task<Answer> Poll(Client client, string path, Func<Answer, bool> holds)
    {
        for (int looks = 0; looks < 200; looks++)
        {
            var answer = await client.GetAsync(path);
            if (holds(answer)) return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"{path} never says what is waited for: {(await client.GetAsync(path)).Text}");
    }
}

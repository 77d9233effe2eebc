using System.Net;
using System.Text;
using Gateway.Access;
using Xunit;

namespace Gateway.LiveConsole.Tests.Api;

public sealed class LifecycleEndpointTests
{
    private const string Path = "/api/v1/ledger/lifecycle";

    private const string Site = """
        { "version": 1, "site": { "id": "s1", "name": "工地" }, "devices": [ { "id": "c1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2026-01-01" } ] }
        """;

    private const string Suspension = """{ "device": "c1", "kind": "suspended", "effective": "2026-03-05T12:00:00+08:00", "until": "2026-03-06T12:00:00+08:00", "reason": "repair", "filing": "F-1" }""";

    [Fact]
    public async Task A_suspension_is_requested_by_one_person_and_approved_by_another()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var wang = await console.SignedInAsync("wang", Role.Safety);
        using var li = await console.SignedInAsync("li", Role.Safety);

        var asked = await wang.PostAsync($"{Path}/requests", Suspension);
        Assert.Equal(HttpStatusCode.Created, asked.Status);
        string id = (string)asked["id"]!;
        Assert.Equal("pending", (string?)(await li.GetAsync(Path))["requests"][0]!["state"]);
        Assert.Empty((await li.GetAsync(Path))["items"].AsArray());

        var self = await wang.PostAsync($"{Path}/requests/{id}/approve", "{}");
        Assert.Equal(HttpStatusCode.BadRequest, self.Status);
        Assert.Equal("批准人不能是申请人本人", (string?)self["problems"][0]!["zh"]);

        var approved = await li.PostAsync($"{Path}/requests/{id}/approve", "{}");
        Assert.Equal(HttpStatusCode.Created, approved.Status);
        var entry = (await wang.GetAsync($"{Path}?device=c1"))["items"][0]!;
        Assert.Equal(("wang", "li", "repair", true), ((string?)entry["requester"], (string?)entry["approver"], (string?)entry["reason"], (bool)entry["late"]!));
        Assert.Equal((long)approved["seq"]!, (long)entry["seq"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await li.PostAsync($"{Path}/requests/{id}/approve", "{}")).Status);
    }

    [Fact]
    public async Task A_device_suspended_now_leaves_the_live_share()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var wang = await console.SignedInAsync("wang", Role.Safety);
        using var li = await console.SignedInAsync("li", Role.Safety);
        var view = await console.Engine.ViewAsync();
        long now = view.AtMs;
        Assert.Equal(1, view.Compliance.Devices.Denominator);
        string body = $$"""{ "device": "c1", "kind": "suspended", "effective": "{{At(now)}}", "until": "{{At(now + 3_600_000)}}", "reason": "climbing" }""";
        string id = (string)(await wang.PostAsync($"{Path}/requests", body))["id"]!;

        Assert.Equal(HttpStatusCode.Created, (await li.PostAsync($"{Path}/requests/{id}/approve", "{}")).Status);

        while (view.Compliance.Devices.Denominator > 0 && view.AtMs < now + 30_000)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            view = await console.Engine.ViewAsync();
        }
        Assert.Equal((0L, null), (view.Compliance.Devices.Denominator, view.Compliance.Devices.Rate));
        Assert.Equal(("suspended", "climbing"), (view.Devices[0].Lifecycle!.State, view.Devices[0].Lifecycle!.Reason));
    }

    [Fact]
    public async Task A_declined_request_becomes_nothing()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var wang = await console.SignedInAsync("wang", Role.Safety);
        using var li = await console.SignedInAsync("li", Role.Safety);
        string id = (string)(await wang.PostAsync($"{Path}/requests", Suspension))["id"]!;

        Assert.Equal(HttpStatusCode.NoContent, (await li.PostAsync($"{Path}/requests/{id}/decline", """{ "note": "no" }""")).Status);

        Assert.Equal(HttpStatusCode.BadRequest, (await li.PostAsync($"{Path}/requests/{id}/approve", "{}")).Status);
        var log = await li.GetAsync(Path);
        Assert.Equal((0, "declined"), (log["items"].AsArray().Count, (string?)log["requests"][0]!["state"]));
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once_in_both_languages()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var wang = await console.SignedInAsync("wang", Role.Safety);

        var refused = await wang.PostAsync($"{Path}/requests", """{ "device": "c1", "kind": "suspended", "effective": "2026-03-05T12:00:00+08:00", "reason": "no-such" }""");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(2, refused["problems"].AsArray().Count);
        Assert.All(refused["problems"].AsArray(), p => Assert.NotEqual((string?)p!["zh"], (string?)p["en"]));
    }

    [Fact]
    public async Task The_crew_enters_steps_and_neither_suspends_nor_corrects()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var crew = await console.SignedInAsync("lin", Role.Crew);

        Assert.Equal(HttpStatusCode.BadRequest, (await crew.PostAsync(Path, Suspension)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await crew.PostAsync($"{Path}/requests", Suspension)).Status);
        Assert.Equal(HttpStatusCode.Created, (await crew.PostAsync(Path, """{ "device": "c1", "kind": "dismantled", "effective": "2026-03-05T12:00:00+08:00" }""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await crew.PostAsync(Path, """{ "device": "c9", "kind": "planned", "effective": "2026-03-05T12:00:00+08:00" }""")).Status);
    }

    [Fact]
    public async Task An_attachment_is_kept_by_its_content_and_an_entry_names_only_what_is_there()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var wang = await console.SignedInAsync("wang", Role.Safety);
        string missing = new('a', 64);
        string powerCut = Suspension.Replace("\"repair\"", $"\"power-cut\", \"attachment\": \"{missing}\"", StringComparison.Ordinal);

        Assert.Contains("was not uploaded", (await wang.PostAsync($"{Path}/requests", powerCut)).Detail, StringComparison.Ordinal);
        var kept = await wang.SendAsync("PUT", "/api/v1/attachments", "%PDF-1.7 test", "application/pdf");
        Assert.Equal((HttpStatusCode.Created, "application/pdf"), (kept.Status, (string?)kept["type"]));
        string sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes("%PDF-1.7 test")));
        Assert.Equal(sha256, (string?)kept["sha256"]);
        Assert.Equal("%PDF-1.7 test", (await wang.GetAsync($"/api/v1/attachments/{sha256}")).Text);
        Assert.Equal(HttpStatusCode.Created, (await wang.PostAsync($"{Path}/requests", powerCut.Replace(missing, sha256, StringComparison.Ordinal))).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await wang.SendAsync("PUT", "/api/v1/attachments", "<svg/>", "image/png")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await wang.GetAsync("/api/v1/attachments/..%2Fstate.db")).Status);
    }

    private static string At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("O");
}

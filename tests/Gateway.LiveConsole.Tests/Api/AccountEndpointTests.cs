using System.Net;
using System.Text.Json.Nodes;
using Gateway.Access;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Xunit;

namespace Gateway.LiveConsole.Tests.Api;

public sealed class AccountEndpointTests
{
    private const string Site = """
        { "version": 1, "site": { "id": "s1", "name": "工地", "timeZone": "Europe/Berlin" }, "devices": [
          { "id": "c1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2025-01-01" },
          { "id": "d1", "name": "d", "kind": "dust", "profile": "dust-json", "link": "mqtt", "inService": "2025-01-01" },
          { "id": "n1", "name": "n", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true } ] }
        """;

    // The day on which Berlin has 23 hours.
    private static readonly long DayMs = new DateTimeOffset(2025, 3, 29, 23, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private const long DayLengthMs = 23 * 3_600_000;

    [Fact]
    public async Task Intervals_come_in_pages_with_their_rows_and_the_open_one_last()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var client = await console.SignedInAsync("lin", Role.Viewer);
        await KeepAsync(console, "c1", (PresenceState.Online, "", 0, 1_000), (PresenceState.Offline, "silent", 1_000, 5_000), (PresenceState.Online, "", 5_000, 9_000));
        await KeepAsync(console, "d1", (PresenceState.Online, "", 0, 1_000));

        var first = await client.GetAsync("/api/v1/presence?device=c1&from=2025-03-30&to=2025-03-31&limit=2");
        var second = await client.GetAsync($"/api/v1/presence?device=c1&from=2025-03-30&to=2025-03-31&limit=2&cursor={(string)first["next"]!}");
        var now = await client.GetAsync("/api/v1/presence?device=c1");

        Assert.Equal(["online  1000", "offline silent 4000"], first["items"].AsArray().Select(Line));
        Assert.Equal(["online  4000"], second["items"].AsArray().Select(Line));
        Assert.True((long)first["items"][1]!["seq"]! > (long)first["items"][0]!["seq"]!);
        Assert.Equal("in-service", (string)first["items"][0]!["lifecycle"]![0]!);
        Assert.Null(second.Json["next"]);
        var open = now["items"].AsArray()[^1]!;
        Assert.Null(open["to"]);
        Assert.Null(open["seq"]);
        Assert.Equal(64, ((string)now["head"]["hash"]!).Length);

        string all = "/api/v1/presence?from=2025-03-30&to=2025-03-31&limit=1";
        var seen = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = await client.GetAsync(all + (next.Length == 0 ? "" : $"&cursor={next}"));
            seen.AddRange(page["items"].AsArray().Select(i => $"{i!["device"]} {Line(i)}"));
            next = (string?)page.Json["next"];
        }
        Assert.Equal(["c1 online  1000", "d1 online  1000", "c1 offline silent 4000", "c1 online  4000"], seen);
    }

    [Fact]
    public async Task Figures_have_their_formula_and_terms_and_are_never_rounded_up()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var client = await console.SignedInAsync("lin", Role.Viewer);
        // All but 400 ms of 82 800 000: 99.99951 %.
        await KeepAsync(console, "c1", (PresenceState.Online, "", 0, DayLengthMs - 400), (PresenceState.Offline, "silent", DayLengthMs - 400, DayLengthMs));

        var answer = await client.GetAsync("/api/v1/compliance?by=site&window=2025-03-30");

        var figure = answer["items"][0]!["figures"]!.AsArray().Single(f => (string)f!["id"]! == "online.time")!;
        Assert.Equal(("99.999", false, "online / (online + offline + u·unknown)"), ((string)figure["rate"]!, (bool)figure["met"]!, (string)figure["formula"]!));
        Assert.Equal([DayLengthMs - 400, 400, 0, 0, 0, DayLengthMs], figure["terms"]!.AsArray().Select(t => (long)t!["number"]!));
        Assert.Equal(("2025-03-30", true), ((string)answer["window"]["name"]!, (bool)answer["window"]["over"]!));
        Assert.Equal(("as-not-online", 64), ((string)answer["basis"]["policy"]!["unknownCounts"]!, ((string)answer["basis"]["headHash"]!).Length));

        // What was never in service is n/a, not 100 %.
        var devices = (await client.GetAsync("/api/v1/compliance?by=device&window=2025-03-30"))["items"].AsArray();
        Assert.Equal(["c1 99.999", "d1 ", "n1 "], devices.Select(d => $"{d!["key"]} {d["figures"]!.AsArray().Single(f => (string)f!["id"]! == "online.time")!["rate"]}"));
        var now = (await client.GetAsync("/api/v1/compliance?window=now"))["items"][0]!["figures"]!.AsArray();
        Assert.Equal(["insurance.days", "online.count"], now.Select(f => (string)f!["id"]!));
        Assert.Equal(["crane", "dust"], (await client.GetAsync("/api/v1/compliance?by=class&window=2025-03"))["items"].AsArray().Select(s => (string)s!["key"]!));
    }

    [Fact]
    public async Task Device_days_add_up_to_days_of_23_hours()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var client = await console.SignedInAsync("lin", Role.Viewer);
        await KeepAsync(console, "c1", (PresenceState.Online, "", 0, DayLengthMs), (PresenceState.Unknown, "gateway", DayLengthMs, DayLengthMs + 3_600_000));

        var answer = await client.GetAsync("/api/v1/presence/days?device=c1&from=2025-03-30&to=2025-04-01");

        var days = answer["devices"][0]!["days"]!.AsArray();
        Assert.Equal(["2025-03-30", "2025-03-31"], days.Select(d => (string)d!["date"]!));
        Assert.Equal((DayLengthMs, "100.000"), ((long)days[0]!["onlineMs"]!, (string)days[0]!["rate"]!));
        // Nobody says anything of the rest of that day: unknown, never online.
        Assert.Equal((0, 86_400_000, "0.000"), ((long)days[1]!["onlineMs"]!, (long)days[1]!["unknownMs"]!, (string)days[1]!["rate"]!));
        Assert.Equal(["online", "unknown gateway", "unknown no-record"], answer["devices"][0]!["pieces"]!.AsArray().Select(p => $"{p!["state"]} {p["cause"]}".Trim()));
        Assert.Equal(3, (await client.GetAsync("/api/v1/presence/days?from=2025-03-30&to=2025-03-31"))["devices"].AsArray().Count);
    }

    [Fact]
    public async Task A_report_of_a_row_is_the_same_bytes_whenever_it_is_asked_for()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var client = await console.SignedInAsync("lin", Role.Viewer);
        await KeepAsync(console, "c1", (PresenceState.Online, "", 0, 5_000));

        var first = await client.GetAsync("/api/v1/reports/2025-03-30");
        long head = (long)first["report"]["evidence"]!["headSeq"]!;
        Assert.Equal(first.Text, (await client.GetAsync("/api/v1/reports/2025-03-30")).Text);
        var excused = new LifecycleEntry(0, "c1", LifecycleKind.Suspended, DayMs, DayMs + DayLengthMs, SuspensionReason.Repair, "李某", "王某", "7", null, null, null, 0);
        await console.Engine.WriteAsync((state, nowMs) => state.Journal(LifecycleJson.RowKind, nowMs, LifecycleJson.Write(excused)));
        var second = await client.GetAsync("/api/v1/reports/2025-03-30");

        Assert.NotEqual(first.Text, second.Text);
        Assert.Equal(first.Text, (await client.GetAsync($"/api/v1/reports/day:2025-03-30?asOf={head}")).Text);
        Assert.Equal(second.Text, (await client.GetAsync("/api/v1/reports/2025-03-30?format=json")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/reports/2025-03-30?asOf=99999999")).Status);
        foreach (var (query, type, begins) in new[] { ("format=html&lang=en", "text/html", "<!doctype html>"), ("format=csv&lang=en", "text/csv", "\uFEFFdate,device"), ("format=pieces", "text/csv", "\uFEFF设备,状态") })
        {
            var form = await client.GetAsync($"/api/v1/reports/2025-03-30?{query}");
            Assert.Equal((HttpStatusCode.OK, type), (form.Status, form.ContentType));
            Assert.StartsWith(begins, form.Text.Length > 0 && form.Text[0] != '\uFEFF' && begins[0] == '\uFEFF' ? '\uFEFF' + form.Text : form.Text, StringComparison.Ordinal);
        }
        var list = await client.GetAsync("/api/v1/reports?kind=month");
        Assert.NotEmpty(list["items"].AsArray());
        Assert.False((bool)list["items"][0]!["over"]!);
    }

    [Theory]
    [InlineData("/api/v1/presence?from=yesterday&to=1&limit=0&cursor=x", "cursor: expected the \"next\" of an earlier page, saw \"x\"", "from: expected a time as", "to: expected a time as", "limit: expected a number from 1 to 1000, saw \"0\"")]
    [InlineData("/api/v1/presence?from=2025-03-31&to=2025-03-30", "from: expected a time before to")]
    [InlineData("/api/v1/presence/days?from=2020-01-01&to=2025-03-30", "from: expected at most 366 days before to")]
    [InlineData("/api/v1/compliance?by=moon&window=soon", "by: expected one of site, class, enterprise, device, saw \"moon\"", "window: expected now, today")]
    [InlineData("/api/v1/compliance?window=today&from=2025-03-30", "window: expected either window, or from and to")]
    [InlineData("/api/v1/reports?kind=year&limit=x&before=2", "kind: expected one of day, month, bi-month", "limit: expected", "before: expected")]
    [InlineData("/api/v1/reports/2025-3?format=pdf&lang=fr&asOf=-1", "window: expected", "format: expected one of json, html, csv, pieces, saw \"pdf\"", "lang: expected one of zh, en", "asOf: expected a number from 1, saw \"-1\"")]
    public async Task What_is_asked_wrongly_is_told_all_at_once(string path, params string[] problems)
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var client = await console.SignedInAsync("lin", Role.Viewer);
        var answer = await client.GetAsync(path);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.ContentType));
        foreach (string problem in problems) Assert.Contains(problem, answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var crew = await console.SignedInAsync("lin", Role.Crew);
        await KeepAsync(console, "c1", (PresenceState.Online, "", 0, 5_000));
        long seq = (long)(await crew.GetAsync("/api/v1/presence?device=c1&from=2025-03-30&to=2025-03-31"))["items"][0]!["seq"]!;

        Assert.Equal("there is no device \"zz\" in the ledger, and nothing of it in that time", (await crew.GetAsync("/api/v1/presence?device=zz")).Detail);
        Assert.Equal(HttpStatusCode.NotFound, (await crew.GetAsync("/api/v1/presence/days?device=zz")).Status);
        Assert.Equal("row 1 of the chain is no interval of presence", (await crew.GetAsync("/api/v1/presence/1/frames")).Detail);
        Assert.StartsWith("no frames of c1 are kept", (await crew.GetAsync($"/api/v1/presence/{seq}/frames")).Detail, StringComparison.Ordinal);
    }

    /// <summary>As the engine does it when an interval closes: the row of the chain, then the table.</summary>
    private static Task KeepAsync(WholeConsole console, string device, params (PresenceState State, string Cause, long FromMs, long ToMs)[] intervals) => console.Engine.WriteAsync((state, nowMs) =>
    {
        foreach (var (of, cause, from, to) in intervals)
        {
            var interval = new PresenceInterval(0, of, cause, DayMs + from, DayMs + to);
            var row = new Engine.Views.IntervalRow(device, of, cause, DateTimeOffset.FromUnixTimeMilliseconds(interval.FromMs), DateTimeOffset.FromUnixTimeMilliseconds(interval.ToMs));
            state.KeepInterval(device, interval, state.Journal("interval", nowMs, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(row, Engine.Views.ViewJson.Default.IntervalRow)));
        }
    });

    private static string Line(JsonNode? interval) => $"{interval!["state"]} {interval["cause"]} {interval["ms"]}";
}

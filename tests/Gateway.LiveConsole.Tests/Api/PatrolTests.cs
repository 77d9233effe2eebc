using System.Net;
using Gateway.Access;
using Gateway.Domain.Patrol;
using Gateway.Patrol;
using Gateway.Store;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.LiveConsole.Tests.Api;

public sealed class PatrolTests
{
    private const string Site = """
        { "version": 1, "site": { "id": "s1", "name": "工地" }, "devices": [
          { "id": "c1", "name": "c", "kind": "crane", "profile": "crane-json", "link": "mqtt", "safety": true, "inService": "2025-01-01" },
          { "id": "k1", "name": "k", "kind": "camera", "profile": "camera-json", "link": "mqtt", "inService": "2025-01-01", "place": "gate" } ] }
        """;

    private static readonly DateOnly Day = new(2026, 3, 5);

    [Fact]
    public async Task A_list_is_shown_with_its_seed_and_what_was_seen()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var crew = await console.SignedInAsync("lin", Role.Crew);
        await DrawAsync(console);

        var list = await crew.GetAsync("/api/v1/patrol?day=2026-03-05");
        Assert.Equal(["k1 drawn gate", "c1 drawn "], list["items"].AsArray().Select(i => $"{i!["device"]} {i["why"]} {i["place"]}"));
        Assert.Equal(("lin", (long)list["seq"] - 1), ((string)list["inspector"]!, (long)list["seed"]["headSeq"]!));

        var seen = await crew.PostAsync("/api/v1/patrol/2026-03-05/k1", """{ "result": "fault", "note": "镜头被遮挡" }""");
        Assert.Equal(("fault", "镜头被遮挡", "lin"), ((string)seen["items"][0]!["seen"]!["result"]!, (string)seen["items"][0]!["seen"]!["note"]!, (string)seen["items"][0]!["seen"]!["who"]!));
        var alarm = (await crew.GetAsync("/api/v1/alarms?state=open"))["items"].AsArray().Single(a => (string)a!["rule"]! == "patrol-fault")!;
        Assert.Equal(("k1", "镜头被遮挡"), ((string)alarm["subject"]!["id"]!, (string)alarm["cause"]!));

        await crew.PostAsync("/api/v1/patrol/2026-03-05/k1", """{ "result": "ok" }""");
        Assert.Equal("ok", (string)(await crew.GetAsync("/api/v1/patrol?day=2026-03-05"))["items"][0]!["seen"]!["result"]!);
        Assert.Equal("returnedUnacked", (string)(await crew.GetAsync("/api/v1/alarms?state=all"))["items"].AsArray().Single(a => (string)a!["rule"]! == "patrol-fault")!["state"]!, ignoreCase: true);
    }

    [Fact]
    public async Task What_is_wrong_with_a_result_is_named()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var crew = await console.SignedInAsync("lin", Role.Crew);
        await DrawAsync(console);

        Assert.Equal((HttpStatusCode.BadRequest, "result: expected ok or fault, saw \"fine\""), await PostAsync("2026-03-05/k1", """{ "result": "fine" }"""));
        Assert.Equal((HttpStatusCode.BadRequest, "note: expected what is wrong: a fault needs it, saw \"\""), await PostAsync("2026-03-05/k1", """{ "result": "fault", "note": "  " }"""));
        Assert.Equal((HttpStatusCode.NotFound, "\"zz\" is not on the list of 2026-03-05"), await PostAsync("2026-03-05/zz", """{ "result": "ok" }"""));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("2026-03-06/k1", """{ "result": "ok" }""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await crew.GetAsync("/api/v1/patrol?day=5.3.2026")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await crew.GetAsync("/api/v1/patrol?day=2026-03-06")).Status);

        async Task<(HttpStatusCode Status, string Detail)> PostAsync(string path, string body)
        {
            var answer = await crew.PostAsync($"/api/v1/patrol/{path}", body);
            return (answer.Status, answer.Detail);
        }
    }

    [Fact]
    public async Task A_day_is_drawn_once_and_everybody_can_draw_it_again()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        await DrawAsync(console);
        var reader = console.Services.GetRequiredService<StateReader>();
        var row = reader.Patrol(Day)!;
        await DrawAsync(console);

        Assert.Equal(row.Seq, reader.Patrol(Day)!.Seq);
        Assert.Equal([], PatrolCheck.Of(row, reader.HashOf(row.HeadSeq)));
        Assert.Equal(["row 1 is missing"], PatrolCheck.Of(row with { Seq = 2 }, "").Select(f => f.En));
        var chosen = row with { List = row.List with { Drawn = ["k1"], Inspector = "wang" } };
        Assert.Equal(["the seed draws k1, c1; the list has k1", "the seed draws lin to look; the list has wang"], PatrolCheck.Of(chosen, reader.HashOf(row.HeadSeq)).Select(f => f.En));
        Assert.Single(PatrolCheck.Of(row, new string('0', 64)));
    }

    private static Task DrawAsync(WholeConsole console) => console.Engine.WriteAsync((state, nowMs) => state.DrawPatrol(Day, nowMs, head =>
        PatrolDraw.Of(head, Day, [new PatrolCandidate("k1", true, null, Day), new PatrolCandidate("c1", false, null, Day)], ["lin"], new PatrolPolicy())));
}

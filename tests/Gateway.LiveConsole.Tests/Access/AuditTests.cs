using System.Net;
using Gateway.Access;
using Gateway.Engine.Views;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class AuditTests
{
    [Fact]
    public async Task Pages_follow_each_other_without_a_row_lost_or_doubled()
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        await console.Engine.WriteAsync((state, nowMs) =>
        {
            for (int i = 0; i < 7; i++) state.Audit(nowMs, new AuditRow("lin", "alarm.ack", $"a-{i}", null));
        });
        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = await lin.GetAsync($"/api/v1/audit?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page["items"].AsArray().Select(r => (long)r!["seq"]!));
            cursor = (string?)page.Json["next"];
        }
        while (cursor is not null);
        Assert.Equal(9, seen.Count);
        Assert.Equal(seen.OrderDescending().Distinct(), seen);
    }

    [Fact]
    public async Task A_row_says_when_who_what_and_to_what()
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        string row = (await lin.GetAsync("/api/v1/audit?limit=1"))["items"][0]!.ToJsonString();
        Assert.Matches("""^\{"seq":\d+,"at":"2026-03-01T08:00:00.000Z","who":"lin","what":"session.start","target":null,"detail":"from 127.0.0.1"\}$""", row);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=x")]
    [InlineData("cursor=-1")]
    [InlineData("cursor=x")]
    public async Task A_page_that_cannot_be_is_refused(string query)
    {
        await using var console = await RunningConsole.StartAsync();
        using var lin = await console.SignedInAsync("lin", Role.Administrator);
        var answer = await lin.GetAsync($"/api/v1/audit?{query}");
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.Status, answer.ContentType));
    }
}

using System.Globalization;
using System.Net;
using Gateway.Access;
using Gateway.Domain.Readings;
using Xunit;

namespace Gateway.LiveConsole.Tests.Api;

/// <summary><c>GET /api/v1/devices/{id}/history</c> as API.md has it.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const string Site = """
        { "version": 1, "site": { "id": "site", "name": { "zh": "工地", "en": "Site" } }, "devices": [
            { "id": "crane-1", "name": { "zh": "塔机", "en": "Crane" }, "kind": "crane", "profile": "crane-json", "link": "mqtt", "expectedIntervalSeconds": 1, "offlineAfterSeconds": 3 } ] }
        """;

    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Readings_come_as_columns_with_a_gap_where_the_device_was_silent()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var viewer = await console.SignedInAsync("eve", Role.Viewer);
        await console.SayAsync("crane-1", [Said(Now - 20_000, 1.25), Said(Now - 19_000, 2.5), Said(Now - 10_000, 3)]);

        var answer = await viewer.GetAsync("/api/v1/devices/crane-1/history?fields=wind_mps,load_t");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.Status, answer.ContentType));
        Assert.Equal(("crane-1", "raw"), ((string?)answer["device"], (string?)answer["resolution"]));
        Assert.Null(answer.Json["stepMs"]);
        Assert.Equal([Now - 20_000, Now - 19_000, Now - 18_999, Now - 10_000], answer["times"].AsArray().Select(t => (long)t!));
        Assert.Equal("""{"field":"load_t","unit":"t","value":[1.25,2.5,null,3]}""", answer["fields"][1]!.ToJsonString());
        Assert.Equal([null, null, null, null], answer["fields"][0]!["value"]!.AsArray().Select(v => (double?)v));
        Assert.Empty(answer["unreadable"].AsArray());
    }

    [Fact]
    public async Task Figures_of_intervals_come_with_min_mean_max_last_and_count()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var viewer = await console.SignedInAsync("eve", Role.Viewer);
        // In one minute, and all young enough to be believed: device time counts for a minute only.
        long now = Now, minute = now / 60_000 * 60_000, at = Math.Max(minute, now - 5_000);
        await console.SayAsync("crane-1", [Said(at, 1), Said(at + 1, 5), Said(at + 2, 2)]);

        var answer = await viewer.GetAsync($"/api/v1/devices/crane-1/history?fields=load_t&resolution=1m&points=10&from={Iso(minute)}&to={Iso(minute + 60_000)}");

        Assert.Equal(("1m", 60_000), ((string?)answer["resolution"], (int)answer["stepMs"]));
        Assert.Equal($$"""[{{minute}}]""", answer["times"].ToJsonString());
        Assert.Equal("""[{"field":"load_t","unit":"t","min":[1],"mean":[2.66666667],"max":[5],"last":[2],"count":[3]}]""", answer["fields"].ToJsonString());
    }

    [Theory]
    [InlineData("crane-2/history", 404, "crane-2")]
    [InlineData("crane-1/history?fields=operator", 400, "load_t")]
    [InlineData("crane-1/history?fields=nothing", 400, "nothing")]
    [InlineData("crane-1/history?from=yesterday", 400, "yesterday")]
    [InlineData("crane-1/history?to=25:00", 400, "25:00")]
    [InlineData("crane-1/history?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", 400, "before to")]
    [InlineData("crane-1/history?points=9", 400, "10 to 10000")]
    [InlineData("crane-1/history?points=many", 400, "many")]
    [InlineData("crane-1/history?resolution=5m", 400, "5m")]
    public async Task What_cannot_be_answered_is_refused_with_its_reason(string path, int status, string reason)
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var viewer = await console.SignedInAsync("eve", Role.Viewer);
        var answer = await viewer.GetAsync("/api/v1/devices/" + path);
        Assert.Equal((status, "application/problem+json"), ((int)answer.Status, answer.ContentType));
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_of_a_thousand_years_is_answered_and_empty()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site);
        using var viewer = await console.SignedInAsync("eve", Role.Viewer);
        foreach (string resolution in (string[])["auto", "raw", "1m", "15m"])
        {
            var answer = await viewer.GetAsync($"/api/v1/devices/crane-1/history?from=1000-01-01&to=3000-01-01&resolution={resolution}");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Empty(answer["times"].AsArray());
        }
    }

    [Fact]
    public async Task Without_a_history_there_is_none_to_ask()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site, history: """{ "Enabled": false }""");
        using var viewer = await console.SignedInAsync("eve", Role.Viewer);
        var answer = await viewer.GetAsync("/api/v1/devices/crane-1/history");
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Contains("History:Enabled", answer.Detail, StringComparison.Ordinal);
    }

    /// <summary>The whole way, with the disk and the JSON; the figure stands in FORMAT.md.</summary>
    [Fact]
    [Trait("Tier", "long")]
    public async Task Ninety_days_of_five_fields_are_answered_while_nobody_waits()
    {
        await using var console = await WholeConsole.StartAsync(ledger: Site, history: """{ "FlushSeconds": 1 }""");
        using var viewer = await console.SignedInAsync("eve", Role.Viewer);
        long from = Now / 900_000 * 900_000 - 90 * 86_400_000L + 900_000;
        var random = new Random(1);
        double Any(int reach, int decimals) => Math.Round(random.NextDouble() * reach, decimals);
        string Full(long atMs) => string.Create(CultureInfo.InvariantCulture,
            $$"""{"ts":{{atMs}},"load_t":{{Any(9, 2)}},"moment_pct":{{Any(100, 1)}},"radius_m":{{Any(50, 2)}},"height_m":{{Any(50, 2)}},"wind_mps":{{Any(20, 1)}}}""");
        // Three readings an interval, so that no mean is a measurement.
        await console.SayAsync("crane-1", Enumerable.Range(0, 3 * 8600).Select(i => Full(from + i * 300_000L)), ReadingFlags.Backfill);
        while (!(await viewer.GetAsync("/metrics")).Text.Contains($"gateway_history_frontier {3 * 8600}\n", StringComparison.Ordinal)) await Task.Yield();

        string path = $"/api/v1/devices/crane-1/history?fields=load_t,moment_pct,radius_m,height_m,wind_mps&resolution=15m&points=10000&from={Iso(from)}";
        for (int i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync(path)).Status);
        // CPU time, of both ends: what else the machine does is not the answer's time.
        const int times = 20;
        var before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < times; i++) await viewer.GetAsync(path);
        double ms = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times;
        var answer = await viewer.GetAsync(path);
        output.WriteLine($"{answer["times"].AsArray().Count} rows of 5 fields in {ms:F1} ms of CPU, {answer.Text.Length / 1024} KiB of JSON");
        Assert.Equal(8600, answer["times"].AsArray().Count);
        Assert.InRange(ms, 0, 500);
    }

    private static string Said(long atMs, double load) => string.Create(CultureInfo.InvariantCulture, $$"""{"ts":{{atMs}},"load_t":{{load}}}""");

    private static string Iso(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>The console's history on the real process: what was published is there at once, after a stop and after kill -9.</summary>
public sealed class HistoryTests
{
    private const int Each = 20;

    [Fact]
    public async Task What_was_acknowledged_is_in_the_history_once_also_after_a_stop_and_after_a_kill()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        var said = new List<(long AtMs, double Moment)>();
        await gateway.StartAsync();
        await SayAsync(gateway, said);
        await AssertSaysAsync(gateway, said);

        Assert.Equal(0, await gateway.StopAsync());
        await gateway.StartAsync();
        await AssertSaysAsync(gateway, said);

        await SayAsync(gateway, said);
        await gateway.KillAsync();
        await gateway.StartAsync();
        await SayAsync(gateway, said);
        // What the killed one had not written is read again beside the path.
        await Eventually.GetAsync("all readings are in the history", TimeSpan.FromSeconds(10), async () => (await HistoryAsync(gateway, said, "raw")).GetProperty("times").GetArrayLength(), seen => seen >= said.Count);
        await AssertSaysAsync(gateway, said);
    }

    [Fact]
    public async Task A_damaged_history_is_begun_anew_told_of_and_stops_nothing()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        var said = new List<(long AtMs, double Moment)>();
        await gateway.StartAsync();
        await SayAsync(gateway, said);
        await gateway.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(gateway["data"], "history.db"), "a file that somebody edited by hand, which is what people do with files");

        await gateway.StartAsync();

        await SayAsync(gateway, said);
        var alarm = await Eventually.GetAsync("the alarm of the damaged history", TimeSpan.FromSeconds(10), () => gateway.Console.AlarmsAsync("history-damaged"), seen => seen.Count > 0);
        Assert.Contains("damaged/history.db-", alarm[0].GetProperty("cause").GetString(), StringComparison.Ordinal);
        await Eventually.GetAsync("all readings are in the history", TimeSpan.FromSeconds(10), async () => (await HistoryAsync(gateway, said, "raw")).GetProperty("times").GetArrayLength(), seen => seen >= said.Count);
        await AssertSaysAsync(gateway, said);
    }

    private static async Task SayAsync(GatewayUnderTest gateway, List<(long AtMs, double Moment)> said)
    {
        await using var crane = new MqttDevice("crane-1", gateway.MqttPort);
        await crane.ConnectAsync();
        for (int i = 0; i < Each; i++)
        {
            // Each reading a time of its own, all of them believed: a device's clock may be a minute off.
            long atMs = said.Count == 0 ? Words.NowMs - 20_000 : said[^1].AtMs + 37;
            said.Add((atMs, 30 + said.Count % 17 * 0.5));
            await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(atMs, said.Count, said[^1].Moment));
        }
    }

    private static async Task AssertSaysAsync(GatewayUnderTest gateway, List<(long AtMs, double Moment)> said)
    {
        var raw = await HistoryAsync(gateway, said, "raw");
        Assert.Equal(said.Select(s => s.AtMs), raw.GetProperty("times").EnumerateArray().Select(t => t.GetInt64()));
        Assert.Equal(said.Select(s => s.Moment), raw.GetProperty("fields")[0].GetProperty("value").EnumerateArray().Select(v => v.GetDouble()));
        foreach (var (resolution, stepMs) in ((string, long)[])[("1m", 60_000), ("15m", 900_000)])
        {
            var figures = await HistoryAsync(gateway, said, resolution);
            var expected = said.GroupBy(s => s.AtMs / stepMs * stepMs).Select(g => string.Create(CultureInfo.InvariantCulture,
                $"{g.Key}: {g.Min(s => s.Moment)} {g.Average(s => s.Moment):G9} {g.Max(s => s.Moment)} {g.Last().Moment} {g.Count()}"));
            Assert.Equal(expected, Rows(figures));
        }
    }

    private static IEnumerable<string> Rows(JsonElement figures)
    {
        var field = figures.GetProperty("fields")[0];
        for (int row = 0; row < figures.GetProperty("times").GetArrayLength(); row++)
            yield return $"{figures.GetProperty("times")[row]}: {string.Join(' ', ((string[])["min", "mean", "max", "last", "count"]).Select(s => field.GetProperty(s)[row].GetRawText()))}";
    }

    private static Task<JsonElement> HistoryAsync(GatewayUnderTest gateway, List<(long AtMs, double Moment)> said, string resolution)
    {
        static string Iso(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return gateway.Console.GetAsync($"/api/v1/devices/crane-1/history?fields=moment_pct&resolution={resolution}&from={Iso(said[0].AtMs)}&to={Iso(said[^1].AtMs + 1)}");
    }
}

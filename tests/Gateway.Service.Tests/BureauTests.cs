using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The gateway as a data logger of a bureau: what it reports, what it keeps until it is acknowledged, what it answers.</summary>
public sealed class BureauTests
{
    private const string Mn = "NB0203000000000000000001";
    private const string BureauMn = "NB0203000000000000000009";

    [Fact]
    public async Task A_minute_is_reported_until_it_is_acknowledged_also_by_the_next_life_and_then_settled()
    {
        await using var platform = new BureauPlatform { Acknowledges = false };
        await using var gateway = Gateway(platform.Port);
        await gateway.StartAsync();
        using (var logger = await DataLogger.ConnectAsync(gateway.Hj212Port))
        {
            await logger.SendAsync(Hj212Frames.Minute(Mn, HalfAnHourAgo(), dust: 186));
            Assert.Contains("CN=9014", await logger.ReadAsync(99, Eventually.Seconds(5)), StringComparison.Ordinal);
        }
        string first = await platform.NextAsync(2051, 5);
        Assert.Contains($";ST=39;CN=2051;PW=123456;MN={BureauMn};Flag=5;CP=&&DataTime={Hj212Frames.Stamp(HalfAnHourAgo())};a34001-Avg=186,a34001-Flag=N;a34004-Avg=93,a34004-Flag=N&&", first, StringComparison.Ordinal);
        Assert.Equal((0, 1), await SettledAsync(gateway));

        await gateway.KillAsync();
        platform.Acknowledges = true;
        await gateway.StartAsync();
        string again = await platform.NextAsync(2051, 5);

        Assert.Equal(first[first.IndexOf("CP=", StringComparison.Ordinal)..], again[again.IndexOf("CP=", StringComparison.Ordinal)..]);
        await Eventually.GetAsync("the minute is settled", Eventually.Seconds(5), () => SettledAsync(gateway), s => s == (1, 0), s => $"{s}");

        await platform.SayAsync($"QN=20260305100000000;ST=39;CN=2051;PW=123456;MN={BureauMn};Flag=5;CP=&&BeginTime={Hj212Frames.Stamp(HalfAnHourAgo())};EndTime={Hj212Frames.Stamp(HalfAnHourAgo())}&&");
        Assert.Contains("QnRtn=1", await platform.NextAsync(9011, 5), StringComparison.Ordinal);
        Assert.Contains("a34001-Avg=186", await platform.NextAsync(2051, 5), StringComparison.Ordinal);
        Assert.Contains("ExeRtn=1", await platform.NextAsync(9012, 5), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_bureau_is_said_all_at_once()
    {
        await using var gateway = Gateway(8888);
        var bureau = gateway.Configuration["Bureau"]![0]!;
        (bureau["MinuteInterval"], bureau["Version"], bureau["Password"]) = (7, 2013, "too long");
        bureau["Devices"]!.AsArray().Add(new JsonObject { ["Device"] = "nobody", ["Mn"] = "not-a-number" });

        var (code, _, errors) = await gateway.RunToEndAsync("check");

        Assert.NotEqual(0, code);
        foreach (string place in new[] { "Bureau[0].MinuteInterval", "Bureau[0].Version", "Bureau[0].Password", "Bureau[0].Devices[1].Mn" }) Assert.Contains(place, errors, StringComparison.Ordinal);
    }

    private static GatewayUnderTest Gateway(int port)
    {
        var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Dust212("dust-1", Mn)));
        gateway.Configuration["Bureau"] = new JsonArray(new JsonObject
        {
            ["Name"] = "city", ["Host"] = "127.0.0.1", ["Port"] = port, ["Mn"] = BureauMn, ["Password"] = "123456", ["Devices"] = new JsonArray(new JsonObject { ["Device"] = "dust-1" }),
        });
        return gateway;
    }

    private static readonly long s_halfAnHourAgo = (Words.NowMs - 1_800_000) / 600_000 * 600_000;

    private static long HalfAnHourAgo() => s_halfAnHourAgo;

    /// <summary>How far the bureau's cursor has settled, and how many lines it lacks.</summary>
    private static async Task<(long Settled, long Lag)> SettledAsync(GatewayUnderTest gateway)
    {
        var (_, output, _) = await gateway.RunToEndAsync("store", "--json");
        using var json = JsonDocument.Parse(output);
        var target = json.RootElement.GetProperty("targets").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "bureau:city");
        return (target.GetProperty("settled").GetInt64(), target.GetProperty("lagLines").GetInt64());
    }
}

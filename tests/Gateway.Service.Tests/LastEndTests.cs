using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The real program killed, stopped and, as the supervisor says, hung; and what devices tell afterwards.</summary>
public sealed class LastEndTests
{
    [Fact]
    public async Task A_kill_is_a_crash_a_term_a_shutdown_and_what_the_supervisor_says_of_the_watchdog_is_believed()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync();
        Assert.Equal("first", await LastEndAsync(gateway));
        await gateway.KillAsync();
        await gateway.StartAsync();
        Assert.Equal("crash", await LastEndAsync(gateway));
        Assert.Equal(0, await gateway.StopAsync());
        await gateway.StartAsync();
        Assert.Equal("shutdown", await LastEndAsync(gateway));
        await gateway.KillAsync();
        await File.WriteAllTextAsync(gateway["data/last-exit"], "watchdog killed ABRT\n");
        await gateway.StartAsync();
        Assert.Equal("watchdog", await LastEndAsync(gateway));
    }

    [Fact]
    public async Task What_a_black_box_kept_while_nobody_listened_is_proof_that_it_measured_and_not_online_time()
    {
        int goyoPort = FreePort.Next(), tx101Port = FreePort.Next();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Box("goyo-1", "crane", "goyo-021303-crane", "goyo", "TC000001")));
        gateway.Configuration["Goyo"] = new System.Text.Json.Nodes.JsonObject { ["Enabled"] = true, ["Port"] = goyoPort };
        gateway.Configuration["Tx101"] = new System.Text.Json.Nodes.JsonObject { ["Enabled"] = true, ["Port"] = tx101Port };
        await gateway.StartAsync();
        await using var site = await FirmwareSim.StartWithBoxesAsync(gateway, gateway["bus-1"], goyoPort, tx101Port, rate: 5);
        await gateway.Console.WaitForPresenceAsync("goyo-1", "online", 10);
        await gateway.KillAsync();
        long killedMs = Words.NowMs;
        await Eventually.TrueAsync("five seconds without a gateway", Eventually.Seconds(10), () => Words.NowMs - killedMs > 5_000);
        await gateway.StartAsync();
        await gateway.Console.WaitForPresenceAsync("goyo-1", "online", 15);
        await Task.Delay(TimeSpan.FromSeconds(5));
        // Whatever was gathered is said with the last words.
        Assert.Equal(0, await gateway.StopAsync());

        var (code, report, errors) = await gateway.RunToEndAsync("report", DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), "--format", "pieces", "--lang", "en");
        Assert.True(code == 0, errors);
        var pieces = report.Split('\n').Select(l => l.Trim().Split(',')).Where(c => c.Length == 11 && c[0] == "goyo-1").ToList();
        Assert.Contains(pieces, c => c[1] == "unknown" && long.Parse(c[^1], System.Globalization.CultureInfo.InvariantCulture) > 1_000);
        Assert.All(pieces.Where(c => c[1] == "online"), c => Assert.Equal("0", c[^1]));
    }

    private static async Task<string> LastEndAsync(GatewayUnderTest gateway) => (await gateway.Console.GetAsync("/api/v1/site")).GetProperty("gateway").GetProperty("lastEnd").GetString()!;
}

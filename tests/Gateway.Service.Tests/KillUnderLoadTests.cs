using System.Diagnostics;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>What was acknowledged is never lost, whenever the process dies.</summary>
public sealed class KillUnderLoadTests(ITestOutputHelper output)
{
    private const int Devices = 24;
    private const int Seed = 20260101;

    [Fact]
    public async Task Killed_twice_under_load_it_loses_nothing_it_acknowledged_and_stores_nothing_under_two_keys()
    {
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(Fleet.LedgerOf(Devices)), SiteFiles.SinkTarget(sink.Port));
        await gateway.StartAsync();
        await using var fleet = new Fleet(Devices, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(20));
        await fleet.ConnectAsync();

        // 24 devices × 50 × 2 messages: 2 400 a second while the gateway lives.
        var random = new Random(Seed);
        var clock = Stopwatch.StartNew();
        var load = fleet.ReportAsync(TimeSpan.FromSeconds(7));
        foreach (double from in new[] { 1.0, 3.5 })
        {
            var moment = TimeSpan.FromSeconds(from + random.NextDouble());
            await Eventually.TrueAsync("the moment of the kill", TimeSpan.FromSeconds(10), () => clock.Elapsed >= moment);
            await gateway.KillAsync();
            await gateway.StartAsync();
        }
        await load;

        var acknowledged = fleet.Acknowledged.ToHashSet();
        output.WriteLine($"seed {Seed}: {acknowledged.Count} acknowledged, {fleet.Redelivered} sent again");
        Assert.True(acknowledged.Count > 4_000, $"only {acknowledged.Count} messages were acknowledged: no load");
        Assert.True(fleet.Redelivered > 0, "no message was on its way at a kill");

        var stored = await Eventually.GetAsync("every acknowledged message is in the sink", TimeSpan.FromSeconds(30),
            () => sink.Of("crane").ToLookup(l => (l.Tag("device")!, l.Seq)), seen => acknowledged.All(seen.Contains),
            seen => $"{acknowledged.Count(a => !seen.Contains(a))} of {acknowledged.Count} missing (seed {Seed}), as {string.Join(", ", acknowledged.Where(a => !seen.Contains(a)).Take(5))}");
        var twoKeys = stored.Where(g => g.Select(l => l.Key).Distinct().Count() > 1).ToList();
        Assert.True(twoKeys.Count == 0, $"{twoKeys.Count} messages under two keys (seed {Seed}), as:\n{string.Join('\n', twoKeys.Take(2).SelectMany(g => g.Select(l => l.Text)))}");
        var shared = stored.SelectMany(g => g).GroupBy(l => l.Key).Where(g => g.Select(l => l.Seq).Distinct().Count() > 1).ToList();
        Assert.True(shared.Count == 0, $"{shared.Count} keys hold two messages (seed {Seed}), as:\n{string.Join('\n', shared.Take(2).SelectMany(g => g.Select(l => l.Text)))}");
    }
}

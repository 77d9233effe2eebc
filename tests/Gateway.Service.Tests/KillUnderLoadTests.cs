using System.Diagnostics;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>What was acknowledged is never lost, whenever the process dies.</summary>
[Collection(Alone.Name)]
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
            await Eventually.TrueAsync("the moment of the kill", Eventually.Seconds(10), () => clock.Elapsed >= moment);
            long before = fleet.AcknowledgedCount;
            fleet.Hurry = true;
            await Eventually.TrueAsync("the windows are full of messages on their way", Eventually.Seconds(5), () => fleet.AcknowledgedCount > before + 1_000);
            await gateway.KillAsync();
            fleet.Hurry = false;
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

    /// <summary>What a device does whose acknowledgements were lost with the process or with the line: it sends its whole window again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_window_sent_again_overwrites_itself_also_when_messages_share_a_millisecond(bool killedBetween)
    {
        const int Window = 30;
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", expectedSeconds: 60)), SiteFiles.SinkTarget(sink.Port));
        await gateway.StartAsync();
        long ts = Words.NowMs;
        var messages = Enumerable.Range(1, Window).Select(seq => Words.CraneJson(ts + (seq - 1) / 3, seq)).ToList();

        // One by one, so that each is a commit of its own; the answer to the first arrived, the others' were lost.
        await SendAsync(gateway, messages, oneByOne: true);
        if (killedBetween) await gateway.KillAsync();
        if (killedBetween) await gateway.StartAsync();
        await SendAsync(gateway, messages.Skip(1), oneByOne: false);

        var lines = await Eventually.GetAsync("both deliveries are in the sink", Eventually.Seconds(15), () => sink.Of("crane").ToList(), seen => seen.Count >= 2 * Window - 1, seen => $"{seen.Count} lines");
        Assert.Equal(Window, lines.Select(l => l.Seq).Distinct().Count());
        var keys = lines.GroupBy(l => l.Seq).Where(g => g.Select(l => l.Key).Distinct().Count() > 1).SelectMany(g => g.Select(l => l.Text)).ToList();
        Assert.True(keys.Count == 0, $"under two keys:\n{string.Join('\n', keys.Take(6))}");
        Assert.Equal(Window, lines.Select(l => l.Key).Distinct().Count());
    }

    private static async Task SendAsync(GatewayUnderTest gateway, IEnumerable<string> messages, bool oneByOne)
    {
        await using var crane = new MqttDevice("crane-1", gateway.MqttPort, window: 64);
        await crane.ConnectAsync();
        foreach (string message in messages)
        {
            await crane.PublishAsync(Words.Telemetry("crane-1"), message);
            if (oneByOne) await crane.AllAcknowledgedAsync(Eventually.Seconds(10));
        }
        await crane.AllAcknowledgedAsync(Eventually.Seconds(10));
    }
}

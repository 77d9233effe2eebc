using System.Diagnostics;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>
/// Broker and gateway are killed in turn, under load. What the broker acknowledged to the devices must be in what the gateway forwards: none of it was lost on the
/// way, and nothing stands under two keys.
/// </summary>
/// <remarks>
/// What a broker loses by itself is not counted here because it cannot happen as these are set up. mosquitto acknowledges before it saves: a message lives only in its memory until
/// the end of the loop's round, so one that arrives while the gateway is away is gone if mosquitto is killed within that round (milliseconds as here, up to
/// half an hour with its default of autosave_interval 1800). It is killed here only while the gateway is connected, when a message is on the gateway's socket before its PUBACK.
/// </remarks>
public sealed class BrokerKillTests(ITestOutputHelper output)
{
    private const int Devices = 8;

    [Fact]
    public Task What_NATS_acknowledged_is_forwarded_though_it_and_the_gateway_are_killed() => RunAsync("nats", "3.1.1");

    // Not in every run: what mosquitto itself loses with its last round cannot be told from what we would lose.
    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5.0")]
    [Trait("Tier", "long")]
    public Task What_mosquitto_acknowledged_is_forwarded_though_it_and_the_gateway_are_killed(string version) => RunAsync("mosquitto", version);

    private async Task RunAsync(string kind, string version)
    {
        await using var sink = new LineSink();
        sink.Open();
        await using Broker broker = kind == "nats" ? new NatsBroker() : new MosquittoBroker();
        await broker.StartAsync();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Behind(Broker.Id, Fleet.LedgerOf(Devices))), SiteFiles.SinkTarget(sink.Port)).With(broker.Entry(version));
        await gateway.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await using var fleet = new Fleet(Devices, broker.Port, pace: TimeSpan.FromMilliseconds(40));
        await fleet.ConnectAsync();

        // 8 devices × 25 × 2 messages: 400 a second while the broker lives.
        var clock = Stopwatch.StartNew();
        var load = fleet.ReportAsync(TimeSpan.FromSeconds(14));
        await At(clock, 2);
        await broker.KillAsync();
        await broker.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await At(clock, 6);
        await gateway.KillAsync();
        await At(clock, 7);
        await gateway.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await At(clock, 10);
        await broker.KillAsync();
        await broker.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await load;

        var acknowledged = fleet.Acknowledged.ToHashSet();
        Assert.True(acknowledged.Count > 2_000, $"only {acknowledged.Count} messages were acknowledged: no load");
        var stored = await Eventually.GetAsync("every message the broker acknowledged is in the sink", TimeSpan.FromSeconds(60),
            () => sink.Of("crane").ToLookup(l => (l.Tag("device")!, l.Seq)), seen => acknowledged.All(seen.Contains),
            seen => $"{acknowledged.Count(a => !seen.Contains(a))} of {acknowledged.Count} missing, as {string.Join(", ", acknowledged.Where(a => !seen.Contains(a)).Take(5))}\n{gateway.Process.Said}");
        output.WriteLine($"{acknowledged.Count} acknowledged, {fleet.Redelivered} sent again by devices, {stored.Sum(g => g.Count())} lines forwarded");
        var twoKeys = stored.Where(g => g.Select(l => l.Key).Distinct().Count() > 1).ToList();
        Assert.True(twoKeys.Count == 0, $"{twoKeys.Count} messages under two keys, as:\n{string.Join('\n', twoKeys.Take(2).SelectMany(g => g.Select(l => l.Text)))}");
        var shared = stored.SelectMany(g => g).GroupBy(l => l.Key).Where(g => g.Select(l => l.Seq).Distinct().Count() > 1).ToList();
        Assert.True(shared.Count == 0, $"{shared.Count} keys hold two messages, as:\n{string.Join('\n', shared.Take(2).SelectMany(g => g.Select(l => l.Text)))}");
    }

    private static Task At(Stopwatch clock, double seconds) => Eventually.TrueAsync($"{seconds} s of load", Eventually.Seconds(30), () => clock.Elapsed.TotalSeconds >= seconds);
}

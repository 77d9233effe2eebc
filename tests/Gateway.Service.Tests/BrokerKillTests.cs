using System.Diagnostics;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>Broker and gateway are killed in turn, under load: nothing that the broker acknowledged to a device is lost on its way through the gateway, and nothing stands under two keys.</summary>
/// <remarks>
/// What a broker loses by itself: nats-server acknowledges what it has synced, and loses nothing. mosquitto acknowledges first, and only then hands over and saves: what it acknowledged in the round
/// of its loop in which it is killed (here some milliseconds, under load up to a hundred; with its default autosave_interval of 1800 s half an hour, as far as nobody was
/// connected to take it) is gone. So a tap stands between gateway and mosquitto: all it saw must be forwarded, and what is missing must be of the last moments before a kill and
/// must never have been handed over.
/// </remarks>
public sealed class BrokerKillTests(ITestOutputHelper output)
{
    private const int Devices = 8;

    /// <summary>A round of mosquitto's loop on a busy machine, ms.</summary>
    private const long RoundMs = 2_000;

    [Fact]
    public async Task What_NATS_acknowledged_is_forwarded_though_it_and_the_gateway_are_killed()
    {
        await using var broker = new NatsBroker();
        var run = await RunAsync(broker, broker.Port, "3.1.1", (seen, fleet, _) => fleet.Acknowledged.Where(a => !seen.Contains(a)));
        Assert.True(run > 2_000, $"only {run} messages were acknowledged: no load");
    }

    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5.0")]
    public async Task What_mosquitto_acknowledged_and_did_not_lose_by_itself_is_forwarded_though_it_and_the_gateway_are_killed(string version)
    {
        await using var broker = new MosquittoBroker();
        await using var tap = new Tap(broker.Port);
        int lostByBroker = 0;
        var run = await RunAsync(broker, tap.Port, version, (seen, fleet, kills) =>
        {
            var missing = fleet.AcknowledgedAt.Where(a => !seen.Contains(a.Message)).ToList();
            var excused = missing.Where(m => !tap.HandedOver(m.Message) && kills.Any(k => k >= m.AtMs && k - m.AtMs < RoundMs)).ToList();
            lostByBroker = excused.Count;
            return missing.Except(excused).Select(m => m.Message);
        });
        output.WriteLine($"{lostByBroker} lost by mosquitto itself");
        Assert.True(run > 2_000, $"only {run} messages were acknowledged: no load");
    }

    /// <param name="port">Where the gateway finds the broker.</param>
    /// <param name="lacking">Of what the sink has seen, the fleet's messages and the moments the broker was killed: the messages that are lacking.</param>
    /// <returns>Messages acknowledged.</returns>
    private async Task<int> RunAsync(Broker broker, int port, string version, Func<ILookup<(string, long), SinkLine>, Fleet, List<long>, IEnumerable<(string, long)>> lacking)
    {
        await using var sink = new LineSink();
        sink.Open();
        await broker.StartAsync();
        var entry = broker.Entry(version);
        entry["Port"] = port;
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Behind(Broker.Id, Fleet.LedgerOf(Devices))), SiteFiles.SinkTarget(sink.Port)).With(entry);
        await gateway.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await using var fleet = new Fleet(Devices, broker.Port, pace: TimeSpan.FromMilliseconds(40));
        await fleet.ConnectAsync();
        var kills = new List<long>();

        // 8 devices × 25 × 2 messages: 400 a second while the broker lives.
        var clock = Stopwatch.StartNew();
        var load = fleet.ReportAsync(TimeSpan.FromSeconds(14));
        await At(clock, 2);
        await KillBrokerAsync();
        await At(clock, 6);
        await gateway.KillAsync();
        await At(clock, 7);
        await gateway.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await At(clock, 10);
        await KillBrokerAsync();
        await load;

        var stored = await Eventually.GetAsync("every message that is owed is in the sink", TimeSpan.FromSeconds(60),
            () => sink.Of("crane").ToLookup(l => (l.Tag("device")!, l.Seq)), seen => !lacking(seen, fleet, kills).Any(),
            seen => $"{lacking(seen, fleet, kills).Count()} missing, as {string.Join(", ", lacking(seen, fleet, kills).Take(5))}\n{gateway.Process.Said}");
        output.WriteLine($"{fleet.AcknowledgedCount} acknowledged, {fleet.Redelivered} sent again by devices, {stored.Sum(g => g.Count())} lines forwarded");
        var twoKeys = stored.Where(g => g.Select(l => l.Key).Distinct().Count() > 1).ToList();
        Assert.True(twoKeys.Count == 0, $"{twoKeys.Count} messages under two keys, as:\n{string.Join('\n', twoKeys.Take(2).SelectMany(g => g.Select(l => l.Text)))}");
        var shared = stored.SelectMany(g => g).GroupBy(l => l.Key).Where(g => g.Select(l => l.Seq).Distinct().Count() > 1).ToList();
        Assert.True(shared.Count == 0, $"{shared.Count} keys hold two messages, as:\n{string.Join('\n', shared.Take(2).SelectMany(g => g.Select(l => l.Text)))}");
        return (int)fleet.AcknowledgedCount;

        async Task KillBrokerAsync()
        {
            await broker.KillAsync();
            kills.Add(Words.NowMs);
            await broker.StartAsync();
            await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        }
    }

    private static Task At(Stopwatch clock, double seconds) => Eventually.TrueAsync($"{seconds} s of load", Eventually.Seconds(30), () => clock.Elapsed.TotalSeconds >= seconds);
}

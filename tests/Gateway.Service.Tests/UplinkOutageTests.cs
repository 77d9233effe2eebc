using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>The store is away, and comes back.</summary>
public sealed class UplinkOutageTests(ITestOutputHelper output)
{
    private const int Devices = 8;

    [Fact]
    public async Task After_half_a_minute_without_the_store_nothing_is_missing_and_alarms_do_not_wait_behind_telemetry()
    {
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger([.. Fleet.LedgerOf(Devices), SiteFiles.Crane("crane-1", 60), SiteFiles.Crane("crane-2", 60)]),
            SiteFiles.SinkTarget(sink.Port, batchLines: 100));
        await gateway.StartAsync();
        await using var crane = new MqttDevice("gateway-of-cranes", gateway.MqttPort);
        await crane.ConnectAsync();
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1));
        await Eventually.TrueAsync("the first line is in the sink", Eventually.Seconds(10), () => sink.Of("crane").Any());

        await sink.ShutAsync();
        int before = sink.Count;
        await using var fleet = new Fleet(Devices, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(40));
        await fleet.ConnectAsync();
        await fleet.ReportAsync(TimeSpan.FromSeconds(5));
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 2, moment: 110));
        await fleet.ReportAsync(TimeSpan.FromSeconds(20));
        await crane.DeliverAsync(Words.Telemetry("crane-2"), Words.CraneJson(Words.NowMs, 1, moment: 110));
        await fleet.ReportAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(before, sink.Count);

        // 100 lines each 125 ms: the backlog takes longer to drain than the longest pause between two attempts.
        sink.Slowness = TimeSpan.FromMilliseconds(125);
        sink.Open();
        long openedAt = Words.NowMs;
        var expected = fleet.Acknowledged.ToHashSet();
        var arrived = await Eventually.GetAsync("every acknowledged message is in the sink", TimeSpan.FromSeconds(60), () => sink.Lines,
            lines => lines.Count > expected.Count && Telemetry(lines).Select(Message).ToHashSet().IsSupersetOf(expected), lines => $"{lines.Count} lines, {expected.Count} messages");

        foreach (var device in Telemetry(arrived).GroupBy(l => (l.Tag("device"), l.Lane)))
        {
            var inOrderOfArrival = device.Select(l => l.Seq).Distinct().ToList();
            Assert.True(inOrderOfArrival.SequenceEqual(inOrderOfArrival.Order()), $"{device.Key} came out of order");
        }
        Assert.Contains(arrived, l => l.Lane == "backlog");
        var list = arrived.ToList();
        double first = (list.First(l => l.Measurement == "crane" && l.ArrivedAtMs >= openedAt).ArrivedAtMs - openedAt) / 1000.0;
        int drained = list.FindLastIndex(l => l.Measurement == "crane");
        foreach (string subject in new[] { "crane-1", "crane-2" })
        {
            int alarm = list.FindIndex(l => l.Measurement == "alarm" && l.Tag("device") == subject && l.Tag("rule") == "crane-moment-alarm");
            Assert.True(alarm >= 0, $"the alarm of {subject} did not arrive");
            output.WriteLine($"alarm of {subject} {(list[alarm].ArrivedAtMs - openedAt) / 1000.0} s after the store was back, telemetry from {first} s on, backlog of {expected.Count} drained after {(list[drained].ArrivedAtMs - openedAt) / 1000.0} s");
            Assert.True(alarm < drained, $"the alarm of {subject} came behind the telemetry: line {alarm}, the backlog ended with line {drained}");
        }
    }

    [Fact]
    public async Task What_happens_now_does_not_wait_behind_what_an_outage_left()
    {
        await using var sink = new LineSink();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger([.. Fleet.LedgerOf(Devices), SiteFiles.Crane("crane-1", 60)]),
            SiteFiles.Target("sink", "influxdb-v1", sink.Port, ("Database", "site"), ("BatchLines", 200), ("BacklogLinesPerSecond", 500), ("LiveLagSeconds", 3)));
        await gateway.StartAsync();
        await using var fleet = new Fleet(Devices, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(5));
        await fleet.ConnectAsync();
        await fleet.ReportAsync(TimeSpan.FromSeconds(6));
        sink.Open();
        await Eventually.TrueAsync("the backlog has begun", TimeSpan.FromSeconds(30), () => sink.Lines.Any(l => l.Lane == "backlog"));
        await using var crane = new MqttDevice("gateway-of-cranes", gateway.MqttPort);
        await crane.ConnectAsync();
        long atMs = Words.NowMs;
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(atMs, 1));
        var now = await Eventually.GetAsync("the line of now is there", Eventually.Seconds(5), () => sink.Of("crane").FirstOrDefault(l => l.Tag("device") == "crane-1"), l => l is not null);
        int backlogThen = sink.Lines.Count(l => l.Lane == "backlog");
        var expected = fleet.Acknowledged.ToHashSet();
        await Eventually.GetAsync("every acknowledged message is in the sink", TimeSpan.FromSeconds(60), () => sink.Lines, lines => Telemetry(lines).Select(Message).ToHashSet().IsSupersetOf(expected), lines => $"{lines.Count} lines of {expected.Count}");

        output.WriteLine($"{expected.Count} messages waited; the line of now was there {now!.ArrivedAtMs - atMs} ms after it was measured, {backlogThen} lines of backlog were through, {sink.Lines.Count(l => l.Lane == "backlog")} in the end");
        Assert.Equal("live", now.Lane);
        Assert.InRange(now.ArrivedAtMs - atMs, 0, 2_000);
        Assert.True(backlogThen < sink.Lines.Count(l => l.Lane == "backlog"), "the backlog was through before: nothing was proved");
        var backlog = sink.Lines.Where(l => l.Lane == "backlog").ToList();
        double seconds = (backlog[^1].ArrivedAtMs - backlog[0].ArrivedAtMs) / 1000.0;
        Assert.True(backlog.Count < 800 * Math.Max(1, seconds), $"{backlog.Count} lines of backlog in {seconds} s: more than 500 a second were asked for");
    }

    [Fact]
    public async Task A_store_that_refuses_or_breaks_off_gets_every_line_when_it_is_well_again()
    {
        await using var sink = new LineSink { Mood = SinkMood.Refuses };
        sink.Open();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", 60)), SiteFiles.SinkTarget(sink.Port));
        await gateway.StartAsync();
        await using var crane = new MqttDevice("crane-1", gateway.MqttPort);
        await crane.ConnectAsync();
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1));
        await Eventually.GetAsync("the console shows a store that refuses", Eventually.Seconds(10), () => UplinkAsync(gateway), u => u.State == "retrying" && u.Error.Contains("503", StringComparison.Ordinal));
        sink.Mood = SinkMood.Breaks;
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 2));
        await Eventually.GetAsync("the console shows a store that breaks off", Eventually.Seconds(10), () => UplinkAsync(gateway), u => u.State == "retrying" && !u.Error.Contains("503", StringComparison.Ordinal));

        sink.Mood = SinkMood.Takes;
        await Eventually.GetAsync("both lines are in the sink", Eventually.Seconds(20), () => string.Join(' ', sink.Of("crane").Select(l => l.Seq)), seen => seen == "1 2");
        await Eventually.GetAsync("the console shows a working uplink", Eventually.Seconds(20), () => UplinkAsync(gateway), u => u is { State: "ok" or "idle", Queued: 0 });
    }

    private static async Task<(string State, string Error, long Queued)> UplinkAsync(GatewayUnderTest gateway)
    {
        var uplink = (await gateway.Console.GetAsync("/api/v1/site")).GetProperty("uplinks")[0];
        return (uplink.GetProperty("state").GetString()!, uplink.GetProperty("lastError").GetString() ?? "", uplink.GetProperty("queuedLines").GetInt64());
    }

    private static IEnumerable<SinkLine> Telemetry(IEnumerable<SinkLine> lines) => lines.Where(l => l.Measurement == "crane" && l.Tag("device")!.StartsWith("load-", StringComparison.Ordinal));

    private static (string Device, long Seq) Message(SinkLine line) => (line.Tag("device")!, line.Seq);
}

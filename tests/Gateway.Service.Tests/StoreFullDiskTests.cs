using System.Net;
using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>The disk is full, and has room again.</summary>
public sealed class StoreFullDiskTests(ITestOutputHelper output)
{
    [Fact]
    public async Task While_the_disk_is_full_alarms_arrive_nothing_is_acknowledged_and_afterwards_nothing_is_missing()
    {
        using var disk = new SmallDisk(48);
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger([.. Fleet.LedgerOf(4), SiteFiles.Crane("crane-1", 60), SiteFiles.Crane("crane-2", 60)]), SiteFiles.SinkTarget(sink.Port));
        gateway.Configuration["Store"] = new JsonObject { ["Directory"] = disk.Path, ["FreeMiBMin"] = 0, ["ReserveMiB"] = 8 };
        await gateway.StartAsync();
        await using var stream = await SseReader.OpenAsync(gateway);
        await using var fleet = new Fleet(4, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(20));
        await fleet.ConnectAsync();
        await fleet.ReportAsync(TimeSpan.FromSeconds(1));

        disk.Fill();
        var report = fleet.ReportAsync(TimeSpan.FromSeconds(6));
        await Eventually.GetAsync("the gateway says that its disk refuses", Eventually.Seconds(15), () => gateway.Console.StatusAsync("/readyz"), s => s == HttpStatusCode.ServiceUnavailable);
        await using (var crane = new MqttDevice("crane-1", gateway.MqttPort))
        {
            await crane.ConnectAsync();
            await crane.PublishAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 110));
            long said = Words.NowMs;
            var alarm = await stream.WaitAsync("crane-1's alarm while the disk is full", Eventually.Seconds(5), e => e.IsAlarm("crane-moment-alarm", "crane-1"));
            output.WriteLine($"alarm {alarm.ArrivedAtMs - said} ms after the message, disk full");
            await stream.WaitAsync("the alarm of the disk", Eventually.Seconds(5), e => e.IsAlarm("store-refuses", "store", "unacked"));
            await Eventually.TrueAsync("the alarm is in the target, by lane one", Eventually.Seconds(10), () => sink.Of("alarm").Any(l => l.Tag("device") == "crane-1"));
            Assert.Equal(0, crane.AcknowledgedCount);
            Assert.Contains("gateway_store_refusing 1", await Metrics(gateway), StringComparison.Ordinal);
        }
        Assert.False(File.Exists(Path.Combine(disk.Path, "reserve.bin")), "the reserve was not given up");
        long before = fleet.AcknowledgedCount;
        await gateway.KillAsync();
        disk.Empty();
        await gateway.StartAsync();
        await report;
        await Eventually.GetAsync("it is ready", Eventually.Seconds(10), () => gateway.Console.StatusAsync("/readyz"), s => s == HttpStatusCode.OK);
        Assert.True(fleet.AcknowledgedCount > before, "nothing was acknowledged after the disk had room again");
        await AllThereAsync(fleet, sink);
    }

    [Fact]
    public async Task It_goes_on_by_itself_within_seconds_and_sets_the_reserve_aside_again()
    {
        using var disk = new SmallDisk(48);
        await using var sink = new LineSink();
        sink.Open();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(Fleet.LedgerOf(4)), SiteFiles.SinkTarget(sink.Port));
        gateway.Configuration["Store"] = new JsonObject { ["Directory"] = disk.Path, ["FreeMiBMin"] = 0, ["ReserveMiB"] = 8 };
        await gateway.StartAsync();
        await using var fleet = new Fleet(4, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(20));
        await fleet.ConnectAsync();
        await fleet.ReportAsync(TimeSpan.FromSeconds(1));
        disk.Fill();
        disk.UseUpInodes();
        var report = fleet.ReportAsync(TimeSpan.FromSeconds(5));
        await Eventually.GetAsync("the disk refuses", Eventually.Seconds(15), () => gateway.Console.StatusAsync("/readyz"), s => s == HttpStatusCode.ServiceUnavailable);
        foreach (string file in Directory.GetFiles(disk.Path, "filler*")) File.Delete(file);
        await Eventually.GetAsync("it is ready again", Eventually.Seconds(5), () => gateway.Console.StatusAsync("/readyz"), s => s == HttpStatusCode.OK);
        await report;
        Assert.Equal(8 * 1024 * 1024, new FileInfo(Path.Combine(disk.Path, "reserve.bin")).Length);
        Assert.Single(gateway.Process.Output.Concat(gateway.Process.Errors), l => l.Contains("The store refuses writes", StringComparison.Ordinal));
        Assert.Single(gateway.Process.Output.Concat(gateway.Process.Errors), l => l.Contains("The store takes writes again", StringComparison.Ordinal));
        await AllThereAsync(fleet, sink);
    }

    private static async Task<string> Metrics(GatewayUnderTest gateway) => await gateway.Console.TextAsync("/metrics");

    private static async Task AllThereAsync(Fleet fleet, LineSink sink)
    {
        var acknowledged = fleet.Acknowledged.ToHashSet();
        await Eventually.GetAsync("every acknowledged message is in the sink", Eventually.Seconds(30), () => sink.Of("crane").Select(l => (l.Tag("device")!, l.Seq)).ToHashSet(),
            seen => acknowledged.IsSubsetOf(seen), seen => $"{acknowledged.Count(a => !seen.Contains(a))} of {acknowledged.Count} missing");
    }
}

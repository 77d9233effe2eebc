using System.Text.Json;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>A file is damaged between kill -9 and the next start; a backup is put in the place of the store.</summary>
public sealed class StoreDamageTests(ITestOutputHelper output)
{
    private const int PageBytes = 4096;

    [Theory]
    [InlineData("telemetry.db")]
    [InlineData("state.db")]
    [InlineData("mqtt.db")]
    public async Task A_file_damaged_after_a_kill_is_recovered_and_the_service_goes_on(string name)
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger([.. Fleet.LedgerOf(4), SiteFiles.Crane("crane-1", 60)]));
        await gateway.StartAsync();
        await using (var fleet = new Fleet(4, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(10)))
        {
            await fleet.ConnectAsync();
            await fleet.ReportAsync(TimeSpan.FromSeconds(2));
        }
        // An orderly stop moves everything from the WAL into the file; the kill comes after the next start.
        Assert.Equal(0, await gateway.StopAsync());
        await gateway.StartAsync();
        await gateway.KillAsync();
        string path = Path.Combine(gateway["data"], name);
        using (var file = new FileStream(path, FileMode.Open))
        {
            // The middle of the file, and its end is gone.
            file.Position = file.Length / 2 / PageBytes * PageBytes;
            file.Write(Enumerable.Repeat((byte)0xA5, PageBytes).ToArray());
            file.SetLength(file.Length - PageBytes);
        }
        await gateway.StartAsync();
        await using var stream = await SseReader.OpenAsync(gateway);
        await Eventually.TrueAsync("the damage is told", Eventually.Seconds(15), () => gateway.Process.Output.Concat(gateway.Process.Errors).Any(l => l.Contains($"{name} was damaged", StringComparison.Ordinal)));
        var alarm = Assert.Single(await gateway.Console.AlarmsAsync("store-damaged"));
        Assert.Equal(name, alarm.GetProperty("subject").GetProperty("id").GetString());
        string folder = Assert.Single(Directory.GetDirectories(Path.Combine(gateway["data"], "damaged")));
        string report = await File.ReadAllTextAsync(Path.Combine(folder, "report.txt"), TestContext.Current.CancellationToken);
        output.WriteLine(report);
        Assert.True(File.Exists(Path.Combine(folder, name)), "the damaged file is not there");

        await using (var crane = new MqttDevice("crane-1", gateway.MqttPort))
        {
            await crane.ConnectAsync();
            await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 110));
        }
        await stream.WaitAsync("an alarm after the recovery", Eventually.Seconds(5), e => e.IsAlarm("crane-moment-alarm", "crane-1"));
        var (code, text, errors) = await gateway.RunToEndAsync("store", "--json");
        Assert.True(code == 0, errors);
        Assert.Equal(Path.GetFileName(folder), JsonDocument.Parse(text).RootElement.GetProperty("damaged")[0].GetString());
    }

    [Fact]
    public async Task A_backup_taken_under_load_holds_everything_that_was_acknowledged_before_and_can_be_run()
    {
        await using var sink = new LineSink();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger([.. Fleet.LedgerOf(4), SiteFiles.Crane("crane-1", 60)]), SiteFiles.SinkTarget(sink.Port));
        await gateway.StartAsync();
        await using (var crane = new MqttDevice("crane-1", gateway.MqttPort))
        {
            await crane.ConnectAsync();
            await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 110));
        }
        string backup = gateway["backup"];
        HashSet<(string, long)> before;
        await using (var fleet = new Fleet(4, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(10)))
        {
            await fleet.ConnectAsync();
            var load = fleet.ReportAsync(TimeSpan.FromSeconds(4));
            await Eventually.TrueAsync("there is load", Eventually.Seconds(5), () => fleet.AcknowledgedCount > 300);
            before = [.. fleet.Acknowledged];
            var (code, text, errors) = await gateway.RunToEndAsync("backup", backup);
            Assert.True(code == 0, errors);
            output.WriteLine(text);
            Assert.Equal(1, (await gateway.RunToEndAsync("backup", backup)).ExitCode);
            await load;
        }
        using (var index = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(backup, "backup.json"), TestContext.Current.CancellationToken)))
            Assert.Equal(["state.db", "mqtt.db", "telemetry.db"], index.RootElement.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("name").GetString()!));
        Assert.Equal(0, await gateway.StopAsync());

        // Restore: stop, copy, start.
        Directory.Delete(gateway["data"], recursive: true);
        Directory.CreateDirectory(gateway["data"]);
        foreach (string file in Directory.GetFiles(backup, "*.db")) File.Copy(file, Path.Combine(gateway["data"], Path.GetFileName(file)));
        sink.Open();
        await gateway.StartAsync();
        await Eventually.GetAsync("everything acknowledged before the backup is in the target", Eventually.Seconds(30), () => sink.Of("crane").Select(l => (l.Tag("device")!, l.Seq)).ToHashSet(),
            before.IsSubsetOf, seen => $"{before.Count(a => !seen.Contains(a))} of {before.Count} missing");
        Assert.Single(await gateway.Console.AlarmsAsync("crane-moment-alarm", "crane-1"));
        Assert.Empty(await gateway.Console.AlarmsAsync("store-damaged"));
    }
}

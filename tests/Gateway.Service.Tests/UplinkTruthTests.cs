using System.Text.Json;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>Real stores that lose what they answered for, refuse a line, or hold less than they should.</summary>
public sealed class UplinkTruthTests(ITestOutputHelper output)
{
    private const string Mn = "NB0203000000000000000001";

    [Fact]
    public async Task What_VictoriaMetrics_acknowledged_and_lost_when_it_was_killed_is_sent_again_and_there_in_the_end()
    {
        await using var victoria = await VictoriaMetrics.StartAsync();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(Fleet.LedgerOf(4)), SiteFiles.Target("victoria", "victoria-metrics", victoria.Port, ("HoldSeconds", 15), ("LiveLagSeconds", 5)));
        await gateway.StartAsync();
        await using var fleet = new Fleet(4, gateway.MqttPort, pace: TimeSpan.FromMilliseconds(50));
        await fleet.ConnectAsync();

        await fleet.ReportAsync(TimeSpan.FromSeconds(9));
        await Eventually.GetAsync("VictoriaMetrics has answered for everything", Eventually.Seconds(10), () => UplinkAsync(gateway), u => u.GetProperty("lagLines").GetInt64() == 0 && u.GetProperty("backlogLines").GetInt64() == 0, u => u.GetRawText());
        long answered = fleet.AcknowledgedCount;
        await victoria.KillAndStartAsync();
        int left = await CountAsync(victoria);
        Assert.True(left < answered, $"VictoriaMetrics lost nothing of {answered}: nothing was proved");
        await fleet.ReportAsync(TimeSpan.FromSeconds(3));

        var expected = fleet.Acknowledged.ToHashSet();
        await Eventually.GetAsync("every acknowledged message is in VictoriaMetrics", TimeSpan.FromSeconds(60), () => MissingAsync(victoria, expected), missing => missing == 0, missing => $"{missing} of {expected.Count} missing");
        var uplink = await UplinkAsync(gateway);
        output.WriteLine($"{answered} answered for, {answered - left} of them lost in the kill, {uplink.GetProperty("linesAgain").GetInt64()} sent again, {expected.Count} there in the end");
        Assert.Equal(1, uplink.GetProperty("restarts").GetInt64());
        await Eventually.GetAsync("everything is settled", TimeSpan.FromSeconds(40), () => UplinkAsync(gateway), u => u.GetProperty("settled").GetInt64() == expected.Count + fleet.Redelivered, u => u.GetRawText());
    }

    [Fact]
    public async Task A_line_InfluxDB_refuses_for_its_type_is_in_quarantine_alone_and_goes_when_the_type_is_mended()
    {
        await using var influx = await InfluxDb1.StartAsync();
        await influx.WriteAsync("crane,site=elsewhere falls=\"two\"");
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1"), SiteFiles.Crane("crane-2")),
            SiteFiles.Target("influx", "influxdb-v1", influx.Port, ("Database", InfluxDb1.Database), ("LingerMs", 500)));
        await gateway.StartAsync();
        await gateway.Console.BecomeAdministratorAsync(await gateway.SetUpLinkAsync());
        await using var crane = new MqttDevice("cranes", gateway.MqttPort);
        await crane.ConnectAsync();
        long ts = Words.NowMs;
        for (int i = 0; i < 40; i++)
        {
            await crane.PublishAsync(Words.Telemetry("crane-1"), $$"""{"ts":{{ts + i}},"seq":{{i}},"load_t":1.5}""");
            if (i == 20) await crane.PublishAsync(Words.Telemetry("crane-2"), $$"""{"ts":{{ts}},"seq":1,"load_t":2.5,"falls":2}""");
        }

        await Eventually.GetAsync("the good lines are in InfluxDB", Eventually.Seconds(20), () => influx.RowsAsync("select count(load_t) from crane where device = 'crane-1'"), rows => rows is [var row] && row[1].GetInt64() == 40, rows => string.Join(", ", rows));
        var items = await Eventually.GetAsync("the bad line is in quarantine", Eventually.Seconds(10), () => QuarantineAsync(gateway), list => list.Count > 0);
        var only = Assert.Single(items);
        Assert.StartsWith("crane,site=e2e,device=crane-2 ", only.GetProperty("line").GetString(), StringComparison.Ordinal);
        Assert.Contains("field type conflict", only.GetProperty("words").GetString(), StringComparison.Ordinal);

        string id = only.GetProperty("id").GetString()!;
        await gateway.Console.PostAsync($"/api/v1/quarantine/{id}/replay", "{}");
        var again = await Eventually.GetAsync("it was refused again", Eventually.Seconds(10), () => QuarantineAsync(gateway), list => list is [var one] && !one.GetProperty("replay").GetBoolean() && one.GetProperty("at").GetString() != only.GetProperty("at").GetString());
        Assert.Equal(id, again[0].GetProperty("id").GetString());
        await influx.DoAsync("DROP MEASUREMENT crane");
        await gateway.Console.PostAsync("/api/v1/uplinks/influx/replay", "{}");
        await Eventually.GetAsync("quarantine is empty", Eventually.Seconds(10), () => QuarantineAsync(gateway), list => list.Count == 0, list => string.Join(", ", list));
        Assert.Equal(2.5, (await influx.RowsAsync("select load_t from crane where device = 'crane-2'"))[0][1].GetDouble());
    }

    [Fact]
    [Trait("Tier", "long")]
    public async Task A_retention_policy_that_is_missing_is_a_mistake_of_the_configuration_and_loses_nothing()
    {
        await using var influx = await InfluxDb1.StartAsync();
        await influx.DoAsync("DROP RETENTION POLICY autogen ON site");
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", 60)), SiteFiles.Target("influx", "influxdb-v1", influx.Port, ("Database", InfluxDb1.Database)));
        await gateway.StartAsync();
        await using var crane = new MqttDevice("crane-1", gateway.MqttPort);
        await crane.ConnectAsync();
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1));
        await Eventually.GetAsync("the console says that the target refuses", Eventually.Seconds(10), async () => (await gateway.Console.GetAsync("/api/v1/site")).GetProperty("uplinks")[0],
            u => u.GetProperty("state").GetString() == "refused" && u.GetProperty("lastError").GetString()!.Contains("retention policy not found", StringComparison.Ordinal), u => u.GetRawText());
        Assert.Single(await gateway.Console.AlarmsAsync("uplink-down", "influx"));

        await influx.DoAsync("CREATE RETENTION POLICY autogen ON site DURATION INF REPLICATION 1 DEFAULT");
        await Eventually.GetAsync("the line is in InfluxDB", TimeSpan.FromSeconds(45), () => influx.RowsAsync("select seq from crane"), rows => rows is [var row] && row[1].GetInt64() == 1);
        await Eventually.GetAsync("the alarm is over", TimeSpan.FromSeconds(40), () => gateway.Console.AlarmsAsync("uplink-down", "influx"), alarms => alarms is [var one] && one.GetProperty("state").GetString() == "returnedUnacked");
    }

    [Fact]
    public async Task Points_that_vanish_from_a_store_are_missed_by_the_read_back_sent_again_and_then_the_alarm_is_over()
    {
        await using var victoria = await VictoriaMetrics.StartAsync();
        await using var influx = await InfluxDb1.StartAsync();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Dust212("dust-1", Mn), SiteFiles.Dust212("dust-2", Mn.Replace('1', '2'))),
            SiteFiles.Target("victoria", "victoria-metrics", victoria.Port, ("HoldSeconds", 1)), SiteFiles.Target("influx", "influxdb-v1", influx.Port, ("Database", InfluxDb1.Database), ("HoldSeconds", 1)));
        await gateway.StartAsync();
        await gateway.Console.BecomeAdministratorAsync(await gateway.SetUpLinkAsync());
        using var logger = await DataLogger.ConnectAsync(gateway.Hj212Port);
        // Three whole hours that are over, to the very first and last millisecond a store may count wrong, and minutes of two series.
        long hourMs = Words.NowMs / 3_600_000 * 3_600_000 - 4 * 3_600_000;
        for (int minute = 0; minute < 180; minute++)
        {
            await logger.SendAsync(Hj212Frames.Minute(Mn, hourMs + minute * 60_000L, 40 + minute % 7));
            if (minute % 3 == 0) await logger.SendAsync(Hj212Frames.Minute(Mn.Replace('1', '2'), hourMs + minute * 60_000L, 30));
        }
        await Eventually.GetAsync("both targets have settled", Eventually.Seconds(20), async () => (await gateway.Console.GetAsync("/api/v1/site")).GetProperty("frontiers"), f => f.GetProperty("settled").GetInt64() == 240, f => f.GetRawText());

        await victoria.DeleteAsync("""{device="dust-2"}""");
        await influx.DoAsync($"DELETE FROM dust_minute WHERE device = 'dust-1' AND time >= {hourMs + 3_600_000}ms AND time < {hourMs + 4_200_000}ms");
        foreach (string target in (string[])["victoria", "influx"]) await AuditAsync(gateway, target, r => r.GetProperty("hoursMissing").GetInt64() == (target == "victoria" ? 3 : 1));
        foreach (string target in (string[])["victoria", "influx"])
        {
            var alarm = Assert.Single(await Eventually.GetAsync("the alarm is raised", Eventually.Seconds(5), () => gateway.Console.AlarmsAsync("uplink-missing", target), alarms => alarms.Count == 1));
            output.WriteLine($"{target}: {alarm.GetProperty("cause").GetString()}");
            Assert.Equal("unacked", alarm.GetProperty("state").GetString());
            Assert.Contains(target == "victoria" ? " 60 of 80, 20 missing" : " 70 of 80, 10 missing", alarm.GetProperty("cause").GetString(), StringComparison.Ordinal);
        }

        await Eventually.GetAsync("everything was sent again and is settled", Eventually.Seconds(20), async () => (await gateway.Console.GetAsync("/api/v1/uplinks")).GetProperty("items"),
            list => list.EnumerateArray().All(u => u.GetProperty("settled").GetInt64() == 240), list => list.GetRawText());
        await Eventually.GetAsync("VictoriaMetrics shows them", Eventually.Seconds(20), async () => (await victoria.PointsAsync("""dust_minute_tsp_ugm3{device="dust-2"}""")).Select(p => p.AtMs).Distinct().Count(), count => count == 60);
        foreach (string target in (string[])["victoria", "influx"])
        {
            await AuditAsync(gateway, target, r => r.GetProperty("hoursAgreed").GetInt64() == 3);
            await Eventually.GetAsync("the alarm is over", Eventually.Seconds(10), () => gateway.Console.AlarmsAsync("uplink-missing", target), alarms => alarms is [var one] && one.GetProperty("state").GetString() == "returnedUnacked", alarms => string.Join(", ", alarms));
        }
        Assert.Equal(180 + 60, (await influx.RowsAsync("select count(tsp_ugm3) from dust_minute"))[0][1].GetInt64());
    }

    /// <summary>Asks until what was settled last is on disk and was asked for.</summary>
    private static async Task AuditAsync(GatewayUnderTest gateway, string target, Func<JsonElement, bool> holds) =>
        await Eventually.GetAsync($"{target} was read back", Eventually.Seconds(20), async () =>
        {
            await gateway.Console.PostAsync($"/api/v1/uplinks/{target}/read-back", "{}");
            return (await gateway.Console.GetAsync("/api/v1/uplinks")).GetProperty("items").EnumerateArray().Single(u => u.GetProperty("name").GetString() == target).GetProperty("readBack");
        }, holds, r => r.GetRawText());

    private static async Task<JsonElement> UplinkAsync(GatewayUnderTest gateway) => (await gateway.Console.GetAsync("/api/v1/uplinks")).GetProperty("items")[0];

    private static async Task<List<JsonElement>> QuarantineAsync(GatewayUnderTest gateway) => [.. (await gateway.Console.GetAsync("/api/v1/quarantine")).GetProperty("items").EnumerateArray()];

    private static async Task<int> CountAsync(VictoriaMetrics victoria) => (await victoria.PointsAsync("""crane_seq{site="e2e"}""")).Count;

    private static async Task<int> MissingAsync(VictoriaMetrics victoria, IReadOnlyCollection<(string Device, long Seq)> expected)
    {
        int missing = 0;
        foreach (var device in expected.GroupBy(e => e.Device))
        {
            var there = (await victoria.PointsAsync($$"""crane_seq{device="{{device.Key}}"}""")).Select(p => (long)p.Value).ToHashSet();
            missing += device.Count(e => !there.Contains(e.Seq));
        }
        return missing;
    }
}

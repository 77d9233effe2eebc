using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The whole path with nothing of ours at its ends: mosquitto's client, VictoriaMetrics and InfluxDB.</summary>
[Collection(Alone.Name)]
public sealed class MqttToStoresTests
{
    [Fact]
    public async Task A_message_of_mosquitto_pub_raises_an_alarm_within_a_second_and_both_stores_hold_its_exact_point()
    {
        await using var victoria = await VictoriaMetrics.StartAsync();
        await using var influx = await InfluxDb1.StartAsync();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")),
            SiteFiles.Target("victoria", "victoria-metrics", victoria.Port, ("HoldSeconds", 1)),
            SiteFiles.Target("influx", "influxdb-v1", influx.Port, ("Database", InfluxDb1.Database), ("HoldSeconds", 1)));
        await gateway.StartAsync();
        await using var stream = await SseReader.OpenAsync(gateway);

        long ts = Words.NowMs;
        await Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry("crane-1"), Words.CraneJson(ts, 1, moment: 104.5));
        var alarm = await stream.WaitAsync("the alarm is on the stream", Eventually.Seconds(5), e => e.IsAlarm("crane-moment-alarm", "crane-1", "unacked"));

        Assert.InRange(alarm.ArrivedAtMs - ts, 0, 1_000);
        Assert.Equal(104.5, alarm.Data.GetProperty("value").GetDouble());
        long changedAt = alarm.Data.GetProperty("changedAt").GetDateTimeOffset().ToUnixTimeMilliseconds();

        await Eventually.GetAsync("VictoriaMetrics has the telemetry point", Eventually.Seconds(20), () => victoria.PointsAsync("""crane_load_t{device="crane-1"}"""),
            points => points is [var (at, value)] && at == ts && value == 2.35, points => string.Join(", ", points));
        await Eventually.GetAsync("VictoriaMetrics has the alarm point", Eventually.Seconds(20), () => victoria.PointsAsync("""alarm_value{device="crane-1",rule="crane-moment-alarm",state="unacked"}"""),
            points => points is [var (at, value)] && at == changedAt && value == 104.5, points => string.Join(", ", points));
        await Eventually.GetAsync("InfluxDB has the telemetry point", Eventually.Seconds(10), () => influx.RowsAsync("""select load_t, seq from crane where device = 'crane-1'"""),
            rows => rows is [var row] && row[0].GetInt64() == ts && row[1].GetDouble() == 2.35 && row[2].GetDouble() == 1, rows => string.Join(", ", rows));
        await Eventually.GetAsync("InfluxDB has the alarm point", Eventually.Seconds(10), () => influx.RowsAsync("""select value, alarm_code from alarm where rule = 'crane-moment-alarm' and state = 'unacked'"""),
            rows => rows is [var row] && row[0].GetInt64() == changedAt && row[1].GetDouble() == 104.5 && row[2].GetInt32() == 1, rows => string.Join(", ", rows));
        await Eventually.GetAsync("both targets have settled", Eventually.Seconds(10), async () => (await gateway.Console.GetAsync("/api/v1/site")).GetProperty("frontiers").GetProperty("settled").GetInt64(), settled => settled == 1);
    }

    [Fact]
    public async Task A_device_nobody_registered_is_shown_with_its_address_and_raises_one_alarm()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync();

        await Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry("crane-9"), Words.CraneJson(Words.NowMs, 1));
        await Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry("crane-9"), Words.CraneJson(Words.NowMs, 2));

        var stranger = await Eventually.GetAsync("the stranger is listed", Eventually.Seconds(5),
            async () => (await gateway.Console.GetAsync("/api/v1/devices")).GetProperty("unregistered").EnumerateArray().ToList(), list => list is [var one] && one.GetProperty("messages").GetInt64() == 2);
        Assert.Equal("site/e2e/crane/crane-9", stranger[0].GetProperty("address").GetString());
        Assert.Single(await gateway.Console.AlarmsAsync("device-unregistered"));
    }
}

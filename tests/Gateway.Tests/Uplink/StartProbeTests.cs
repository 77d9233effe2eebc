using Gateway.Uplink;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;
using Xunit;

namespace Gateway.Tests.Uplink;

/// <summary>Where real stores say when they began; InfluxDB 1.6 and VictoriaMetrics 1.79 word for word.</summary>
public sealed class StartProbeTests
{
    private const long NowMs = 1_795_292_700_000;

    [Theory]
    [InlineData(TargetKind.VictoriaMetrics, "http://h/metrics", "process_start_time_seconds 1795292639\nvm_app_start_timestamp 1795292640\nvm_app_uptime_seconds 60.1\n", 1795292640)]
    [InlineData(TargetKind.InfluxV1, "http://h/debug/vars", "{\n\"system\": {\"currentTime\":\"2026-11-21T20:24:04.029043955Z\",\"started\":\"2026-11-21T20:24:00.024881212Z\",\"uptime\":4},\n\"cmdline\": [\"influxd\"]", 1795292640.024)]
    [InlineData(TargetKind.InfluxV2, "http://h/metrics", "# TYPE x gauge\ninfluxdb_uptime_seconds{id=\"0a\"} 60\n", 1795292640)]
    [InlineData(TargetKind.InfluxV3, "http://h/metrics", "process_start_time_seconds 1795292640\n", 1795292640)]
    public void The_start_is_read_where_the_kind_has_it(string kind, string address, string body, double seconds)
    {
        Assert.Equal(address, StartProbe.Address(new UplinkTargetOptions { Kind = kind, Url = "http://h/" }).ToString());
        Assert.True(StartProbe.Read(kind, body, NowMs) is { } start && Math.Abs(start.Seconds - seconds) < 0.001);
        Assert.Null(StartProbe.Read(kind, "<html>hello</html>", NowMs));
    }

    [Fact]
    public void Two_readings_of_an_uptime_are_one_life_and_a_younger_one_is_another()
    {
        var start = StartProbe.Read(TargetKind.InfluxV2, "influxdb_uptime_seconds 60\n", NowMs)!.Value;
        Assert.True(StartProbe.Read(TargetKind.InfluxV2, "influxdb_uptime_seconds 120.7\n", NowMs + 60_000)!.Value.Same(start));
        Assert.False(StartProbe.Read(TargetKind.InfluxV2, "influxdb_uptime_seconds 3\n", NowMs + 60_000)!.Value.Same(start));
        Assert.Equal(start, TargetStart.Parse(start.ToString()));
        Assert.Null(TargetStart.Parse("yesterday"));
    }
}

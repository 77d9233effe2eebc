using System.Text;
using System.Text.Json;
using FirmwareSim.Devices;
using FirmwareSim.Machines;
using FirmwareSim.Wire.Mqtt;

namespace FirmwareSim.Tests.Devices;

public sealed class SensorTests
{
    private readonly HandClock _clock = new();
    private readonly Device _device;
    private readonly MqttReporter<CraneSample> _reporter;

    public SensorTests()
    {
        _device = new Device("crane-1", DeviceKind.Crane, LinkKind.Mqtt, _clock);
        var crane = new Crane(Seeds.For(1, "crane-1"), new Weather(1, startHour: 8), ratedMomentTm: 80, travelHeightM: 38, "op-1001");
        var sensor = new Sensor<CraneSample>(_device, crane, new SiteClock(_clock));
        _reporter = new MqttReporter<CraneSample>(sensor, new Outbox(_device.Traffic), TimeSpan.FromSeconds(2), _clock);
    }

    private JsonElement NextReport()
    {
        _clock.Advance(2);
        return JsonElement.Parse(_reporter.NextReport());
    }

    [Fact]
    public void A_report_has_the_members_of_the_contract_in_order()
    {
        string[] members = [.. NextReport().EnumerateObject().Select(m => m.Name)];
        Assert.Equal(
            ["ts", "seq", "load_t", "rated_t", "moment_pct", "radius_m", "height_m", "slew_deg", "wind_mps", "tilt_deg",
                "falls", "alarm_bits", "operator"],
            members);
    }

    [Fact]
    public void A_frozen_device_repeats_its_last_values_while_ts_and_seq_go_on()
    {
        JsonElement before = NextReport();
        _device.Effects.Start(EffectKind.Freeze);
        for (int i = 1; i <= 20; i++)
        {
            JsonElement frozen = NextReport();
            Assert.Equal(before.GetProperty("ts").GetInt64() + (2000 * i), frozen.GetProperty("ts").GetInt64());
            Assert.Equal(before.GetProperty("seq").GetInt64() + i, frozen.GetProperty("seq").GetInt64());
            Assert.Equal(Values(before), Values(frozen));
        }
        _device.Effects.Clear();
        Assert.NotEqual(Values(before), Values(NextReport()));
    }

    [Fact]
    public void Overload_shows_in_the_report_and_ends_when_its_time_is_over()
    {
        Assert.InRange(NextReport().GetProperty("moment_pct").GetDouble(), 0, 88);
        _device.Effects.Start(EffectKind.Overload, TimeSpan.FromSeconds(10));
        JsonElement overloaded = NextReport();
        Assert.InRange(overloaded.GetProperty("moment_pct").GetDouble(), 114, 116);
        Assert.Equal(3, overloaded.GetProperty("alarm_bits").GetInt32());
        _clock.Advance(10);
        JsonElement after = NextReport();
        Assert.InRange(after.GetProperty("moment_pct").GetDouble(), 0, 88);
        Assert.Equal(0, after.GetProperty("alarm_bits").GetInt32());
    }

    [Fact]
    public void A_drifting_clock_is_off_by_the_given_seconds()
    {
        _device.Effects.Start(EffectKind.ClockDrift, lasts: null, value: -90);
        Assert.Equal(_clock.GetUtcNow().AddSeconds(2 - 90).ToUnixTimeMilliseconds(), NextReport().GetProperty("ts").GetInt64());
    }

    [Fact]
    public void A_torn_report_is_the_first_half_of_its_JSON()
    {
        _device.Effects.Start(EffectKind.Torn);
        NextReport();
        NextReport();
        string torn = Encoding.UTF8.GetString(_reporter.NextReport());
        Assert.StartsWith("{\"ts\":", torn, StringComparison.Ordinal);
        Assert.DoesNotContain("}", torn, StringComparison.Ordinal);
        Assert.DoesNotContain("operator", torn, StringComparison.Ordinal);
    }

    private static string Values(JsonElement report) =>
        string.Join(' ', report.EnumerateObject().Where(m => m.Name is not ("ts" or "seq")).Select(m => m.Value.GetRawText()));
}

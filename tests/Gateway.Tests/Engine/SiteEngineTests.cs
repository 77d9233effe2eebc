using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

public sealed class SiteEngineTests
{
    private readonly EngineRun _run = new(TestSite.Ten);

    [Fact]
    public void A_silent_device_raises_one_alarm_which_returns_with_its_next_measurement()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Pass(59);
        Assert.Null(_run.Open("c1", "device-silent"));
        _run.Pass(600);

        var raised = Assert.Single(_run.Steps, a => a.Subject.Id == "c1");
        Assert.Equal((AlarmState.Unacked, TestSite.Ten + 60_000, "silent"), (raised.State, raised.RaisedAtMs, raised.Cause));
        Assert.Equal((PresenceState.Offline, "silent"), _run.PresenceOf("c1"));

        _run.Measure("c1", "load_t", 1);
        Assert.Equal((AlarmState.ReturnedUnacked, raised.Id), (_run.Open("c1", "device-silent")!.State, _run.Open("c1", "device-silent")!.Id));
        _run.Do(e => e.Alarms.Acknowledge(raised.Id, "li", null, _run.NowMs));
        Assert.Null(_run.Open("c1", "device-silent"));
        Assert.Equal(659_000 - 20_000, _run.Total("c1", PresenceState.Offline));
    }

    [Fact]
    public void A_lost_port_is_one_alarm_its_devices_are_unknown_and_their_silence_is_suppressed_under_it()
    {
        _run.Measure("w1", "wind_mps", 3);
        _run.Pass(30);
        _run.Measure("w2", "wind_mps", 3);
        _run.Pass(31);
        Assert.Equal(AlarmState.Unacked, _run.Open("w1", "device-silent")!.State);
        long lost = _run.NowMs;
        _run.Do(e => e.PortLost("b1", PresenceCause.Bus, "adapter unplugged", lost));

        var root = _run.Open("b1", "bus-lost")!;
        Assert.Equal((SubjectKind.Bus, "adapter unplugged"), (root.Subject.Kind, root.Cause));
        Assert.Equal((AlarmState.Suppressed, root.Id), (_run.Open("w1", "device-silent")!.State, _run.Open("w1", "device-silent")!.Root));
        _run.Pass(300);
        Assert.Equal((PresenceState.Unknown, "bus"), _run.PresenceOf("w1"));
        Assert.Equal((PresenceState.Unknown, "bus"), _run.PresenceOf("w2"));
        Assert.Null(_run.Open("w2", "device-silent"));
        Assert.Equal((PresenceState.Offline, "silent"), _run.PresenceOf("c1"));

        _run.Do(e => e.PortOpened("b1", _run.NowMs));
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open("b1", "bus-lost")!.State);
        _run.Pass(5);
        _run.Measure("w2", "wind_mps", 3);
        Assert.Equal(305_000, _run.Total("w2", PresenceState.Unknown, "bus"));
        Assert.Equal(0, _run.Total("w2", PresenceState.Offline));

        _run.Pass(56);
        Assert.Equal((AlarmState.Unacked, 1), (_run.Open("w1", "device-silent")!.State, _run.Open("w1", "device-silent")!.Count));
        Assert.Single(_run.Steps.Where(a => a.Rule == "bus-lost").Select(a => a.Id).Distinct());
    }

    [Fact]
    public void A_suppressed_silence_closes_when_the_device_is_heard_again()
    {
        _run.Measure("w1", "wind_mps", 3);
        _run.Pass(61);
        _run.Do(e => e.PortLost("b1", PresenceCause.Bus, "gone", _run.NowMs));
        _run.Do(e => e.PortOpened("b1", _run.NowMs));
        _run.Measure("w1", "wind_mps", 3);
        Assert.Null(_run.Open("w1", "device-silent"));
    }

    [Fact]
    public void The_same_loss_told_twice_is_one_alarm()
    {
        _run.Do(e => e.PortLost("b1", PresenceCause.Port, "no such file", _run.NowMs));
        _run.Pass(1);
        _run.Do(e => e.PortLost("b1", PresenceCause.Port, "no such file", _run.NowMs));
        Assert.Single(_run.Steps, a => a.Rule == "port-lost");
    }

    [Fact]
    public void A_bit_that_the_device_reports_raises_and_only_its_absence_for_the_delay_returns_it()
    {
        _run.Measure("c1", "alarm_bits", 0b1_0000);
        Assert.Equal(AlarmState.Unacked, _run.Open("c1", "crane-device-collision")!.State);
        _run.Pass(1);
        _run.Measure("c1", "alarm_bits", 0);
        _run.Pass(1);
        _run.Measure("c1", "alarm_bits", 0b1_0000);
        _run.Pass(1);
        _run.Measure("c1", "alarm_bits", 0);
        _run.Pass(2);
        Assert.Equal(AlarmState.Unacked, _run.Open("c1", "crane-device-collision")!.State);
        _run.Measure("c1", "alarm_bits", 0);
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open("c1", "crane-device-collision")!.State);
    }

    [Fact]
    public void Missing_data_never_clears_an_alarm()
    {
        _run.Measure("c1", "moment_pct", 104);
        string id = _run.Open("c1", "crane-moment-alarm")!.Id;

        _run.Pass(3600);
        _run.Measure("c1", "load_t", 1);
        _run.Measure("c1", "moment_pct", 20, SampleQuality.Bad);
        _run.Measure("c1", "moment_pct", 20, SampleQuality.OutOfRange);
        _run.Measure("c1", "moment_pct", 20, flags: ReadingFlags.Retained);
        _run.Measure("c1", "moment_pct", 20, flags: ReadingFlags.Backfill);
        _run.Read("c1", ReadingKind.Aggregate, 0, _run.Site.Sample("c1", "moment_pct", 20));
        _run.Pass(10);
        Assert.Equal((AlarmState.Unacked, id), (_run.Open("c1", "crane-moment-alarm")!.State, _run.Open("c1", "crane-moment-alarm")!.Id));

        _run.Measure("c1", "moment_pct", 20);
        _run.Pass(3);
        _run.Measure("c1", "moment_pct", 20);
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open("c1", "crane-moment-alarm")!.State);
    }

    [Theory]
    [InlineData(ReadingKind.Measurement, ReadingFlags.Retained, SampleQuality.Good)]
    [InlineData(ReadingKind.Measurement, ReadingFlags.Backfill, SampleQuality.Good)]
    [InlineData(ReadingKind.Measurement, ReadingFlags.Replayed, SampleQuality.Good)]
    [InlineData(ReadingKind.Measurement, ReadingFlags.None, SampleQuality.OutOfRange)]
    [InlineData(ReadingKind.Aggregate, ReadingFlags.None, SampleQuality.Good)]
    [InlineData(ReadingKind.Event, ReadingFlags.None, SampleQuality.Good)]
    [InlineData(ReadingKind.Heartbeat, ReadingFlags.None, SampleQuality.Good)]
    public void What_is_no_live_measurement_is_no_life_of_a_sensor(ReadingKind kind, ReadingFlags flags, SampleQuality quality)
    {
        _run.Read("c1", kind, flags, _run.Site.Sample("c1", "load_t", 1, quality));
        Assert.Equal((PresenceState.Unknown, "gateway"), _run.PresenceOf("c1"));
    }

    [Fact]
    public void A_heartbeat_is_the_life_of_a_camera_and_a_bare_connection_of_nobody()
    {
        _run.Do(e => e.LinkChanged(_run.Site.IndexOf("c1"), up: true, _run.NowMs));
        _run.Read("v1", ReadingKind.Heartbeat, 0);
        Assert.Equal(PresenceState.Online, _run.PresenceOf("v1").State);
        Assert.Equal(PresenceState.Unknown, _run.PresenceOf("c1").State);
    }

    [Fact]
    public void A_death_notice_and_a_broken_instrument_count_at_once()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Measure("c2", "load_t", 1);
        _run.Do(e => e.Died(_run.Site.IndexOf("c1"), PresenceCause.Will, _run.NowMs));
        _run.Measure("c2", "load_t", 1, SampleQuality.Bad, ReadingFlags.InstrumentBroken);

        Assert.Equal((PresenceState.Offline, "will"), _run.PresenceOf("c1"));
        Assert.Equal((PresenceState.Offline, "instrument-broken"), _run.PresenceOf("c2"));
        Assert.Equal("will", _run.Open("c1", "device-silent")!.Cause);
    }

    [Fact]
    public void A_stranger_raises_one_alarm_however_much_it_talks_and_quiet_ends_it()
    {
        var stranger = new UnregisteredDevice(_run.Site.Ledger.Devices.Count, "mqtt", "site/s1/crane/x9", "crane", "{}");
        _run.Do(e => e.Unregistered(stranger, _run.NowMs));
        for (int i = 0; i < 100; i++)
        {
            _run.Pass(1);
            _run.Do(e => e.Read(new Reading { Device = stranger.Index, ReceivedAtMs = _run.NowMs }, []));
        }
        var alarm = Assert.Single(_run.Steps, a => a.Rule == "device-unregistered");
        Assert.Equal((SubjectKind.Unregistered, "mqtt:site/s1/crane/x9"), (alarm.Subject.Kind, alarm.Subject.Id));

        _run.Pass(601, tickMs: 10_000);
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open(alarm.Subject.Id, alarm.Rule)!.State);
    }

    [Fact]
    public void A_device_leaves_service_with_its_last_day_and_is_not_missed_afterwards()
    {
        _run.PassTo(TestSite.Ten + 13 * 3_600_000);
        for (int i = 0; i < 3600 / 20 + 30; i++)
        {
            _run.Measure("h1", "load_t", 1);
            _run.Pass(20, tickMs: 1000);
        }
        Assert.Equal(PresenceState.NotInService, _run.PresenceOf("h1").State);
        Assert.Equal(PresenceState.NotInService, _run.PresenceOf("h2").State);
        Assert.True(_run.Open("h1", "device-silent") is null or { Standing: false });
        Assert.Null(_run.Open("h2", "device-silent"));
        Assert.Equal(TestSite.Ten + 14 * 3_600_000, _run.Engine.Presences().First(p => p.Device == _run.Site.IndexOf("h1")).Presence.IntervalFromMs);
    }

    [Fact]
    public void An_uplink_that_fails_is_an_alarm_of_the_gateway_and_touches_no_device()
    {
        _run.Measure("c1", "load_t", 1);
        _run.Do(e => e.ConditionRaised("victoria", "uplink", "401 unauthorized", _run.NowMs));
        _run.Do(e => e.ConditionRaised("victoria", "uplink", "401 unauthorized", _run.NowMs));
        Assert.Equal(("401 unauthorized", SubjectKind.Gateway), (Assert.Single(_run.Steps).Cause, _run.Steps.First().Subject.Kind));
        Assert.Equal(PresenceState.Online, _run.PresenceOf("c1").State);
        _run.Do(e => e.ConditionOver("victoria", "uplink", _run.NowMs));
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open("victoria", "uplink-down")!.State);
    }
}

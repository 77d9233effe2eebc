using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Xunit;

namespace Gateway.Tests.Engine;

public sealed class SiteEngineRestartTests
{
    private readonly EngineRun _run = new(TestSite.Ten - 1_000_000);

    [Fact]
    public void An_hour_of_the_gateway_being_down_is_unknown_for_every_device_and_one_alarm()
    {
        while (_run.NowMs < TestSite.Ten)
        {
            _run.Measure("c1", "load_t", 1);
            _run.Pass(5);
        }
        _run.Restart(downSeconds: 3600, heartbeatAgeSeconds: 5);
        _run.Pass(2);
        _run.Measure("c1", "load_t", 1, flags: ReadingFlags.Retained);
        Assert.Equal((PresenceState.Unknown, "gateway"), _run.PresenceOf("c1"));
        _run.Pass(5);
        _run.Measure("c1", "load_t", 1);

        Assert.Equal(3_612_000, _run.Total("c1", PresenceState.Unknown, "gateway"));
        Assert.Equal(0, _run.Total("c1", PresenceState.Offline));
        var down = _run.Open(TestSite.GatewayId, "gateway-was-down")!;
        Assert.Equal((AlarmState.ReturnedUnacked, 1, TestSite.Ten - 5_000), (down.State, down.Count, down.RaisedAtMs));
    }

    [Fact]
    public void A_quick_restart_is_no_alarm()
    {
        _run.Restart(downSeconds: 3);
        Assert.Null(_run.Open(TestSite.GatewayId, "gateway-was-down"));
    }

    [Fact]
    public void An_alarm_that_stood_goes_on_and_clears_only_by_a_measurement()
    {
        _run.Measure("c1", "moment_pct", 104);
        string id = _run.Open("c1", "crane-moment-alarm")!.Id;
        _run.Restart(10);
        _run.Measure("c1", "moment_pct", 104);
        Assert.Equal((id, 1), (_run.Open("c1", "crane-moment-alarm")!.Id, _run.Open("c1", "crane-moment-alarm")!.Count));
        _run.Pass(1);
        _run.Measure("c1", "moment_pct", 50);
        _run.Pass(3);
        _run.Measure("c1", "moment_pct", 50);
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open("c1", "crane-moment-alarm")!.State);
    }

    [Fact]
    public void A_stranger_is_the_same_alarm_after_a_restart_and_quiet_still_ends_it()
    {
        var stranger = new UnregisteredDevice(_run.Site.Ledger.Devices.Count, "mqtt", "site/s1/crane/x9", "crane", "{}");
        _run.Do(e => e.Unregistered(stranger, _run.NowMs));
        string id = _run.Open("mqtt:site/s1/crane/x9", "device-unregistered")!.Id;
        _run.Do(e => e.Alarms.Acknowledge(id, "crew", null, _run.NowMs));

        _run.Restart(10);
        _run.Do(e => e.Unregistered(stranger, _run.NowMs));
        var after = _run.Open("mqtt:site/s1/crane/x9", "device-unregistered")!;
        Assert.Equal((id, AlarmState.Acked, 1), (after.Id, after.State, after.Count));

        _run.Pass(601, tickMs: 10_000);
        Assert.Null(_run.Open("mqtt:site/s1/crane/x9", "device-unregistered"));
    }

    [Fact]
    public void A_device_that_is_not_in_service_is_not_missed_after_a_restart()
    {
        _run.Restart(10);
        _run.Pass(300);
        Assert.Equal(PresenceState.NotInService, _run.PresenceOf("h2").State);
        Assert.Null(_run.Open("h2", "device-silent"));
        Assert.Equal(_run.NowMs - (TestSite.Ten - 1_000_000), _run.Total("h2", PresenceState.NotInService));
    }

    [Fact]
    public void A_device_that_left_service_while_the_gateway_was_down_is_out_from_its_day()
    {
        long midnight = TestSite.Ten + 14 * 3_600_000;
        _run.PassTo(TestSite.Ten);
        _run.Measure("h1", "load_t", 1);
        _run.Restart((midnight - _run.NowMs) / 1000.0 + 3_600);
        _run.Pass(120);

        Assert.Equal(PresenceState.NotInService, _run.PresenceOf("h1").State);
        Assert.Equal(3_720_000, _run.Total("h1", PresenceState.NotInService));
    }

    [Fact]
    public void A_bus_that_is_still_lost_after_the_restart_keeps_its_alarm()
    {
        _run.Measure("w1", "wind_mps", 3);
        _run.Do(e => e.PortLost("b1", PresenceCause.Bus, "gone", _run.NowMs));
        string id = _run.Open("b1", "bus-lost")!.Id;
        _run.Restart(5);
        _run.Do(e => e.PortLost("b1", PresenceCause.Bus, "still gone", _run.NowMs));

        Assert.Equal((id, AlarmState.Unacked, 1), (_run.Open("b1", "bus-lost")!.Id, _run.Open("b1", "bus-lost")!.State, _run.Open("b1", "bus-lost")!.Count));
        Assert.Equal((PresenceState.Unknown, "bus"), _run.PresenceOf("w1"));
    }

    [Fact]
    public void Todays_figures_are_taken_up_after_a_restart()
    {
        for (int i = 0; i < 50; i++)
        {
            _run.Measure("c1", "load_t", 1);
            _run.Pass(10);
        }
        _run.Restart(100);
        _run.Measure("c1", "load_t", 1);
        _run.Pass(10);

        var (online, required) = _run.Engine.Presences().First(p => p.Device == _run.Site.IndexOf("c1")).Presence.Today(_run.NowMs);
        Assert.Equal((510_000, 610_000), (online, required));
    }
}

using Gateway.Domain.Alarms;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Links.MqttClient;
using Gateway.Tests.Links.MqttClient;
using Xunit;

namespace Gateway.Tests.Engine;

/// <summary>A broker that is away: what is behind it is unknown, and one alarm says why.</summary>
public sealed class BrokerPresenceTests
{
    private const string Broker = BrokerSite.Yard;

    private readonly EngineRun _run = new(TestSite.Ten, BrokerSite.Create());

    [Fact]
    public void Until_the_broker_was_reached_or_missed_nothing_is_said_of_its_devices()
    {
        _run.Pass(300);
        Assert.Equal((PresenceState.Unknown, PresenceCause.Gateway), _run.PresenceOf("y1"));
        Assert.DoesNotContain(_run.Steps, a => a.Subject.Kind == SubjectKind.Broker || a.Subject.Id == "y1");
        // A device of the listener has no such excuse.
        Assert.Equal((PresenceState.Offline, "silent"), _run.PresenceOf("c1"));

        _run.Do(e => e.BrokerBack(Broker, _run.NowMs));
        _run.Pass(59);
        Assert.Equal((PresenceState.Unknown, PresenceCause.Gateway), _run.PresenceOf("y1"));
        _run.Pass(2);
        Assert.Equal((PresenceState.Offline, "silent"), _run.PresenceOf("y1"));
    }

    [Fact]
    public void A_broker_that_is_not_there_at_the_start_is_one_alarm_and_an_unknown_for_all_behind_it()
    {
        _run.Do(e => e.BrokerLost(Broker, "10.0.0.7:1883: connection refused", _run.NowMs));
        _run.Pass(300);

        var root = _run.Open(Broker, "broker-lost")!;
        Assert.Equal((SubjectKind.Broker, "10.0.0.7:1883: connection refused", AlarmState.Unacked), (root.Subject.Kind, root.Cause, root.State));
        foreach (string device in new[] { "y1", "y2", "y3" }) Assert.Equal((PresenceState.Unknown, PresenceCause.Broker), _run.PresenceOf(device));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Gateway), _run.PresenceOf("l1"));
        Assert.Single(_run.Steps, a => a.Subject.Kind == SubjectKind.Broker);
    }

    [Fact]
    public void A_lost_broker_suppresses_the_silence_behind_it_and_gives_it_back()
    {
        _run.Do(e => e.BrokerBack(Broker, _run.NowMs));
        _run.Measure("y1", "load_t", 1);
        _run.Pass(30);
        _run.Measure("y2", "load_t", 1);
        _run.Pass(31);
        Assert.Equal(AlarmState.Unacked, _run.Open("y1", "device-silent")!.State);
        long lost = _run.NowMs;
        _run.Do(e => e.BrokerLost(Broker, "gone", lost));

        var root = _run.Open(Broker, "broker-lost")!;
        Assert.Equal((AlarmState.Suppressed, root.Id), (_run.Open("y1", "device-silent")!.State, _run.Open("y1", "device-silent")!.Root));
        _run.Pass(300);
        Assert.Null(_run.Open("y2", "device-silent"));

        _run.Do(e => e.BrokerBack(Broker, _run.NowMs));
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open(Broker, "broker-lost")!.State);
        _run.Pass(5);
        _run.Measure("y2", "load_t", 1);
        Assert.Equal(305_000, _run.Total("y2", PresenceState.Unknown, PresenceCause.Broker));
        Assert.Equal(0, _run.Total("y2", PresenceState.Offline));
        _run.Pass(56);
        Assert.Equal(AlarmState.Unacked, _run.Open("y1", "device-silent")!.State);
    }

    [Fact]
    public void What_the_broker_kept_gives_no_life()
    {
        _run.Do(e => e.BrokerBack(Broker, _run.NowMs));
        _run.Measure("y1", "load_t", 1);
        _run.Do(e => e.BrokerLost(Broker, "gone", _run.NowMs));
        _run.Pass(100);
        _run.Do(e => e.BrokerBack(Broker, _run.NowMs));
        for (int n = 0; n < 5; n++) _run.Measure("y1", "moment_pct", 130, flags: ReadingFlags.Backfill);
        _run.Measure("y1", "moment_pct", 130, flags: ReadingFlags.Retained);

        Assert.Equal((PresenceState.Unknown, PresenceCause.Broker), _run.PresenceOf("y1"));
        Assert.Null(_run.Open("y1", "crane-moment-alarm"));

        _run.Measure("y1", "moment_pct", 50);
        Assert.Equal((PresenceState.Online, ""), _run.PresenceOf("y1"));
        _run.Pass(1);
        Assert.Equal(100_000, _run.Total("y1", PresenceState.Unknown, PresenceCause.Broker));
    }

    [Fact]
    public void A_death_notice_does_not_count_while_the_broker_is_away()
    {
        _run.Do(e => e.BrokerLost(Broker, "gone", _run.NowMs));
        _run.Do(e => e.Died(_run.Site.IndexOf("y1"), PresenceCause.Will, _run.NowMs));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Broker), _run.PresenceOf("y1"));
    }

    [Fact]
    public void An_alarm_on_a_broker_survives_a_restart_and_returns_when_it_is_back()
    {
        _run.Do(e => e.BrokerLost(Broker, "gone", _run.NowMs));
        string id = _run.Open(Broker, "broker-lost")!.Id;
        _run.Restart(10);
        _run.Do(e => e.BrokerLost(Broker, "still gone", _run.NowMs));
        Assert.Equal((id, AlarmState.Unacked), (_run.Open(Broker, "broker-lost")!.Id, _run.Open(Broker, "broker-lost")!.State));
        _run.Restart(10);
        _run.Do(e => e.BrokerBack(Broker, _run.NowMs));
        Assert.Equal((id, AlarmState.ReturnedUnacked), (_run.Open(Broker, "broker-lost")!.Id, _run.Open(Broker, "broker-lost")!.State));
    }

    [Fact]
    public void A_broker_that_refuses_us_is_an_alarm_of_its_own_and_names_the_broker()
    {
        _run.Do(e => e.ConditionRaised(Broker, MqttClientLink.RefusedCause, "10.0.0.7:1883: refused the connection (NotAuthorized)", _run.NowMs));
        var alarm = _run.Open(Broker, "broker-refused")!;
        Assert.Contains("NotAuthorized", alarm.Cause, StringComparison.Ordinal);
        Assert.Equal(Broker, _run.Engine.ViewOf(alarm, 1).Subject.Name.En);
        _run.Do(e => e.ConditionOver(Broker, MqttClientLink.RefusedCause, _run.NowMs));
        Assert.Equal(AlarmState.ReturnedUnacked, _run.Open(Broker, "broker-refused")!.State);
    }

    [Fact]
    public void A_bus_and_a_broker_of_one_name_are_two_things()
    {
        _run.Do(e => e.BrokerLost("b1", "no broker of the site", _run.NowMs));
        _run.Do(e => e.PortLost(Broker, PresenceCause.Bus, "no bus of the site", _run.NowMs));
        Assert.DoesNotContain(_run.Steps, a => a.Rule is "broker-lost" or "bus-lost");
        Assert.Equal((PresenceState.Unknown, PresenceCause.Gateway), _run.PresenceOf("y1"));
    }
}

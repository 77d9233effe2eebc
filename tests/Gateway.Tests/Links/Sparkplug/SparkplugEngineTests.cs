using Gateway.Domain.Presence;
using Gateway.Domain.Rules;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Testing;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>What the engine makes of a host's readings and events.</summary>
public sealed class SparkplugEngineTests : IDisposable
{
    private readonly SparkplugRig _rig = new();
    private readonly TestNode _node;
    private readonly SiteEngine _engine;

    public SparkplugEngineTests()
    {
        var problems = new Gateway.Domain.Configuration.Problems();
        var rules = Repository.ReadAll("src/Gateway.Service/rules", ".json").SelectMany(f => RulePackReader.Read(f.File, f.Utf8, problems)).ToList();
        _engine = new SiteEngine(_rig.Ledger, [.. _rig.Directory.Registered.Select(r => r.Profile.Device)], rules, _rig.Texts, "gw", _rig.NowMs);
        _node = new TestNode("yard", "n1", () => _rig.NowMs);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_birth_with_a_good_value_is_life()
    {
        Take(_node.Birth(), _node.DeviceBirth("k1", Load(1)));
        Assert.Equal((PresenceState.Online, null), Presence("c1"));
        Assert.Equal((PresenceState.Unknown, PresenceCause.Gateway), Presence("c2"));
    }

    [Fact]
    public void A_birth_of_nulls_bad_or_past_values_is_none()
    {
        Take(_node.Birth(), _node.DeviceBirth("k1", TestMetric.Null("Crane/load_t", 10), TestMetric.Double("Crane/wind_mps", 1) with { Quality = 500 }, Load(1) with { Historical = true }));
        Assert.Equal(PresenceState.Unknown, Presence("c1").State);
    }

    [Fact]
    public void A_retained_message_is_no_life()
    {
        Take(_node.Birth());
        _rig.Take(_node.DeviceBirth("k1", Load(1)), retained: true);
        Judge();
        Assert.Equal(PresenceState.Unknown, Presence("c1").State);
    }

    [Fact]
    public void Where_a_heartbeat_is_life_a_good_value_is_one_and_a_bad_one_is_none()
    {
        var camera = new TestNode("yard", "n3", () => _rig.NowMs);
        Take(camera.Birth(TestMetric.Null("Camera/fps", 10)));
        Assert.Equal(PresenceState.Unknown, Presence("v1").State);
        Take(camera.Data(TestMetric.Double("Camera/fps", 25)));
        Assert.Equal(PresenceState.Online, Presence("v1").State);
    }

    [Fact]
    public void Death_is_its_own_cause_and_raises_the_alarm_of_silence()
    {
        Take(_node.Birth(), _node.DeviceBirth("k1", Load(1)), _node.DeviceBirth("k2", Load(1)), _node.DeviceDeath("k1"));
        Assert.Equal((PresenceState.Offline, "death"), Presence("c1"));
        Assert.Equal(PresenceState.Online, Presence("c2").State);
        Take(_node.Death());
        Assert.Equal((PresenceState.Offline, "death"), Presence("c2"));
        Assert.Contains(_engine.Alarms.Open, a => a.Subject.Id == "c1" && a.Cause == "death");
        _node.Connect();
        Take(_node.Birth(), _node.DeviceBirth("k1", Load(1)));
        Assert.Equal(PresenceState.Online, Presence("c1").State);
    }

    [Fact]
    public void A_rule_with_a_delay_holds_while_other_values_change()
    {
        Take(_node.Birth(), _node.DeviceBirth("k1", TestMetric.Double("Crane/moment_pct", 95), TestMetric.Double("Crane/wind_mps", 1)));
        for (int i = 0; i < 4; i++)
        {
            Pass(1_000);
            Take(_node.DeviceData("k1", TestMetric.Double("Crane/wind_mps", 2 + i)));
        }
        Assert.Contains(_engine.Alarms.Open, a => a.Rule == "crane-moment-warn" && a.Subject.Id == "c1");
    }

    [Fact]
    public void A_stranger_raises_its_alarm_with_its_address()
    {
        var stranger = new TestNode("other", "n", () => _rig.NowMs);
        Take(stranger.Birth(), stranger.DeviceBirth("k", Load(1)), stranger.DeviceData("k", Load(2)));
        Assert.Contains(_engine.Alarms.Open, a => a.Subject.Id == "sparkplug:other/n/k");
        Assert.Equal(2, _engine.View(_rig.NowMs, 1, _ => 0).Unregistered.Single().Messages);
    }

    private void Pass(int ms) => _rig.Pass(ms / 1000.0);

    private void Take(params IEnumerable<TestMessage> messages)
    {
        _rig.Sends(messages);
        Judge();
    }

    /// <summary>As the engine stage does: events and readings in the order in which they came.</summary>
    private void Judge()
    {
        var seen = _rig.Ingested();
        int next = 0;
        for (int i = 0; i <= seen.Readings.Count; i++)
        {
            for (; next < seen.Raw.Count && seen.Raw[next].AfterReading <= i; next++) Judge(seen.Raw[next]);
            if (i < seen.Readings.Count) _engine.Read(seen.Readings[i].Reading, seen.Readings[i].Raw);
        }
        _engine.Tick(_rig.NowMs);
    }

    private void Judge(LinkEvent e)
    {
        switch (e.Kind)
        {
            case LinkEventKind.Up or LinkEventKind.Down: _engine.LinkChanged(e.Device, e.Kind == LinkEventKind.Up, e.AtMs); break;
            case LinkEventKind.Died: _engine.Died(e.Device, e.Cause, e.AtMs); break;
            default: _engine.Unregistered(e.Stranger!, e.AtMs); break;
        }
    }

    private (PresenceState State, string? Cause) Presence(string device)
    {
        int index = _rig.Directory.Registered.Single(r => r.Id == device).Index;
        var view = _engine.PresenceOf(index, _rig.NowMs);
        return (view.State, view.Cause);
    }

    private static TestMetric Load(double value) => TestMetric.Double("Crane/load_t", value);
}

using Gateway.Decoding;
using Gateway.Links.Sparkplug;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>Death certificates: whose, and which are stale.</summary>
public sealed class SparkplugDeathTests : SparkplugSession
{
    [Fact]
    public void The_death_of_a_node_takes_all_its_devices_down()
    {
        Born();
        _rig.Ingested();
        _rig.Sends(_node.Death());
        var seen = _rig.Ingested();
        Assert.Equal(["Down c1", "Died c1 death", "Down c2", "Died c2 death"], seen.Events);
        Assert.All(seen.Raw, e => Assert.Equal(_rig.NowMs, e.AtMs));
        Assert.Equal(DecodeOutcome.BeforeBirth, _rig.Take(_node.DeviceData("k1", Load(2))).Reason);
        Assert.Equal((0, 0), (_rig.Host.Figures().NodesBorn, _rig.Host.Figures().DevicesBorn));
    }

    [Fact]
    public void A_node_takes_also_the_devices_down_that_it_has_not_announced_yet()
    {
        _rig.Sends(_node.Birth(), _node.Death());
        Assert.Equal(["Down c1", "Died c1 death", "Down c2", "Died c2 death"], _rig.Ingested().Events);
    }

    [Fact]
    public void The_will_of_an_older_connection_kills_nobody()
    {
        Born();
        var older = _node.Death();
        _node.Connect();
        _rig.Pass(1);
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(1)));
        _rig.Ingested();
        Assert.Equal(new SparkplugOutcome(SparkplugAnswer.Refused, DecodeOutcome.StaleDeath), _rig.Take(older));
        Assert.Empty(_rig.Ingested().Events);
        _rig.Sends(_node.DeviceData("k1", Load(2)));
    }

    [Fact]
    public void The_will_after_a_death_the_node_itself_published_is_ignored()
    {
        Born();
        _rig.Sends(_node.Death());
        _rig.Ingested();
        Assert.Equal(DecodeOutcome.StaleDeath, _rig.Take(_node.Death()).Reason);
        Assert.Empty(_rig.Ingested().Events);
    }

    [Fact]
    public void A_death_without_its_number_kills_nobody()
    {
        Born();
        _rig.Ingested();
        Assert.Equal(DecodeOutcome.StaleDeath, _rig.Take(new TestMessage("spBv1.0/yard/NDEATH/n1", TestPayload.Of(0, null))).Reason);
        Assert.Equal(DecodeOutcome.StaleDeath, _rig.Take(new TestMessage("spBv1.0/yard/NDEATH/n9", TestPayload.NodeDeath(1))).Reason);
        Assert.Empty(_rig.Ingested().Events);
    }

    [Fact]
    public void What_waits_when_its_node_dies_is_not_lost()
    {
        Born();
        _ = _node.DeviceData("k1", Load(1));
        _rig.Sends(_node.DeviceData("k1", Load(2)), _node.Death());
        var seen = _rig.Ingested();
        Assert.Single(seen.Readings, r => !r.AnyGood);
        Assert.Equal(4, seen.Events.Count(e => e != "Up c1" && e != "Up c2"));
        Assert.Equal(0, _rig.Host.Figures().Held);
        _rig.Pass(60);
        Assert.Empty(_rig.Published);
    }

    [Fact]
    public void The_death_of_a_device_is_its_own_and_ends_with_its_next_birth()
    {
        Born();
        _rig.Ingested();
        _rig.Sends(_node.DeviceDeath("k1"), _node.DeviceData("k2", Wind(1)));
        Assert.Equal(["Down c1", "Died c1 death"], _rig.Ingested().Events);
        Assert.Equal(DecodeOutcome.BeforeBirth, _rig.Take(_node.DeviceData("k1", Load(2))).Reason);
        _rig.Sends(_node.DeviceBirth("k1", Load(3)), _node.DeviceData("k1", Load(4)));
        Assert.Equal(["Up c1"], _rig.Ingested().Events);
    }
}

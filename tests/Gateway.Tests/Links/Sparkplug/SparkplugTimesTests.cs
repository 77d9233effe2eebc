using Gateway.Decoding;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>What only the times of messages tell: stragglers, overtaken births, two sessions at once.</summary>
public sealed class SparkplugTimesTests : SparkplugSession
{
    [Fact]
    public void A_straggler_of_the_session_before_does_not_disturb_the_new_one()
    {
        Born();
        for (int i = 0; i < 5; i++) _rig.Sends(_node.DeviceData("k1", Load(1)));
        var straggler = _node.DeviceData("k1", Load(9));
        _rig.Pass(1);
        _node.Connect();
        for (int i = 0; i < 200; i++) _node.Seq++;
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(2)));
        _rig.Ingested();
        Assert.Equal(DecodeOutcome.OutOfOrder, _rig.Take(straggler).Reason);
        _rig.Sends(_node.DeviceData("k1", Load(3)));
        Assert.Equal(3, _rig.Ingested().Readings.Single().Good("load_t"));
    }

    [Fact]
    public void A_straggler_that_seems_early_does_not_wait_either()
    {
        Born();
        for (int i = 0; i < 5; i++) _rig.Sends(_node.DeviceData("k1", Load(1)));
        var straggler = _node.DeviceData("k1", Load(9));
        _rig.Pass(1);
        _node.Connect();
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(2)));
        Assert.Equal(DecodeOutcome.OutOfOrder, _rig.Take(straggler).Reason);
        Assert.Equal(0, _rig.Host.Figures().Held);
        _rig.Pass(60);
        Assert.Empty(_rig.Published);
    }

    [Fact]
    public void A_straggler_that_has_its_turn_by_chance_is_not_believed_by_alias()
    {
        Born();
        var straggler = _node.DeviceData("k1", Load(9));
        _rig.Pass(1);
        _node.Connect();
        _node.NextAlias = 1;
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Wind(2), Load(2)), _node.DeviceBirth("k2", Wind(1)));
        _rig.Ingested();
        _rig.Sends(straggler);
        Assert.False(_rig.Ingested().Readings.Single().AnyGood);
        Assert.Single(_rig.Rebirths);
    }

    [Fact]
    public void When_a_nodes_clock_went_back_its_gaps_are_still_noticed()
    {
        long back = 0;
        var node = new TestNode("yard", "n1", () => _rig.NowMs - back) { UsesAliases = false };
        _rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(1)));
        back = 3_600_000;
        _rig.Pass(6);
        node.Seq++;
        _rig.Sends(node.DeviceData("k1", Load(2)));
        Assert.Equal(1, _rig.Host.Figures().Held);
        _rig.Pass(5);
        Assert.Single(_rig.Rebirths);
        Assert.Equal(2, _rig.Ingested().Readings[^1].Good("load_t"));
    }

    [Fact]
    public void A_message_that_fills_a_gap_but_was_sent_after_those_that_wait_is_of_another_session()
    {
        Born();
        byte gap = _node.Seq++;
        _rig.Sends(_node.DeviceData("k1", Load(2)));
        _rig.Pass(2);
        _node.Connect();
        _node.NextAlias = 1;
        _ = _node.Birth();
        _ = _node.DeviceBirth("k1", Wind(1), Load(1));
        _node.Seq = gap;
        _rig.Sends(_node.DeviceData("k1", Load(3)));
        Assert.Single(_rig.Rebirths);
        Assert.Equal(0, _rig.Host.Figures().Held);
        Assert.All(_rig.Ingested().Readings, r => Assert.False(r.AnyGood));
    }

    [Fact]
    public void What_seems_late_but_was_sent_last_is_of_another_session()
    {
        Born();
        byte gap = _node.Seq++;
        _rig.Sends(_node.DeviceData("k1", Load(2)));
        _rig.Pass(5);
        _rig.Ingested();
        _rig.Pass(1);
        _node.Seq = gap;
        _rig.Sends(_node.DeviceBirth("k1", Load(3)), _node.DeviceData("k1", Load(4)));
        Assert.Equal([3.0, 4], _rig.Ingested().Readings.Select(r => r.Good("load_t")!.Value));
    }

    [Fact]
    public void A_birth_that_was_overtaken_by_later_messages_begins_in_doubt()
    {
        var birth = _node.Birth();
        _rig.Pass(1);
        _rig.Take(_node.DeviceData("k1", Load(1)));
        _rig.Sends(birth);
        Assert.Single(_rig.Rebirths);
        _rig.Pass(31);
        Assert.Equal(2, _rig.Rebirths.Count());
        _rig.Sends(_node.Birth());
        _rig.Pass(60);
        Assert.Equal(2, _rig.Rebirths.Count());
    }

    [Fact]
    public void Times_a_little_apart_tell_nothing()
    {
        long skew = 0;
        var node = new TestNode("yard", "n1", () => _rig.NowMs + skew);
        _rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(1)));
        skew = 400;
        var first = node.DeviceData("k1", Load(2));
        skew = 0;
        _rig.Sends(node.DeviceData("k1", Load(3)));
        _rig.Sends(first, node.DeviceData("k1", Load(4)), node.Birth());
        Assert.Equal([1.0, 2, 3, 4], _rig.Ingested().Readings.Select(r => r.Good("load_t")!.Value));
        Assert.Empty(_rig.Published);
    }

    [Fact]
    public void Messages_that_overtook_their_node_birth_wait_for_it_and_older_ones_go_before_it()
    {
        _node.Seq = 200;
        Born();
        _ = _node.DeviceData("k1", Load(1));
        var old = _node.DeviceData("k2", Wind(4));
        _rig.Sends(old);
        _rig.Pass(1);
        _node.Connect();
        var birth = _node.Birth();
        _rig.Sends(_node.DeviceBirth("k1", Load(5)));
        _rig.Sends(birth);

        Assert.Empty(_rig.Published);
        var readings = _rig.Ingested().Readings;
        Assert.Equal(["c2", "c1"], readings.Select(r => r.Device));
        Assert.Equal(5, readings[1].Good("load_t"));
        Assert.Equal((1, 0), (_rig.Host.Figures().DevicesBorn, _rig.Host.Figures().Held));
    }
}

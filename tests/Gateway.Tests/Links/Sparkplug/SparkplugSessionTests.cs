using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Links.Sparkplug;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>Births and data by alias: one test a rule of FORMAT.md.</summary>
public sealed class SparkplugSessionTests : SparkplugSession
{
    [Fact]
    public void A_birth_brings_its_device_up_and_carries_its_values()
    {
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(1.5), TestMetric.Text("Crane/operator", "op-1"), TestMetric.Double("Vendor/x", 9)));

        var seen = _rig.Ingested();
        Assert.Equal(["Up c1"], seen.Events);
        Assert.Equal(["crane,site=s1,device=c1 load_t=1.5,operator=\"op-1\""], seen.Lines);
        Assert.Equal(("c1", ReadingKind.Measurement, ReadingFlags.None, _rig.NowMs, _rig.NowMs), (seen.Readings[0].Device, seen.Readings[0].Kind, seen.Readings[0].Flags, seen.Readings[0].MeasuredAtMs, seen.Readings[0].ReceivedAtMs));
        Assert.Equal(new SparkplugFigures(1, 1, 0, 0, 0, 0), _rig.Host.Figures());
    }

    [Fact]
    public void Data_by_alias_is_what_the_birth_gave_that_alias_to()
    {
        Born();
        _rig.Sends(_node.DeviceData("k1", Load(2.5)), _node.DeviceData("k2", Wind(7)), _node.DeviceData("k1", Wind(3), Load(4)));
        Assert.Equal(["crane,site=s1,device=c1 load_t=2.5", "crane,site=s1,device=c2 wind_mps=7", "crane,site=s1,device=c1 wind_mps=3,load_t=4"], _rig.Ingested().Lines);
    }

    [Fact]
    public void Data_by_name_is_read_too()
    {
        var plain = new TestNode("yard", "n1", () => _rig.NowMs) { UsesAliases = false };
        _rig.Sends(plain.Birth(), plain.DeviceBirth("k1", Load(1)), plain.DeviceData("k1", Load(2) with { Type = null }));
        Assert.Equal(2, _rig.Ingested().Readings[^1].Good("load_t"));
    }

    [Fact]
    public void A_node_can_be_a_device_itself()
    {
        var node = new TestNode("yard", "n2", () => _rig.NowMs);
        _rig.Sends(node.Birth(Load(1)), node.Data(Load(2)));
        var seen = _rig.Ingested();
        Assert.Equal(["Up c3"], seen.Events);
        Assert.Equal([1.0, 2.0], seen.Readings.Select(r => r.Good("load_t")!.Value));
    }

    [Fact]
    public void A_birth_may_begin_with_any_number()
    {
        _node.Seq = 254;
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(1)), _node.DeviceData("k1", Load(2)), _node.DeviceData("k1", Load(3)));
        Assert.Equal(3, _rig.Ingested().Readings.Count);
    }

    [Fact]
    public void An_alias_of_another_device_is_unknown()
    {
        Born();
        byte[] stolen = TestPayload.Of(_rig.NowMs, _node.Seq++, Load(9).ByAlias(3));
        Assert.Equal(DecodeOutcome.UnknownMetric, _rig.Take(new TestMessage("spBv1.0/yard/DDATA/n1/k1", stolen)).Reason);
    }

    [Fact]
    public void An_alias_that_stands_for_two_metrics_stands_for_none()
    {
        byte[] birth = TestPayload.Of(_rig.NowMs, 1, Load(1) with { Alias = 7 }, Wind(2) with { Alias = 7 }, Tilt(3) with { Alias = 8 });
        _rig.Sends(_node.Birth(), new TestMessage("spBv1.0/yard/DBIRTH/n1/k1", birth));
        _node.Seq++;
        Assert.Equal(1, _rig.CountOf(DecodeOutcome.BadFrame));
        _rig.Ingested();
        byte[] data = TestPayload.Of(_rig.NowMs, _node.Seq++, Load(9).ByAlias(7), Tilt(4).ByAlias(8));
        _rig.Sends(new TestMessage("spBv1.0/yard/DDATA/n1/k1", data));
        Assert.Equal(["crane,site=s1,device=c1 tilt_deg=4"], _rig.Ingested().Lines);
    }

    [Fact]
    public void A_new_birth_gives_aliases_anew()
    {
        Born();
        _node.NextAlias = 1;
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Wind(1), Load(2)), _node.DeviceData("k1", Load(3)));
        Assert.Equal("crane,site=s1,device=c1 load_t=3", _rig.Ingested().Lines[^1]);
        _rig.Sends(_node.DeviceData("k1", Wind(5)));
        Assert.Equal(["crane,site=s1,device=c1 wind_mps=5"], _rig.Ingested().Lines);
    }

    [Fact]
    public void After_a_birth_of_its_node_a_device_is_silent_until_its_own()
    {
        Born();
        _rig.Sends(_node.Birth());
        Assert.Equal(DecodeOutcome.BeforeBirth, _rig.Take(_node.DeviceData("k1", Load(2))).Reason);
    }

    [Fact]
    public void The_same_birth_twice_does_not_begin_anew()
    {
        var birth = _node.Birth();
        _rig.Sends(birth, _node.DeviceBirth("k1", Load(1)));
        Assert.Equal(DecodeOutcome.Repeated, _rig.Take(birth).Reason);
        _rig.Sends(_node.DeviceData("k1", Load(2)));
        Assert.Empty(_rig.Published);
    }

    [Fact]
    public void Two_births_that_say_no_time_may_look_alike_and_are_two()
    {
        var birth = new TestMessage("spBv1.0/yard/NBIRTH/n1", TestPayload.Of(0, 0, TestMetric.Long("bdSeq", 1)));
        _rig.Sends(birth, birth);
        Assert.Equal(0, _rig.CountOf(DecodeOutcome.Repeated));
    }

    [Fact]
    public void Switched_off_it_takes_nothing()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { Enabled = false });
        Assert.Equal(SparkplugAnswer.NotSparkplug, rig.Send(_node.Birth()));
    }
}

using Gateway.Decoding;
using Gateway.Links.Sparkplug;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>Rebirth requests: when, and how often.</summary>
public sealed class SparkplugRebirthTests : SparkplugSession
{
    [Fact]
    public void A_node_is_asked_at_most_once_in_its_time_and_again_when_it_is_over()
    {
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(new SparkplugOutcome(SparkplugAnswer.Refused, DecodeOutcome.BeforeBirth), _rig.Take(_node.DeviceData("k1", Load(1))));
            _rig.Pass(1);
        }
        Assert.Single(_rig.Rebirths);
        // A request that had to wait goes out without another message, and only one.
        _rig.Pass(11);
        Assert.Equal(2, _rig.Rebirths.Count());
        _rig.Pass(300);
        Assert.Equal(2, _rig.Rebirths.Count());
    }

    [Fact]
    public void Every_node_has_a_time_of_its_own()
    {
        var other = new TestNode("yard", "n2", () => _rig.NowMs);
        _rig.Take(_node.Data(Load(1)));
        _rig.Take(other.Data(Load(1)));
        Assert.Equal(["spBv1.0/yard/NCMD/n1", "spBv1.0/yard/NCMD/n2"], _rig.Rebirths);
    }

    [Fact]
    public void Data_of_a_device_that_was_not_born_asks_for_a_rebirth_and_keeps_the_count()
    {
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(1)));
        Assert.Equal(DecodeOutcome.BeforeBirth, _rig.Take(_node.DeviceData("k2", Load(1))).Reason);
        Assert.Single(_rig.Rebirths);
        _rig.Sends(_node.DeviceData("k1", Load(2)));
        Assert.Equal(2, _rig.Ingested().Readings.Count);
    }

    [Fact]
    public void An_alias_that_no_birth_gave_asks_for_a_rebirth_and_the_rest_is_kept()
    {
        Born();
        _rig.Sends(_node.DeviceData("k1", Load(2), Wind(1) with { Name = null, Alias = 999, Type = null }));
        Assert.Single(_rig.Rebirths);
        Assert.Equal(2, _rig.Ingested().Readings[0].Good("load_t"));
        Assert.Equal(1, _rig.CountOf(DecodeOutcome.UnknownMetric));
    }

    [Fact]
    public void A_name_of_the_profile_that_the_birth_left_out_asks_for_a_rebirth_and_any_other_name_does_not()
    {
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(1)));
        _rig.Sends(_node.DeviceData("k1", Load(2), TestMetric.Double("Vendor/y", 1)));
        Assert.Empty(_rig.Published);
        Assert.Equal(DecodeOutcome.UnknownMetric, _rig.Take(_node.DeviceData("k1", Wind(3))).Reason);
        Assert.Single(_rig.Rebirths);
    }

    [Fact]
    public void A_request_counts_its_time_from_when_it_went_out_and_not_from_when_its_cause_came()
    {
        _rig.Sends(_node.Birth());
        var birth = _node.DeviceBirth("k1", Load(1));
        _rig.Sends(_node.DeviceData("k9", Load(1)));
        _rig.Pass(4);
        _rig.Sends(birth);
        long askedMs = _rig.Published.Single().AtMs;
        Assert.Equal(_rig.NowMs, askedMs);
        _rig.Take(_node.DeviceData("k9", Load(1)));
        _rig.Pass(60);
        Assert.Equal([askedMs, askedMs + 30_000], _rig.Published.Select(p => p.AtMs));
    }

    [Fact]
    public void A_birth_cancels_the_request_that_still_waits()
    {
        _rig.Take(_node.DeviceData("k1", Load(1)));
        _rig.Take(_node.DeviceData("k1", Load(1)));
        _rig.Sends(_node.Birth());
        _rig.Pass(60);
        Assert.Single(_rig.Rebirths);
    }

    [Fact]
    public void A_death_cancels_the_request_that_still_waits()
    {
        _rig.Sends(_node.Birth());
        _rig.Take(_node.DeviceData("k1", Load(1)));
        _rig.Take(_node.DeviceData("k1", Load(1)));
        _rig.Sends(_node.Death());
        _rig.Pass(60);
        Assert.Single(_rig.Rebirths);
    }
}

using System.Text;
using Gateway.Decoding;
using Gateway.Links.Sparkplug;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>The host's own session: STATE, Will, a carrier that goes and comes.</summary>
public sealed class SparkplugCarrierTests : IDisposable
{
    private const string StateTopic = "spBv1.0/STATE/gateway";
    private readonly SparkplugRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Birth_and_will_of_the_host_have_one_topic_and_one_timestamp()
    {
        var (topic, payload) = _rig.Host.Will(1_000);
        Assert.Equal((StateTopic, """{"online":false,"timestamp":1000}"""), (Encoding.UTF8.GetString(topic), Encoding.UTF8.GetString(payload)));
        _rig.Host.CarrierBack(1_250);
        AssertState("""{"online":true,"timestamp":1000}""", _rig.Published.Single());
    }

    [Fact]
    public void Without_a_will_the_birth_has_the_time_of_the_carrier()
    {
        _rig.Host.CarrierBack(2_000);
        AssertState("""{"online":true,"timestamp":2000}""", _rig.Published.Single());
    }

    [Fact]
    public void Every_session_has_a_timestamp_of_its_own()
    {
        _rig.Host.CarrierBack(2_000);
        _rig.Host.CarrierLost(2_500);
        _rig.Host.Will(3_000);
        _rig.Host.CarrierBack(3_100);
        AssertState("""{"online":true,"timestamp":3000}""", _rig.Published[1]);
    }

    [Fact]
    public void Who_says_that_we_are_dead_is_answered_at_once_with_the_timestamp_of_the_session()
    {
        _rig.Host.CarrierBack(2_000);
        _rig.Sends(State("""{"online":false,"timestamp":1}"""));
        Assert.Equal(SparkplugAnswer.Taken, _rig.Send(State("""{"online":false,"timestamp":9999}"""), retained: true));
        Assert.Equal(3, _rig.Published.Count);
        Assert.All(_rig.Published, p => AssertState("""{"online":true,"timestamp":2000}""", p));
    }

    [Fact]
    public void Our_own_birth_other_hosts_and_a_broken_state_are_not_answered()
    {
        _rig.Host.CarrierBack(2_000);
        _rig.Published.Clear();
        _rig.Sends(State("""{"online":true,"timestamp":2000}"""), new TestMessage("spBv1.0/STATE/scada", Encoding.UTF8.GetBytes("""{"online":false,"timestamp":1}""")));
        Assert.Equal(DecodeOutcome.BadFrame, _rig.Take(State("OFFLINE")).Reason);
        Assert.Empty(_rig.Published);
    }

    [Fact]
    public void Leaving_says_so_with_its_own_time_and_the_echo_is_not_answered()
    {
        _rig.Host.CarrierBack(2_000);
        _rig.Host.Leave(5_000);
        AssertState("""{"online":false,"timestamp":5000}""", _rig.Published[1]);
        _rig.Sends(State("""{"online":false,"timestamp":5000}"""));
        Assert.Equal(2, _rig.Published.Count);
    }

    [Fact]
    public void The_host_id_is_the_operators()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { HostId = "工地" });
        rig.Host.CarrierBack(1);
        Assert.Equal("spBv1.0/STATE/工地", rig.Published.Single().Topic);
    }

    [Fact]
    public void A_lost_carrier_makes_every_birth_void_kills_nobody_and_asks_for_nothing()
    {
        var node = Born();
        _rig.Host.CarrierLost(_rig.NowMs);
        Assert.Equal(new SparkplugFigures(0, 0, 0, 0, 0, 0), _rig.Host.Figures());
        Assert.Equal(DecodeOutcome.BeforeBirth, _rig.Take(node.DeviceData("k1", Load(2))).Reason);
        _rig.Pass(60);
        Assert.Empty(_rig.Ingested().Events);
        Assert.Empty(_rig.Published);

        _rig.Host.CarrierBack(_rig.NowMs);
        Assert.Equal(DecodeOutcome.BeforeBirth, _rig.Take(node.DeviceData("k1", Load(3))).Reason);
        Assert.Single(_rig.Rebirths);
        _rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(4)), node.DeviceData("k1", Load(5)));
        Assert.Equal(5, _rig.Ingested().Readings[^1].Good("load_t"));
    }

    [Fact]
    public void A_request_that_waited_when_the_carrier_was_lost_does_not_go_out_after_it_is_back()
    {
        var node = new TestNode("yard", "n1", () => _rig.NowMs);
        _rig.Take(node.DeviceData("k1", Load(1)));
        _rig.Take(node.DeviceData("k1", Load(1)));
        _rig.Host.CarrierLost(_rig.NowMs);
        _rig.Host.CarrierBack(_rig.NowMs);
        _rig.Pass(60);
        Assert.Single(_rig.Rebirths);
    }

    [Fact]
    public void What_waits_when_the_carrier_is_lost_is_taken_as_it_is()
    {
        var node = Born(aliases: false);
        node.Seq++;
        _rig.Sends(node.DeviceData("k1", Load(7)));
        _rig.Host.CarrierLost(_rig.NowMs);
        Assert.Equal(7, _rig.Ingested().Readings.Single().Good("load_t"));
        Assert.Equal(0, _rig.Host.Figures().Held);
        Assert.Empty(_rig.Published);
    }

    [Fact]
    public void The_will_of_a_session_before_the_carrier_was_lost_kills_nobody()
    {
        var node = Born();
        _rig.Host.CarrierLost(_rig.NowMs);
        _rig.Host.CarrierBack(_rig.NowMs);
        Assert.Equal(DecodeOutcome.StaleDeath, _rig.Take(node.Death()).Reason);
        Assert.Empty(_rig.Ingested().Events);
    }

    [Fact]
    public void Commands_are_for_nodes()
    {
        _rig.Sends(new TestMessage("spBv1.0/yard/NCMD/n1", [0xFF]), new TestMessage("spBv1.0/yard/DCMD/n1/k1", [0xFF]));
        Assert.Empty(_rig.Published);
        Assert.Empty(_rig.Refused.All());
    }

    [Fact]
    public void A_carrier_that_delivers_what_we_publish_while_we_publish_it_hangs_nobody()
    {
        SparkplugHost? host = null;
        int delivered = 0;
        using var ingest = new Gateway.Ingest.IngestBuffer();
        host = new SparkplugHost(new SparkplugOptions(), _rig.Directory, _rig.Texts, ingest, _rig.Refused, (topic, payload, _, retain) =>
        {
            delivered++;
            Assert.Equal(SparkplugAnswer.Taken, host!.Take(topic, payload, retain, 1).Answer);
        });
        host.CarrierBack(1);
        host.Take("spBv1.0/yard/NDATA/n1"u8, TestPayload.Of(1, 0), false, 1);
        Assert.Equal(2, delivered);
    }

    private TestNode Born(bool aliases = true)
    {
        var node = new TestNode("yard", "n1", () => _rig.NowMs) { UsesAliases = aliases };
        _rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(1)));
        _rig.Ingested();
        return node;
    }

    private static TestMetric Load(double value) => TestMetric.Double("Crane/load_t", value);

    private static TestMessage State(string json) => new(StateTopic, Encoding.UTF8.GetBytes(json));

    private static void AssertState(string json, Publication published)
    {
        Assert.Equal((StateTopic, json, 1, true), (published.Topic, Encoding.UTF8.GetString(published.Payload), published.Qos, published.Retain));
    }
}

using System.Text;
using Gateway.Decoding;
using Gateway.Links.Sparkplug;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>Nodes and devices that the ledger does not name, and those that mean us harm.</summary>
public sealed class SparkplugStrangerTests : IDisposable
{
    private readonly SparkplugRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_device_that_some_profile_can_read_is_an_unregistered_device()
    {
        var node = new TestNode("other", "gw 1", () => _rig.NowMs);
        _rig.Sends(node.Birth(), node.DeviceBirth("塔 9", Load(1.5), TestMetric.Text("Vendor/name", "x")), node.DeviceData("塔 9", Load(2)));
        var seen = _rig.Ingested();
        Assert.Equal(["Stranger stranger0", "Up stranger0"], seen.Events);
        Assert.Equal(@"crane,site=s1,device=other/gw\ 1/塔\ 9,registered=no load_t=2", seen.Lines[1]);
        var stranger = seen.Raw[0].Stranger!;
        Assert.Equal(("sparkplug", "other/gw 1/塔 9", "crane", "Crane/load_t=1.5, Vendor/name=x"), (stranger.Link, stranger.Address, stranger.Kind, stranger.Sample));
        _rig.Sends(node.Birth(), node.DeviceBirth("塔 9", Load(1)));
        Assert.Equal(["Up stranger0"], _rig.Ingested().Events);
    }

    [Fact]
    public void A_device_that_no_profile_can_read_is_counted_and_keeps_the_nodes_count()
    {
        var node = new TestNode("yard", "n1", () => _rig.NowMs);
        _rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(1)));
        Assert.Equal(DecodeOutcome.NoSuchMapping, _rig.Take(node.DeviceBirth("plc", TestMetric.Double("Pump/rpm", 1))).Reason);
        Assert.Equal(DecodeOutcome.NoSuchMapping, _rig.Take(node.DeviceData("plc", TestMetric.Double("Pump/rpm", 2))).Reason);
        _rig.Sends(node.DeviceData("k1", Load(2)));
        Assert.Empty(_rig.Published);
        Assert.Equal(2, _rig.CountOf(DecodeOutcome.NoSuchMapping));
    }

    [Fact]
    public void A_node_that_is_only_the_way_to_its_devices_is_no_stranger_and_nothing_to_count()
    {
        var node = new TestNode("yard", "n1", () => _rig.NowMs);
        _rig.Sends(node.Birth(TestMetric.Text("Properties/OS", "x"), TestMetric.Bool("Node Control/Reboot", false)), node.Data(TestMetric.Text("Properties/OS", "y")));
        Assert.Empty(_rig.Refused.All());
        Assert.Empty(_rig.Ingested().Events);
    }

    [Fact]
    public void Too_many_strange_nodes_are_refused_and_those_of_the_ledger_never()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { NodesMax = 3 });
        for (int i = 0; i < 10; i++)
        {
            var outcome = rig.Take(new TestNode("flood", $"n{i}", () => rig.NowMs).Birth());
            Assert.Equal(i < 3 ? SparkplugAnswer.Taken : SparkplugAnswer.Refused, outcome.Answer);
        }
        Assert.Equal(7, rig.CountOf(DecodeOutcome.TooManyUnregistered));
        var known = new TestNode("yard", "n2", () => rig.NowMs);
        rig.Sends(known.Birth(Load(1)), known.Data(Load(2)));
    }

    [Fact]
    public void Too_many_strange_devices_are_refused_without_asking_for_births_and_those_of_the_ledger_never()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { DevicesMax = 2 });
        var node = new TestNode("yard", "n1", () => rig.NowMs);
        rig.Sends(node.Birth());
        for (int i = 0; i < 5; i++) rig.Take(node.DeviceBirth($"x{i}", Load(1)));
        for (int i = 2; i < 5; i++) Assert.Equal(DecodeOutcome.TooManyUnregistered, rig.Take(node.DeviceData($"x{i}", Load(2))).Reason);
        Assert.Equal(6, rig.CountOf(DecodeOutcome.TooManyUnregistered));
        rig.Sends(node.DeviceBirth("k1", Load(1)), node.DeviceData("k1", Load(2)));
        Assert.Empty(rig.Published);
    }

    [Fact]
    public void A_message_with_too_many_metrics_is_refused_whole()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { MetricsMax = 5 });
        var node = new TestNode("yard", "n2", () => rig.NowMs);
        Assert.Equal(DecodeOutcome.BadFrame, rig.Take(node.Birth(Load(1), Load(2), Load(3), Load(4))).Reason);
        Assert.Equal(0, rig.Host.Figures().NodesBorn);
    }

    [Fact]
    public void A_broken_payload_is_refused_with_its_bytes_in_hex()
    {
        Assert.Equal(DecodeOutcome.BadFrame, _rig.Take(new TestMessage("spBv1.0/yard/NBIRTH/n1", [0x12, 0xFF])).Reason);
        Assert.Equal(("yard/n1: 12ff", 1), _rig.Refused.All().Select(r => (r.Sample, (int)r.Count)).Single());
    }

    [Fact]
    public void A_topic_that_is_none_of_ours_is_left_and_one_that_is_broken_is_refused()
    {
        Assert.Equal(SparkplugAnswer.NotSparkplug, _rig.Send(new TestMessage("site/s1/crane/c1/telemetry", [])));
        Assert.Equal(new SparkplugOutcome(SparkplugAnswer.Refused, DecodeOutcome.UnknownTopic), _rig.Take(new TestMessage("spBv1.0/yard/DDATA/n1", [])));
        Assert.Equal(1, _rig.CountOf(DecodeOutcome.UnknownTopic));
    }

    [Fact]
    public void Many_threads_may_hand_over_at_once()
    {
        using var rig = new SparkplugRig();
        var nodes = Enumerable.Range(0, 8).Select(i => new TestNode("flood", $"n{i}", () => TestSite.Ten) { UsesAliases = i % 2 == 0 }).ToList();
        Parallel.ForEach(nodes, node =>
        {
            rig.Sends(node.Birth(Load(0)));
            for (int i = 0; i < 2_000; i++) rig.Sends(node.Data(Load(i % 50)));
        });
        var readings = rig.Ingested().Readings;
        Assert.Equal(8 * 2_001, readings.Count);
        foreach (var device in readings.GroupBy(r => r.Device)) Assert.Equal(Enumerable.Range(0, 2_000).Select(i => (double)(i % 50)), device.Skip(1).Select(r => r.Samples[0].Value));
    }

    [Fact]
    public void Hostile_topics_and_bytes_do_not_throw_and_do_not_grow_beyond_the_limits()
    {
        var options = new SparkplugOptions { NodesMax = 20, DevicesMax = 50, HeldMax = 30, HeldBytesMax = 65_536, MetricsMax = 50 };
        using var rig = new SparkplugRig(options);
        var random = new Random(20_260_305);
        string[] types = ["NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH", "STATE", "NCMD"];
        var answers = new Dictionary<SparkplugAnswer, int>();
        for (int i = 0; i < 60_000; i++)
        {
            string type = types[random.Next(types.Length)];
            string topic = type == "STATE" ? "spBv1.0/STATE/gateway" : $"spBv1.0/{(random.Next(3) > 0 ? "yard" : "x")}/{type}/n{random.Next(1, 40)}{(type[0] == 'D' ? $"/k{random.Next(1, 100)}" : "")}";
            byte[] payload = TestPayload.Of(rig.NowMs - random.Next(3_000), random.Next(8) == 0 ? null : (ulong)random.Next(260),
                [.. Enumerable.Range(0, random.Next(6)).Select(_ => Metric(random))]);
            if (random.Next(2) == 0)
                for (int n = random.Next(4); n > 0 && payload.Length > 0; n--) payload[random.Next(payload.Length)] = (byte)random.Next(256);
            byte[] bytes = Encoding.UTF8.GetBytes(topic);
            if (random.Next(20) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var answer = rig.Host.Take(bytes, payload, random.Next(10) == 0, rig.NowMs).Answer;
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
            if (random.Next(10) == 0) rig.Pass(random.Next(8));
            if (random.Next(5_000) == 0) rig.Host.CarrierLost(rig.NowMs);
            if (random.Next(1_000) == 0) rig.Host.CarrierBack(rig.NowMs);
            if (i % 100 == 0) rig.Ingested();
            var figures = rig.Host.Figures();
            Assert.InRange(figures.NodesBorn, 0, 22);
            Assert.InRange(figures.DevicesBorn, 0, 52);
            Assert.InRange(figures.Held, 0, 22 * 30);
        }
        Assert.True(answers[SparkplugAnswer.Taken] > 5_000 && answers[SparkplugAnswer.Refused] > 5_000, string.Join(", ", answers));
        Assert.True(rig.Host.Figures().Gaps > 100);
    }

    private static TestMetric Metric(Random random)
    {
        string[] names = ["Crane/load_t", "Crane/wind_mps", "bdSeq", "Node Control/Rebirth", "Vendor/x", ""];
        var metric = random.Next(5) switch
        {
            0 => TestMetric.Text(names[random.Next(names.Length)], "text"),
            1 => TestMetric.Long(names[random.Next(names.Length)], (ulong)random.Next(3)),
            2 => TestMetric.Null(names[random.Next(names.Length)], 10),
            _ => TestMetric.Double(names[random.Next(names.Length)], random.NextDouble() * 10),
        };
        if (random.Next(2) == 0) metric = metric with { Alias = (ulong)random.Next(10) };
        if (random.Next(3) == 0) metric = metric with { Name = null };
        if (random.Next(4) == 0) metric = metric with { Historical = true };
        return random.Next(3) == 0 ? metric with { AtMs = (ulong)random.NextInt64() } : metric;
    }

    private static TestMetric Load(double value) => TestMetric.Double("Crane/load_t", value);
}

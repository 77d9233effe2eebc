using Gateway.Decoding;
using Gateway.Links.Sparkplug;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>The order of messages: waiting, giving up, what is bounded.</summary>
public sealed class SparkplugOrderTests : SparkplugSession
{
    [Fact]
    public void The_sequence_wraps_from_255_to_0()
    {
        Born();
        for (int i = 0; i < 600; i++) _rig.Sends(_node.DeviceData("k1", Load(i % 50)));
        Assert.Equal(600, _rig.Ingested().Readings.Count);
        Assert.Equal(0, _rig.Host.Figures().Gaps);
    }

    [Fact]
    public void Messages_in_the_wrong_order_are_put_right_and_nobody_is_bothered()
    {
        Born();
        var messages = Enumerable.Range(0, 5).Select(i => _node.DeviceData("k1", Load(i))).ToList();
        foreach (int i in new[] { 3, 1, 4, 2 }) Assert.Equal(SparkplugAnswer.Taken, _rig.Send(messages[i]));
        Assert.Empty(_rig.Ingested().Readings);
        Assert.Equal(4, _rig.Host.Figures().Held);
        _rig.Pass(4);
        _rig.Sends(messages[0]);

        Assert.Equal([0.0, 1, 2, 3, 4], _rig.Ingested().Readings.Select(r => r.Good("load_t")!.Value));
        _rig.Pass(60);
        Assert.Empty(_rig.Published);
        Assert.Equal(0, _rig.Host.Figures().Held);
    }

    [Fact]
    public void A_gap_that_is_not_filled_in_time_asks_for_a_rebirth_and_lets_the_rest_go()
    {
        Born();
        _ = _node.DeviceData("k1", Load(1));
        _rig.Sends(_node.DeviceData("k1", Load(2)), _node.DeviceData("k1", Load(3)));
        _rig.Pass(4.9);
        Assert.Empty(_rig.Published);
        _rig.Pass(0.1);

        var request = Assert.Single(_rig.Published);
        Assert.Equal("spBv1.0/yard/NCMD/n1", request.Topic);
        Assert.True(request.IsRebirth);
        Assert.Equal(2, _rig.Ingested().Readings.Count);
        Assert.Equal((0, 1, 1), (_rig.Host.Figures().Held, _rig.Host.Figures().Gaps, _rig.Host.Figures().Rebirths));
    }

    [Fact]
    public void The_timeout_runs_from_each_gap_of_its_own()
    {
        Born();
        var messages = Enumerable.Range(0, 4).Select(i => _node.DeviceData("k1", Load(i))).ToList();
        _rig.Sends(messages[1]);
        _rig.Pass(4);
        _rig.Sends(messages[3]);
        _rig.Sends(messages[0]);
        _rig.Pass(4.5);
        Assert.Empty(_rig.Published);
        _rig.Pass(0.5);
        Assert.Single(_rig.Published);
    }

    [Fact]
    public void After_a_lost_message_an_alias_is_not_believed_until_the_next_birth_and_a_name_is()
    {
        Born();
        _ = _node.DeviceData("k1", Load(1));
        _rig.Sends(_node.DeviceData("k1", Load(2)));
        _rig.Pass(5);
        _rig.Sends(_node.DeviceData("k1", Load(3)));
        Assert.All(_rig.Ingested().Readings, r => Assert.False(r.AnyGood));
        byte[] named = TestPayload.Of(_rig.NowMs, _node.Seq++, Load(4));
        _rig.Sends(new TestMessage("spBv1.0/yard/DDATA/n1/k1", named));
        Assert.Equal(4, _rig.Ingested().Readings[0].Good("load_t"));

        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(5)), _node.DeviceData("k1", Load(6)));
        Assert.Equal([5.0, 6], _rig.Ingested().Readings.Select(r => r.Good("load_t")!.Value));
    }

    [Fact]
    public void A_birth_of_one_device_lifts_the_doubt_of_that_device_only()
    {
        Born();
        _ = _node.DeviceData("k1", Load(1));
        _rig.Sends(_node.DeviceBirth("k1", Load(2)), _node.DeviceData("k1", Load(3)), _node.DeviceData("k2", Wind(4)));
        _rig.Pass(5);
        var readings = _rig.Ingested().Readings;
        Assert.Equal(3, readings[1].Good("load_t"));
        Assert.False(readings[2].AnyGood);
    }

    [Fact]
    public void A_timeout_of_zero_waits_for_nothing()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { ReorderTimeoutMs = 0 });
        var node = new TestNode("yard", "n1", () => rig.NowMs);
        rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(1)));
        _ = node.DeviceData("k1", Load(2));
        rig.Sends(node.DeviceData("k1", Load(3)));
        Assert.Single(rig.Published);
        Assert.Equal(2, rig.Ingested().Readings.Count);
    }

    [Fact]
    public void The_same_message_twice_counts_once()
    {
        Born();
        var data = _node.DeviceData("k1", Load(2));
        _rig.Sends(data);
        Assert.Equal(DecodeOutcome.Repeated, _rig.Take(data).Reason);
        _ = _node.DeviceData("k1", Load(3));
        var early = _node.DeviceData("k1", Load(4));
        _rig.Sends(early);
        Assert.Equal(DecodeOutcome.Repeated, _rig.Take(early).Reason);
        Assert.Single(_rig.Ingested().Readings);
        Assert.Empty(_rig.Published);
    }

    [Fact]
    public void What_comes_after_its_turn_was_given_up_is_refused_and_the_count_stays()
    {
        Born();
        var late = _node.DeviceData("k1", Load(1));
        _rig.Sends(_node.DeviceData("k1", Load(2)));
        _rig.Pass(5);
        Assert.Equal(DecodeOutcome.OutOfOrder, _rig.Take(late).Reason);
        _rig.Sends(_node.DeviceData("k1", Load(3)));
        Assert.Equal((2, 0), (_rig.Ingested().Readings.Count, _rig.Host.Figures().Held));
    }

    [Fact]
    public void A_node_that_counts_anew_without_a_birth_is_asked_for_one_and_its_aliases_are_not_believed()
    {
        Born();
        for (int i = 0; i < 10; i++) _rig.Sends(_node.DeviceData("k1", Load(1)));
        _rig.Ingested();
        _rig.Pass(1);
        _node.Seq = 2;
        _rig.Sends(_node.DeviceData("k1", Load(5)), _node.DeviceData("k1", Load(6)));
        Assert.Single(_rig.Rebirths);
        var readings = _rig.Ingested().Readings;
        Assert.Equal(2, readings.Count);
        Assert.All(readings, r => Assert.False(r.AnyGood));
    }

    [Fact]
    public void A_second_gap_behind_a_birth_that_waited_makes_that_birth_doubtful_too()
    {
        Born();
        _node.Seq++;
        _rig.Sends(_node.DeviceBirth("k1", Load(2)));
        _node.Seq++;
        _rig.Sends(_node.DeviceData("k1", Load(3)));
        _rig.Pass(5);
        var readings = _rig.Ingested().Readings;
        Assert.Equal((2.0, null), (readings[0].Good("load_t"), readings[1].Good("load_t")));
    }

    [Fact]
    public void Waiting_messages_are_bounded_and_one_more_ends_the_wait()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { HeldMax = 10 });
        var node = new TestNode("yard", "n1", () => rig.NowMs);
        rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(1)));
        _ = node.DeviceData("k1", Load(2));
        for (int i = 0; i < 10; i++) rig.Sends(node.DeviceData("k1", Load(3)));
        Assert.Equal((10, 0), (rig.Host.Figures().Held, rig.Published.Count));
        rig.Sends(node.DeviceData("k1", Load(4)));
        Assert.Equal((0, 1), (rig.Host.Figures().Held, rig.Published.Count));
        Assert.Equal(12, rig.Ingested().Readings.Count);
    }

    [Fact]
    public void Waiting_bytes_are_bounded_over_all_nodes()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { HeldBytesMax = 65_536 });
        var (first, second) = (new TestNode("yard", "n1", () => rig.NowMs), new TestNode("yard", "n2", () => rig.NowMs));
        rig.Sends(first.Birth(), first.DeviceBirth("k1", Load(1)), second.Birth(Load(1)));
        first.Seq++;
        second.Seq++;
        var large = Enumerable.Range(0, 500).Select(i => TestMetric.Text($"Vendor/{i}", new string('x', 100))).Append(Load(2)).ToArray();
        rig.Sends(first.DeviceData("k1", large));
        Assert.Equal(1, rig.Host.Figures().Held);
        rig.Sends(second.Data(large));
        Assert.Equal((1, 1), (rig.Host.Figures().Held, rig.Rebirths.Count()));
        Assert.Equal("c3", rig.Ingested().Readings[^1].Device);
    }

    [Fact]
    public void Bytes_that_no_longer_wait_make_room_again()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { HeldBytesMax = 65_536 });
        var node = new TestNode("yard", "n1", () => rig.NowMs);
        rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(1)));
        var large = TestMetric.Text("Vendor/x", new string('x', 30_000));
        for (int i = 0; i < 20; i++)
        {
            var first = node.DeviceData("k1", Load(2));
            rig.Sends(node.DeviceData("k1", Load(3), large));
            Assert.Equal(1, rig.Host.Figures().Held);
            rig.Sends(first);
        }
        Assert.Empty(rig.Published);
    }

    [Fact]
    public void A_message_without_a_number_or_with_one_beyond_255_is_refused()
    {
        Born();
        foreach (ulong? seq in new ulong?[] { null, 256, ulong.MaxValue })
        {
            Assert.Equal(DecodeOutcome.BadFrame, _rig.Take(new TestMessage("spBv1.0/yard/DDATA/n1/k1", TestPayload.Of(_rig.NowMs, seq, Load(1)))).Reason);
            Assert.Equal(DecodeOutcome.BadFrame, _rig.Take(new TestMessage("spBv1.0/yard/NBIRTH/n1", TestPayload.Of(_rig.NowMs, seq))).Reason);
        }
        _rig.Sends(_node.DeviceData("k1", Load(2)));
    }

    [Fact]
    public void A_refused_message_uses_its_number_up()
    {
        Born();
        Assert.Equal(DecodeOutcome.NoKnownField, _rig.Take(_node.DeviceData("k1", TestMetric.Double("Vendor/x", 1))).Reason);
        _rig.Sends(_node.DeviceData("k1", Load(2)));
    }

    [Fact]
    public void When_the_buffer_is_full_nothing_is_consumed_and_the_same_message_is_taken_later()
    {
        using var rig = new SparkplugRig(linesBytesMax: 1);
        var node = new TestNode("yard", "n1", () => rig.NowMs);
        rig.Sends(node.Birth());
        var birth = node.DeviceBirth("k1", Load(1), Wind(1), Tilt(1));
        var data = node.DeviceData("k1", Load(2).At(rig.NowMs), Wind(3).At(rig.NowMs - 10), Tilt(4).At(rig.NowMs - 20));
        rig.Sends(birth);
        for (int i = 0; i < 3; i++) Assert.Equal(SparkplugAnswer.Full, rig.Send(data));
        Assert.Single(rig.Ingested().Readings);
        rig.Sends(data);
        // The readings of one message stay together.
        Assert.Equal(3, rig.Ingested().Readings.Count);
        Assert.Empty(rig.Published);
    }

    [Fact]
    public void What_waits_is_let_go_as_room_comes_and_keeps_its_order()
    {
        using var rig = new SparkplugRig(linesBytesMax: 1);
        var node = new TestNode("yard", "n1", () => rig.NowMs);
        rig.Sends(node.Birth(), node.DeviceBirth("k1", Load(1)));
        var messages = Enumerable.Range(2, 5).Select(i => node.DeviceData("k1", Load(i))).ToList();
        rig.Sends(messages[1], messages[2], messages[3]);
        Assert.Equal(SparkplugAnswer.Full, rig.Send(messages[0]));
        var got = new List<double>(rig.Ingested().Readings.Select(r => r.Good("load_t")!.Value));
        rig.Sends(messages[0]);
        Assert.Equal(SparkplugAnswer.Full, rig.Send(messages[4]));
        for (int i = 0; i < 4; i++)
        {
            got.AddRange(rig.Ingested().Readings.Select(r => r.Good("load_t")!.Value));
            rig.Pass(1);
        }
        rig.Ingested();
        rig.Sends(messages[4]);
        got.AddRange(rig.Ingested().Readings.Select(r => r.Good("load_t")!.Value));
        Assert.Equal([1.0, 2, 3, 4, 5, 6], got);
    }
}

using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Links.Sparkplug;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>Births, deaths, order, rebirths: one test a rule of FORMAT.md.</summary>
public sealed class SparkplugSessionTests : IDisposable
{
    private readonly SparkplugRig _rig = new();
    private readonly TestNode _node;

    public SparkplugSessionTests()
    {
        _node = new TestNode("yard", "n1", () => _rig.NowMs);
        _node.Connect();
    }

    public void Dispose() => _rig.Dispose();

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
    public void The_sequence_wraps_from_255_to_0()
    {
        Born();
        for (int i = 0; i < 600; i++) _rig.Sends(_node.DeviceData("k1", Load(i % 50)));
        Assert.Equal(600, _rig.Ingested().Readings.Count);
        Assert.Equal(0, _rig.Host.Figures().Gaps);
    }

    [Fact]
    public void A_birth_may_begin_with_any_number()
    {
        _node.Seq = 254;
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(1)), _node.DeviceData("k1", Load(2)), _node.DeviceData("k1", Load(3)));
        Assert.Equal(3, _rig.Ingested().Readings.Count);
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

    [Fact]
    public void Switched_off_it_takes_nothing()
    {
        using var rig = new SparkplugRig(new SparkplugOptions { Enabled = false });
        Assert.Equal(SparkplugAnswer.NotSparkplug, rig.Send(_node.Birth()));
    }

    private void Born()
    {
        _rig.Sends(_node.Birth(), _node.DeviceBirth("k1", Load(1), Wind(2)), _node.DeviceBirth("k2", Wind(3)));
        Assert.Equal(3, _rig.Ingested().Events.Count + 1);
    }

    private static TestMetric Load(double value) => TestMetric.Double("Crane/load_t", value);

    private static TestMetric Wind(double value) => TestMetric.Double("Crane/wind_mps", value);

    private static TestMetric Tilt(double value) => TestMetric.Double("Crane/tilt_deg", value);
}

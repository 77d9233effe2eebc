using System.Buffers;
using System.Net.Sockets;
using Gateway.Ingest;
using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Who sends too much, reads too slowly, or meets a disk that refuses: bounded, counted, and nobody else's business.</summary>
public sealed class MqttFlowTests
{
    private const string Telemetry = """{"seq":1,"wind_mps":3.5}""";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_client_of_3_1_1_is_not_read_beyond_what_may_be_unacknowledged_and_loses_nothing(int qos)
    {
        using var rig = new MqttRig(o => o.InflightMax = 10);
        var subscriber = rig.Connect("s");
        subscriber.Subscribe("t", 0);
        var client = rig.Connect("p", MqttVersion.V311);
        for (int i = 0; i < 35; i++) client.Publish("t", $"{i}", qos);
        rig.PassSeconds(1);
        Assert.Equal(10, subscriber.Messages().Count);
        rig.Settle(client, subscriber);
        Assert.Equal(Enumerable.Range(10, 25).Select(i => $"{i}"), subscriber.Texts());
    }

    [Fact]
    public void A_client_of_5_that_exceeds_our_receive_maximum_is_ended()
    {
        using var rig = new MqttRig(o => o.InflightMax = 10);
        var client = rig.Connect("p");
        for (int i = 0; i < 10; i++) client.Publish("t", $"{i}", 1 + i % 2);
        Assert.False(client.IsOver);
        client.Publish("t", "one too many", 1);
        Assert.Equal(MqttReason.ReceiveMaximumExceeded, client.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Fact]
    public void The_receive_maximum_counts_anew_on_each_connection()
    {
        using var rig = new MqttRig(o => o.InflightMax = 3);
        var client = rig.Connect("p", kept: true);
        client.Answers = false;
        for (int i = 0; i < 3; i++) client.Publish("t", $"{i}", 2);
        rig.Round();
        client.Drop();
        var back = rig.Connect("p", kept: true);
        back.Answers = false;
        for (ushort id = 1; id <= 3; id++) back.Ack(MqttPacketType.Pubrel, id);
        for (ushort id = 11; id <= 13; id++) back.Publish("t", $"{id}", 2, id: id);
        rig.Round();
        Assert.False(back.IsOver);
        back.Publish("t", "one too many", 2, id: 14);
        Assert.Equal(MqttReason.ReceiveMaximumExceeded, back.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Fact]
    public void Releases_of_an_earlier_connection_may_come_after_new_messages()
    {
        using var rig = new MqttRig(o => o.InflightMax = 3);
        var client = rig.Connect("p", kept: true);
        client.Answers = false;
        for (int i = 0; i < 3; i++) client.Publish("t", $"{i}", 2);
        rig.Round();
        client.Drop();
        var back = rig.Connect("p", kept: true);
        for (ushort id = 11; id <= 13; id++) back.Publish("t", $"{id}", 2, id: id);
        Assert.False(back.IsOver);
    }

    [Fact]
    public void Sixty_five_thousand_open_QoS_2_messages_of_3_1_1_are_taken()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("p", MqttVersion.V311);
        client.Answers = false;
        for (int i = 1; i <= 65_535; i++)
        {
            client.Publish("t", "x", 2, id: (ushort)i);
            if (i % 500 == 0) rig.Round();
        }
        rig.Round();
        Assert.Equal(65_535, client.Take().Count(p => p.Type == MqttPacketType.Pubrec));
        for (int i = 1; i <= 65_535; i++) client.Ack(MqttPacketType.Pubrel, (ushort)i);
        Assert.Equal(65_535, client.Take().Count(p => p.Type == MqttPacketType.Pubcomp));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_client_that_publishes_too_fast_is_read_more_slowly_and_loses_nothing(MqttVersion version)
    {
        using var rig = new MqttRig(o => o.MessagesPerSecondMax = 10);
        var subscriber = rig.Connect("s");
        subscriber.Subscribe("t");
        var client = rig.Connect("p", version);
        for (int i = 0; i < 40; i++) client.Publish("t", $"{i}");
        Assert.Equal(10, subscriber.Messages().Count);
        rig.PassSeconds(1);
        Assert.InRange(subscriber.Messages().Count, 9, 11);
        rig.PassSeconds(3);
        Assert.InRange(subscriber.Messages().Count, 19, 21);
        Assert.True(rig.Tally.Throttled > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_subscriber_that_does_not_read_is_bounded_and_counted_and_delays_nobody(int qos)
    {
        using var rig = new MqttRig(o => (o.QueueMessagesMax, o.SendWindowMax) = (100, 65_535));
        var (slow, quick, publisher) = (rig.Connect("slow"), rig.Connect("quick"), rig.Connect("p"));
        slow.Subscribe("t", qos);
        quick.Subscribe("t", qos);
        for (int i = 0; i < 1_000; i++)
        {
            publisher.Publish("t", $"{i:d4} {new string('x', 1_000)}", qos);
            Assert.Single(quick.Messages());
            if (i % 100 == 0) rig.Round();
        }
        Assert.True(rig.Tally.DroppedQueueFull > 500);
        // Two buffers of 64 KiB, and the queue.
        int got = slow.Messages().Count;
        Assert.Equal(1_000 - rig.Tally.DroppedQueueFull, got);
        Assert.InRange(got, 100, 300);
        publisher.Publish("t", "again", qos);
        Assert.Equal(["again"], slow.Texts());
    }

    public static TheoryData<int, bool> Bursts() => new() { { 0, false }, { 0, true }, { 1, false }, { 1, true } };

    [Theory, MemberData(nameof(Bursts))]
    public void A_burst_larger_than_the_buffers_reaches_its_reader_to_the_end(int qos, bool wide)
    {
        using var rig = new MqttRig(o => o.SendWindowMax = 65_535);
        var client = wide ? rig.OpenWide() : rig.Open();
        client.Connect(new MqttConnect { Version = MqttVersion.V5, ClientId = "s", CleanStart = true });
        client.Subscribe("t/#", qos);
        client.Answers = false;
        // In one piece: nothing is flushed to the subscriber before all of it was handled.
        rig.Connect("p").Send(to =>
        {
            for (int i = 0; i < 300; i++) MqttWriter.Publish(to, MqttVersion.V5, "t/1"u8, new byte[1_000], new MqttPublishHead { Qos = (byte)qos, PacketId = (ushort)(qos == 0 ? 0 : i + 1) });
        });
        Assert.Equal(300, client.Messages().Count);
    }

    [Fact]
    public void Acknowledgements_that_nobody_reads_end_the_connection()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("p");
        client.Answers = false;
        byte[] pings = [.. Enumerable.Repeat((byte[])[0xC0, 0], 10_000).SelectMany(p => p)];
        for (int i = 0; i < 20 && client.Cut is null; i++) client.Send(pings);
        Assert.Contains("does not read", client.Cut);
        Assert.Equal(1, rig.Tally.CutOff);
        Assert.True(client.IsOver);
    }

    [Fact]
    public void While_the_disk_refuses_subscriptions_are_read_only_so_far()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("s", kept: true);
        rig.Round();
        rig.StoreRefuses(true);
        for (int i = 0; i < 2_000; i++) client.Ask(0, new MqttSubscription($"t/{i % 50}", 1, false, false, 0));
        rig.Round();
        rig.PassSeconds(1);
        Assert.InRange(rig.JournalWaiting, 1, 200);
        rig.StoreRefuses(false);
        rig.Settle(client);
        Assert.Equal(2_000, client.Take().Count(p => p.Type == MqttPacketType.Suback));
    }

    [Fact]
    public void While_the_disk_refuses_the_journal_of_retained_messages_is_bounded_in_bytes()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("p");
        rig.StoreRefuses(true);
        for (int i = 0; i < 3_000; i++) client.Publish("t", new string('x', 60_000), retain: true);
        rig.PassSeconds(1);
        Assert.InRange(rig.JournalBytes, 1, 70 * 1024 * 1024);
        rig.StoreRefuses(false);
        rig.Settle(client);
        Assert.Equal(3_000, rig.Tally.PublishReceived);
    }

    [Fact]
    public void A_disk_that_refuses_keeps_no_other_connection_from_being_read()
    {
        using var rig = new MqttRig();
        var kept = rig.Connect("kept", kept: true);
        kept.Subscribe("t", 1);
        var live = rig.Connect("live");
        live.Subscribe("t", 1);
        rig.StoreRefuses(true);
        var publisher = rig.Connect("p");
        publisher.Publish("t", "one", 1);
        Assert.False(rig.Round());
        rig.Connect("q", MqttVersion.V311).Publish("t", "two", 0);
        publisher.Send(MqttWriter.Pingreq);
        publisher.Expect(MqttPacketType.Pingresp);
        Assert.Equal(["one", "two"], live.Texts());
        Assert.Empty(kept.Messages());
    }

    [Fact]
    public void A_client_we_do_not_read_is_not_ended_for_its_silence()
    {
        using var rig = new MqttRig(linesBytesMax: 1_000);
        var client = rig.Connect("c1", MqttVersion.V311, with: c => c with { KeepAliveSeconds = 10 });
        for (int i = 0; i < 50; i++) client.Publish("site/s1/crane/c1/telemetry", Telemetry, 1);
        for (int i = 0; i < 30; i++) rig.PassSeconds(1);
        Assert.False(client.IsOver);
        for (int i = 0; i < 50; i++) rig.Round();
        Assert.Equal(50, rig.Readings.Count);
        rig.PassSeconds(20);
        Assert.True(client.IsOver);
    }

    [Fact]
    public void A_connection_that_waits_for_room_ends_when_it_is_told_to()
    {
        using var rig = new MqttRig(o => o.InflightMax = 1);
        var client = rig.Connect("p", MqttVersion.V311);
        for (int i = 0; i < 5; i++) client.Publish("t", $"{i}", 1);
        rig.Connect("p", MqttVersion.V311);
        rig.PassSeconds(2);
        Assert.True(client.IsOver);
    }

    [Fact]
    public void A_transport_that_fails_under_the_engines_hands_fails_alone()
    {
        using var rig = new MqttRig();
        var (broken, fine) = (rig.Connect("broken"), rig.Connect("fine"));
        broken.Publish("site/s1/crane/c1/telemetry", Telemetry, 1);
        fine.Publish("site/s1/crane/c2/telemetry", Telemetry, 1);
        broken.BreakWrites(new SocketException((int)SocketError.TimedOut));
        Assert.True(rig.Round());
        fine.Expect(MqttPacketType.Puback);
    }

    [Fact]
    public void A_devices_message_without_subscribers_allocates_nothing()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("c1", MqttVersion.V311);
        var packets = new ArrayBufferWriter<byte>();
        for (ushort i = 1; i <= 900; i++) MqttWriter.Publish(packets, MqttVersion.V311, "site/s1/crane/c1/telemetry"u8, System.Text.Encoding.UTF8.GetBytes(Telemetry), new MqttPublishHead { Qos = 1, PacketId = i });
        byte[] bytes = packets.WrittenSpan.ToArray();
        long allocated = 0;
        // The first times everything grows to its size.
        for (int i = 0; i < 4; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            client.Send(bytes);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            rig.Round();
            client.Take();
        }
        Assert.Equal(3_600, rig.Readings.Count);
        Assert.InRange(allocated, 0, 900 * 8);
    }

    [Fact]
    public void A_message_without_subscribers_takes_one_place_in_the_batch_for_itself_and_its_answer()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("c1");
        client.Publish("site/s1/crane/c1/telemetry", Telemetry, 1);
        Assert.Equal(1, rig.Ingest.OpenLines);
        rig.Round();
        Assert.Equal(MqttReason.Success, client.Expect(MqttPacketType.Puback).Reason);
        Assert.Single(rig.Readings);
        Assert.Contains(rig.Events, e => e.Kind == LinkEventKind.Up);
    }
}

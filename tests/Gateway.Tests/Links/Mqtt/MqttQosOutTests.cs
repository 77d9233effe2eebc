using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Messages to a client [§4.3, §4.4, §4.9]: sent until they are acknowledged, in order, within the window.</summary>
public sealed class MqttQosOutTests
{
    [Theory, ClassData(typeof(BothVersions))]
    public void QoS_2_goes_through_its_four_steps(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, version, kept: true);
        Say(rig, "x", 2);
        rig.Round();
        ushort id = client.Expect(MqttPacketType.Publish).Id;
        client.Ack(MqttPacketType.Pubrec, id);
        Assert.Null(client.Next(MqttPacketType.Pubrel));
        rig.Round();
        Assert.Equal(id, client.Expect(MqttPacketType.Pubrel).Id);
        client.Ack(MqttPacketType.Pubcomp, id);
        rig.Round();
        Assert.Equal(0, rig.Rows("queue"));
        Assert.Empty(client.Take());
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void What_was_not_acknowledged_is_sent_again_in_order_and_says_so(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, version, kept: true);
        Say(rig, "one", 1);
        Say(rig, "two", 2);
        Say(rig, "three", 2);
        Say(rig, "four", 1);
        rig.Round();
        var sent = client.Messages();
        Assert.All(sent, m => Assert.False(m.Dup));
        client.Ack(MqttPacketType.Pubrec, sent[1].Id);
        client.Ack(MqttPacketType.Puback, sent[0].Id);
        rig.Round();
        client.Drop();
        var back = rig.Connect("s", version, kept: true);
        var packets = back.Take();
        Assert.Equal([MqttPacketType.Connack, MqttPacketType.Pubrel, MqttPacketType.Publish, MqttPacketType.Publish], packets.Select(p => p.Type));
        Assert.Equal([sent[1].Id, sent[2].Id, sent[3].Id], packets.Skip(1).Select(p => p.Id));
        Assert.Equal([("three", true), ("four", true)], packets.Select(p => p.Message).OfType<Delivery>().Select(m => (m.Text, m.Dup)));
    }

    [Theory]
    [InlineData(MqttPacketType.Puback, 2)]
    [InlineData(MqttPacketType.Pubrec, 1)]
    [InlineData(MqttPacketType.Pubcomp, 2)]
    public void An_acknowledgement_out_of_turn_ends_the_connection(MqttPacketType type, int qos)
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, MqttVersion.V5, kept: false);
        Say(rig, "x", qos);
        client.Ack(type, client.Expect(MqttPacketType.Publish).Id);
        Assert.Equal(MqttReason.ProtocolError, client.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void An_acknowledgement_of_nothing_is_passed_over(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, version, kept: false);
        client.Ack(MqttPacketType.Puback, 77);
        client.Ack(MqttPacketType.Pubcomp, 77);
        client.Ack(MqttPacketType.Pubrec, 77);
        var answer = Assert.Single(client.Take());
        Assert.Equal((MqttPacketType.Pubrel, 77, version == MqttVersion.V5 ? MqttReason.PacketIdentifierNotFound : MqttReason.Success), (answer.Type, answer.Id, answer.Reason));
    }

    [Fact]
    public void A_client_of_5_that_refuses_a_message_is_done_with_it()
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, MqttVersion.V5, kept: true);
        Say(rig, "one", 1);
        Say(rig, "two", 2);
        rig.Round();
        var sent = client.Messages();
        client.Ack(MqttPacketType.Puback, sent[0].Id, MqttReason.QuotaExceeded);
        client.Ack(MqttPacketType.Pubrec, sent[1].Id, MqttReason.PayloadFormatInvalid);
        rig.Round();
        Assert.Equal(0, rig.Rows("queue"));
        Assert.Null(client.Next(MqttPacketType.Pubrel));
    }

    [Theory]
    [InlineData(3, 100, 3)]
    [InlineData(65_535, 5, 5)]
    public void No_more_is_on_its_way_than_the_client_and_we_allow(int receiveMaximum, int ours, int expected)
    {
        using var rig = new MqttRig(o => o.SendWindowMax = ours);
        var client = rig.Connect("s", with: c => c with { ReceiveMaximum = receiveMaximum });
        client.Answers = false;
        client.Subscribe("t", 2);
        for (int i = 0; i < 20; i++) Say(rig, $"{i}", 1 + i % 2);
        var sent = client.Messages();
        Assert.Equal(expected, sent.Count);
        // QoS 2 holds its place until PUBCOMP.
        client.Ack(MqttPacketType.Pubrec, sent[1].Id);
        Assert.Empty(client.Messages());
        client.Ack(MqttPacketType.Pubcomp, sent[1].Id);
        Assert.Single(client.Messages());
        client.Ack(MqttPacketType.Puback, sent[0].Id);
        Assert.Single(client.Messages());
    }

    [Fact]
    public void A_smaller_window_at_the_next_connection_holds_for_what_is_sent_again_but_not_for_releases()
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, MqttVersion.V5, kept: true);
        for (int i = 0; i < 5; i++) Say(rig, $"{i}", 2);
        rig.Round();
        var sent = client.Messages();
        client.Ack(MqttPacketType.Pubrec, sent[4].Id);
        rig.Round();
        client.Drop();
        var back = rig.Connect("s", kept: true, with: c => c with { ReceiveMaximum = 2 });
        back.Answers = false;
        var packets = back.Take().Skip(1).ToList();
        Assert.Equal(2, packets.Count(p => p.Type == MqttPacketType.Publish));
        Assert.Equal(sent[4].Id, Assert.Single(packets, p => p.Type == MqttPacketType.Pubrel).Id);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Packet_ids_go_round_past_65535_and_skip_those_in_use(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, version, kept: false);
        var publisher = rig.Connect("p");
        publisher.Publish("t", "stays", 1);
        ushort stays = client.Expect(MqttPacketType.Publish).Id;
        int last = stays;
        for (int i = 0; i < 70_000; i++)
        {
            publisher.Publish("t", "x", 1);
            if (i % 500 == 0) rig.Round();
            ushort id = client.Expect(MqttPacketType.Publish).Id;
            Assert.NotEqual(0, id);
            Assert.NotEqual(stays, id);
            last = id;
            client.Ack(MqttPacketType.Puback, id);
        }
        Assert.InRange(last, 4_000, 5_000);
    }

    [Fact]
    public void A_PUBREC_said_again_and_again_writes_nothing_more_down()
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, MqttVersion.V5, kept: true);
        Say(rig, "x", 2);
        rig.Round();
        ushort id = client.Expect(MqttPacketType.Publish).Id;
        client.Ack(MqttPacketType.Pubrec, id);
        rig.Round();
        for (int i = 0; i < 100; i++) client.Ack(MqttPacketType.Pubrec, id);
        Assert.False(rig.HasWork);
        Assert.Equal(101, client.Take().Count(p => p.Type == MqttPacketType.Pubrel));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_backlog_goes_out_a_window_a_commit_not_a_message_a_commit(MqttVersion version)
    {
        using var rig = new MqttRig(o => o.SendWindowMax = 50);
        Subscriber(rig, version, kept: true).Drop();
        for (int i = 0; i < 100; i++) Say(rig, $"{i}", 1);
        rig.Round();
        var back = rig.Connect("s", version, kept: true);
        int rounds = 0;
        for (; back.Read().Count > 0 || rounds < 3; rounds++) rig.Round();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), back.Texts());
        Assert.InRange(rounds, 1, 8);
    }

    [Fact]
    public void QoS_0_keeps_its_place_between_messages_that_wait_for_their_commit()
    {
        using var rig = new MqttRig();
        var client = Subscriber(rig, MqttVersion.V5, kept: true);
        Say(rig, "one", 1);
        Say(rig, "two", 0);
        Say(rig, "three", 1);
        Assert.Empty(client.Messages());
        rig.Round();
        Assert.Equal(["one", "two"], client.Texts());
        rig.Round();
        Assert.Equal(["three"], client.Texts());
    }

    private static RigClient Subscriber(MqttRig rig, MqttVersion version, bool kept)
    {
        var client = rig.Connect("s", version, kept);
        client.Answers = false;
        client.Subscribe("t", 2);
        client.Take();
        return client;
    }

    private static void Say(MqttRig rig, string text, int qos)
    {
        var publisher = rig.Connect("p");
        publisher.Publish("t", text, qos);
        publisher.Disconnect();
    }
}

using System.Text;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttPublishTests
{
    [Theory]
    [InlineData(0x0, "<a/b> 'hi'", "a/b", "hi", 0, 0, false, false)]
    [InlineData(0x1, "<a/b>", "a/b", "", 0, 0, true, false)]
    [InlineData(0x2, "<a/b> 000A 'hi'", "a/b", "hi", 10, 1, false, false)]
    [InlineData(0xD, "<塔机> FFFF", "塔机", "", 65_535, 2, true, true)]
    public void A_publish_is_topic_id_and_payload(byte flags, string body, string topic, string payload, int id, int qos, bool retain, bool dup)
    {
        byte[] bytes = MqttNotation.Bytes(body);
        Assert.True(MqttPublish.TryParse(flags, bytes, MqttVersion.V311, MqttRole.Client, out var publish).IsOk);
        Assert.Equal((topic, payload), (Encoding.UTF8.GetString(publish.Topic), Encoding.UTF8.GetString(publish.Payload)));
        Assert.Equal((id, qos, retain, dup), (publish.PacketId, publish.Qos, publish.Retain, publish.Dup));
        Assert.True(publish.Properties.IsEmpty);
        AssertWrittenAgain(MqttVersion.V311, flags, bytes);
    }

    /// <summary>3.1.1 figure 3.11 and 5.0 figure 3-9: topic a/b, packet identifier 10.</summary>
    [Theory]
    [InlineData(MqttVersion.V311, "0003612F62000A")]
    [InlineData(MqttVersion.V5, "0003612F62000A00")]
    public void The_standards_example_is_read_and_written(MqttVersion version, string hex)
    {
        byte[] body = Convert.FromHexString(hex);
        Assert.True(MqttPublish.TryParse(2, body, version, MqttRole.Client, out var publish).IsOk);
        Assert.Equal(("a/b", 10, 0), (Encoding.UTF8.GetString(publish.Topic), publish.PacketId, publish.Payload.Length));
        AssertWrittenAgain(version, 2, body);
    }

    [Fact]
    public void Everything_a_publish_of_5_0_may_carry_is_read()
    {
        byte[] body = MqttNotation.Bytes("<t> 0102 [23 0007 02 0000003C 0B 01 0B FFFFFF7F 01 01 03 <json> 08 <reply> 09 {AB} 26 <k> <1> 26 <k> <2>] 'payload'");
        Assert.True(MqttPublish.TryParse(0x0C, body, MqttVersion.V5, MqttRole.Server, out var publish).IsOk);

        Assert.Equal((7, 60u, 1u, 0x0102, 2, true), (publish.TopicAlias, publish.MessageExpirySeconds!.Value, publish.SubscriptionIdentifier, publish.PacketId, publish.Qos, publish.Dup));
        Assert.Equal("payload", Encoding.UTF8.GetString(publish.Payload));
        Assert.True(MqttProperties.IsUtf8Payload(publish.Properties));
        Assert.Equal(("json", "reply", "1"), (MqttProperties.ContentType(publish.Properties), MqttProperties.ResponseTopic(publish.Properties), MqttProperties.UserProperty(publish.Properties, "k"u8)));
        Assert.Equal([0xAB], MqttProperties.CorrelationData(publish.Properties).ToArray());
        Assert.Null(MqttProperties.UserProperty(publish.Properties, "other"u8));
        AssertWrittenAgain(MqttVersion.V5, 0x0C, body);
    }

    [Fact]
    public void A_publish_without_properties_has_none_to_find()
    {
        Assert.True(MqttPublish.TryParse(0, MqttNotation.Bytes("<t> []"), MqttVersion.V5, MqttRole.Client, out var publish).IsOk);
        Assert.Equal((0, null, 0u), (publish.TopicAlias, publish.MessageExpirySeconds, publish.SubscriptionIdentifier));
        Assert.Equal((null, null, false), (MqttProperties.ContentType(publish.Properties), MqttProperties.ResponseTopic(publish.Properties), MqttProperties.IsUtf8Payload(publish.Properties)));
        Assert.True(MqttProperties.CorrelationData(publish.Properties).IsEmpty);
    }

    [Fact]
    public void A_topic_alias_may_stand_for_the_topic()
    {
        byte[] body = MqttNotation.Bytes("<> [23 FFFF] 'x'");
        Assert.True(MqttPublish.TryParse(0, body, MqttVersion.V5, MqttRole.Client, out var publish).IsOk);
        Assert.Equal((0, 65_535), (publish.Topic.Length, publish.TopicAlias));
        AssertWrittenAgain(MqttVersion.V5, 0, body);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(3, 5, 0)]
    [InlineData(3, 118, 0)]
    [InlineData(3, 119, 0)]
    [InlineData(100, 16_274, 20)]
    [InlineData(100, 70_000, 200)]
    public void The_length_is_foretold_to_the_byte(int topicLength, int payloadLength, int forwardLength)
    {
        byte[] topic = new byte[topicLength], payload = new byte[payloadLength], forward = new byte[forwardLength];
        MqttPublishHead[] heads =
        [
            default,
            new() { Qos = 2, PacketId = 1, Retain = true },
            new() { Qos = 1, PacketId = 1, TopicAlias = 3, MessageExpirySeconds = 0, SubscriptionIdentifiers = new uint[] { 1, 128, 16_384, 2_097_152 } },
        ];
        foreach (var head in heads)
            foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
                Assert.Equal(
                    MqttAny.Bytes(to => MqttWriter.Publish(to, version, topic, payload, head, forward)).Length,
                    MqttWriter.PublishLength(version, topicLength, payloadLength, head, forwardLength));
    }

    [Theory]
    [InlineData(MqttVersion.V311, 0x6, "<a> 0001", "MQTT-3.3.1-4", "QoS 3")]
    [InlineData(MqttVersion.V5, 0x6, "<a> 0001 []", "MQTT-3.3.1-4", "QoS 3")]
    [InlineData(MqttVersion.V311, 0x8, "<a>", "MQTT-3.3.1-2", "DUP at QoS 0")]
    [InlineData(MqttVersion.V311, 0x0, "", "MQTT-4.13.1-1", "nothing")]
    [InlineData(MqttVersion.V311, 0x0, "0002 'a'", "MQTT-4.13.1-1", "torn topic")]
    [InlineData(MqttVersion.V311, 0x0, "<>", "MQTT-4.7.3-1", "no topic")]
    [InlineData(MqttVersion.V311, 0x0, "<a/#>", "MQTT-4.7.0-1", "wildcard #")]
    [InlineData(MqttVersion.V5, 0x0, "<a/+> []", "MQTT-4.7.0-1", "wildcard +")]
    [InlineData(MqttVersion.V311, 0x0, "{6100}", "MQTT-1.5.4-2", "NUL in the topic")]
    [InlineData(MqttVersion.V5, 0x0, "{C0AF} []", "MQTT-1.5.4-1", "topic that is no UTF-8")]
    [InlineData(MqttVersion.V5, 0x0, "<a\u007F> []", "§1.5.4", "control character in the topic")]
    [InlineData(MqttVersion.V311, 0x2, "<a> 00", "MQTT-4.13.1-1", "torn packet id")]
    [InlineData(MqttVersion.V5, 0x0, "<a>", "MQTT-2.2.2-1", "no property length")]
    [InlineData(MqttVersion.V5, 0x0, "<a> 8000", "MQTT-2.2.2-1", "property length of more bytes than needed")]
    [InlineData(MqttVersion.V5, 0x0, "<a> 02 01", "MQTT-4.13.1-1", "property length beyond the packet")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [01]", "MQTT-4.13.1-1", "property without its value")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [00 00]", "§2.2.2.2", "property 0")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [7F 00]", "§2.2.2.2", "property nobody knows")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [FF 00]", "§2.2.2.2", "property identifier of two bytes")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [11 00000001]", "§2.2.2.2", "session expiry")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [18 00000001]", "§2.2.2.2", "will delay")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [1F <why>]", "§2.2.2.2", "reason string")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [0B 8000]", "MQTT-4.13.1-1", "subscription identifier of more bytes than needed")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [03 {EDA080}]", "MQTT-1.5.4-1", "content type that is no UTF-8")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [08 {C0}]", "MQTT-1.5.4-1", "response topic that is no UTF-8")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [08 <>]", "MQTT-4.7.3-1", "response topic of no character")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [26 {00} <v>]", "MQTT-1.5.4-2", "user property name with NUL")]
    [InlineData(MqttVersion.V5, 0x0, "<a> [26 <k> {FF}]", "MQTT-1.5.4-1", "user property value that is no UTF-8")]
    public void A_malformed_publish_is_refused_with_its_clause(MqttVersion version, byte flags, string body, string clause, string what)
    {
        MqttRefused.Because(what, MqttReason.MalformedPacket, clause, MqttPacketType.Publish, body, version, MqttRole.Client, flags);
    }

    [Theory]
    [InlineData(MqttVersion.V311, "<a> 0000", "MQTT-2.2.1-3", "packet id 0")]
    [InlineData(MqttVersion.V5, "<a> 0000 []", "MQTT-2.2.1-3", "packet id 0")]
    [InlineData(MqttVersion.V5, "<> 0001 []", "§3.3.2.1", "neither topic nor alias")]
    [InlineData(MqttVersion.V5, "<a> 0001 [0B 01]", "MQTT-3.3.4-6", "subscription identifier from a client")]
    [InlineData(MqttVersion.V5, "<a> 0001 [01 02]", "§3.3.2.3", "payload format 2")]
    [InlineData(MqttVersion.V5, "<a> 0001 [01 00 01 00]", "§3.3.2.3", "payload format twice")]
    [InlineData(MqttVersion.V5, "<a> 0001 [02 00000001 02 00000001]", "§3.3.2.3", "message expiry twice")]
    [InlineData(MqttVersion.V5, "<a> 0001 [23 0001 23 0001]", "§3.3.2.3", "topic alias twice")]
    [InlineData(MqttVersion.V5, "<a> 0001 [08 <r> 08 <r>]", "§3.3.2.3", "response topic twice")]
    [InlineData(MqttVersion.V5, "<a> 0001 [08 <r/+>]", "MQTT-3.3.2-14", "response topic with a wildcard")]
    [InlineData(MqttVersion.V5, "<a> 0001 [09 {} 09 {}]", "§3.3.2.3", "correlation data twice")]
    [InlineData(MqttVersion.V5, "<a> 0001 [03 <> 03 <>]", "§3.3.2.3", "content type twice")]
    public void A_publish_the_protocol_forbids_is_refused_with_its_clause(MqttVersion version, string body, string clause, string what)
    {
        MqttRefused.Because(what, MqttReason.ProtocolError, clause, MqttPacketType.Publish, body, version, MqttRole.Client, 2);
    }

    [Fact]
    public void Topic_alias_0_has_a_reason_of_its_own() =>
        MqttRefused.Because("topic alias 0", MqttReason.TopicAliasInvalid, "MQTT-3.3.2-8", MqttPacketType.Publish, "<a> [23 0000]", MqttVersion.V5);

    [Fact]
    public void A_subscription_identifier_of_0_is_refused_from_a_server_too() =>
        MqttRefused.Because("subscription identifier 0", MqttReason.ProtocolError, "§3.3.2.3", MqttPacketType.Publish, "<a> [0B 00]", MqttVersion.V5, MqttRole.Server);

    [Fact]
    public void A_payload_said_to_be_text_is_not_looked_into() =>
        Assert.True(MqttPublish.TryParse(0, MqttNotation.Bytes("<a> [01 01] FFFE00"), MqttVersion.V5, MqttRole.Client, out _).IsOk);

    [Fact]
    public void Every_torn_publish_is_refused()
    {
        byte[] body = MqttNotation.Bytes("<t> 0102 [23 0007 02 0000003C 01 01 03 <json> 08 <reply> 09 {AB} 26 <k> <1>]");
        for (int length = 0; length < body.Length; length++)
            Assert.False(MqttPublish.TryParse(2, body.AsSpan(0, length), MqttVersion.V5, MqttRole.Client, out _).IsOk);
        Assert.True(MqttPublish.TryParse(2, body, MqttVersion.V5, MqttRole.Client, out _).IsOk);
    }

    private static void AssertWrittenAgain(MqttVersion version, byte flags, byte[] body)
    {
        byte[] packet = MqttAny.Packet(MqttPacketType.Publish, body, flags);
        byte[] again = MqttAny.Bytes(to => Assert.True(MqttAny.Read(packet, version, MqttRole.Server, to).IsOk));
        Assert.Equal(Convert.ToHexString(packet), Convert.ToHexString(again));
    }
}

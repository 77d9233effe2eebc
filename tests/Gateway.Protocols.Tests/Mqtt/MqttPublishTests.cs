using System.Buffers;
using System.Text;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttPublishTests
{
    [Theory]
    [InlineData(0x0, "0003612F62" + "6869", "a/b", "hi", 0, 0, false, false)]
    [InlineData(0x1, "0003612F62", "a/b", "", 0, 0, true, false)]
    [InlineData(0x2, "000161" + "000A" + "6869", "a", "hi", 10, 1, false, false)]
    [InlineData(0xD, "000161" + "FFFF", "a", "", 65_535, 2, true, true)]
    public void A_publish_is_topic_id_and_payload(byte flags, string hex, string topic, string payload, int id, int qos, bool retain, bool dup)
    {
        Assert.True(MqttPublish.TryParse(flags, Convert.FromHexString(hex), out var publish));
        Assert.Equal((topic, payload), (Encoding.UTF8.GetString(publish.Topic), Encoding.UTF8.GetString(publish.Payload)));
        Assert.Equal((id, qos, retain, dup), (publish.PacketId, publish.Qos, publish.Retain, publish.Dup));
    }

    [Theory]
    [InlineData(0x6, "0001610001", "QoS 3 [MQTT-3.3.1-4]")]
    [InlineData(0x8, "000161", "DUP at QoS 0 [MQTT-3.3.1-2]")]
    [InlineData(0x0, "", "nothing")]
    [InlineData(0x0, "00", "torn length")]
    [InlineData(0x0, "000261", "torn topic")]
    [InlineData(0x0, "0000", "no topic [MQTT-4.7.3-1]")]
    [InlineData(0x0, "0003612F23", "wildcard # [MQTT-3.3.2-2]")]
    [InlineData(0x0, "0003612F2B", "wildcard + [MQTT-3.3.2-2]")]
    [InlineData(0x0, "00026100", "NUL in the topic [MQTT-1.5.3-2]")]
    [InlineData(0x2, "000161", "no packet id")]
    [InlineData(0x2, "00016100", "torn packet id")]
    [InlineData(0x2, "0001610000", "packet id 0 [MQTT-2.3.1-1]")]
    public void A_publish_against_the_standard_is_refused(byte flags, string hex, string what) =>
        Assert.False(MqttPublish.TryParse(flags, Convert.FromHexString(hex), out _), what);

    [Fact]
    public void Answers_are_the_bytes_of_the_standard()
    {
        Assert.Equal("40020102", Hex(to => MqttAnswer.Id(to, MqttPacketType.Puback, 0x0102)));
        Assert.Equal("5002FFFF", Hex(to => MqttAnswer.Id(to, MqttPacketType.Pubrec, 0xFFFF)));
        Assert.Equal("70020001", Hex(to => MqttAnswer.Id(to, MqttPacketType.Pubcomp, 1)));
        Assert.Equal("B0020001", Hex(to => MqttAnswer.Id(to, MqttPacketType.Unsuback, 1)));
        Assert.Equal("20020000", Hex(to => MqttAnswer.Connack(to, MqttReturnCode.Accepted)));
        Assert.Equal("20020004", Hex(to => MqttAnswer.Connack(to, MqttReturnCode.BadUserNameOrPassword)));
        Assert.Equal("2003008400", Hex(MqttAnswer.ConnackUnsupportedV5));
        Assert.Equal("D000", Hex(MqttAnswer.Pingresp));
        Assert.Equal("9005000A808080", Hex(to => MqttAnswer.SubackRefused(to, 10, 3)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_refusal_of_as_many_filters_as_the_listener_takes_is_one_packet_that_can_be_read(int filters)
    {
        var to = new ArrayBufferWriter<byte>();
        MqttAnswer.SubackRefused(to, 1, filters);
        var buffer = new ReadOnlySequence<byte>(to.WrittenMemory);

        Assert.Equal(OperationStatus.Done, MqttFrame.TryRead(ref buffer, 65_536, out var frame));
        Assert.Equal((MqttPacketType.Suback, 2 + filters, 0), (frame.Type, frame.Body.Length, buffer.Length));
    }

    private static string Hex(Action<IBufferWriter<byte>> write)
    {
        var to = new ArrayBufferWriter<byte>();
        write(to);
        return Convert.ToHexString(to.WrittenSpan);
    }
}

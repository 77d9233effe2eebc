using FirmwareSim.Wire.Mqtt;

namespace FirmwareSim.Tests.Wire;

public sealed class MqttPacketTests
{
    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    [Fact]
    public void CONNECT_asks_for_a_clean_session_with_a_retained_QoS_1_will() =>
        Assert.Equal(
            Hex("10 1B 00 04 4D 51 54 54 04 2E 00 1E 00 02 63 31 00 03 61 2F 73 00 06 7B 22 6F 22 3A 30"),
            MqttPackets.Connect("c1", 30, "a/s", Hex("7B 22 6F 22 3A 30")));

    [Fact]
    public void PUBLISH_with_QoS_1_carries_its_packet_identifier() =>
        Assert.Equal(Hex("32 09 00 03 61 2F 62 00 0A 68 69"), MqttPackets.Publish("a/b", "hi"u8, 10, retain: false, duplicate: false));

    [Fact]
    public void A_retained_PUBLISH_and_a_repeated_one_say_so_in_their_first_byte()
    {
        Assert.Equal(0x33, MqttPackets.Publish("a", "x"u8, 1, retain: true, duplicate: false)[0]);
        Assert.Equal(0x3A, MqttPackets.Publish("a", "x"u8, 1, retain: false, duplicate: true)[0]);
    }

    [Theory]
    [InlineData(127 - 5, "7F")]
    [InlineData(128 - 5, "80 01")]
    [InlineData(16_383 - 5, "FF 7F")]
    [InlineData(16_384 - 5, "80 80 01")]
    public void The_remaining_length_takes_as_many_bytes_as_it_needs(int payloadBytes, string length)
    {
        byte[] packet = MqttPackets.Publish("a", new byte[payloadBytes], 1, retain: false, duplicate: false);
        byte[] expected = Hex(length);
        Assert.Equal(expected, packet[1..(1 + expected.Length)]);
        Assert.Equal(1 + expected.Length + payloadBytes + 5, packet.Length);
    }

    [Fact]
    public void PINGREQ_and_DISCONNECT_are_two_bytes()
    {
        Assert.Equal(Hex("C0 00"), MqttPackets.PingRequest());
        Assert.Equal(Hex("E0 00"), MqttPackets.Disconnect());
    }

    [Fact]
    public async Task Packets_of_the_broker_are_read_one_by_one()
    {
        using var stream = new MemoryStream(Hex("20 02 00 05 40 02 01 02 D0 00"));
        MqttPacket connectAck = await MqttPacketReader.ReadAsync(stream, CancellationToken.None);
        MqttPacket publishAck = await MqttPacketReader.ReadAsync(stream, CancellationToken.None);
        MqttPacket pong = await MqttPacketReader.ReadAsync(stream, CancellationToken.None);
        Assert.Equal((MqttPacketType.ConnectAck, 5), (connectAck.Type, connectAck.ReturnCode));
        Assert.Equal((MqttPacketType.PublishAck, 0x0102), (publishAck.Type, (int)publishAck.PacketId));
        Assert.Equal(MqttPacketType.PingResponse, pong.Type);
        await Assert.ThrowsAsync<EndOfStreamException>(() => MqttPacketReader.ReadAsync(stream, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_packet_too_long_for_a_device_that_subscribes_to_nothing_ends_the_connection()
    {
        using var stream = new MemoryStream(Hex("30 FF FF FF 7F 00"));
        IOException failure = await Assert.ThrowsAsync<IOException>(() => MqttPacketReader.ReadAsync(stream, CancellationToken.None).AsTask());
        Assert.Contains("268435455", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_payload_is_in_the_packet_unchanged() =>
        Assert.Equal("{\"ts\":1}"u8, MqttPackets.Publish("a/b", "{\"ts\":1}"u8, 1, retain: false, duplicate: false).AsSpan()[^8..]);
}

using System.Buffers;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttFrameTests
{
    private const int BytesMax = 65_536;

    [Theory]
    [InlineData("C000", MqttPacketType.Pingreq, 0, "")]
    [InlineData("E000", MqttPacketType.Disconnect, 0, "")]
    [InlineData("62020102", MqttPacketType.Pubrel, 2, "0102")]
    [InlineData("3307000161000A6869", MqttPacketType.Publish, 3, "000161000A6869")]
    [InlineData("3D020000", MqttPacketType.Publish, 13, "0000")]
    [InlineData("F000", MqttPacketType.Auth, 0, "")]
    public void A_packet_is_its_head_and_its_body(string hex, MqttPacketType type, byte flags, string body)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(OperationStatus.Done, MqttFrame.TryRead(ref buffer, BytesMax, out var frame, out var verdict));
        Assert.Equal((type, flags, body), (frame.Type, frame.Flags, Convert.ToHexString(frame.Body.ToArray())));
        Assert.Equal(hex.Length / 2, frame.Length);
        Assert.True(buffer.IsEmpty);
        Assert.True(verdict.IsOk);
    }

    /// <summary>The values of table 1-1 where the number of length bytes changes.</summary>
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(16_383, "FF7F")]
    [InlineData(16_384, "808001")]
    [InlineData(2_097_151, "FFFF7F")]
    [InlineData(2_097_152, "80808001")]
    public void The_remaining_length_takes_one_to_four_bytes(int length, string hex)
    {
        byte[] packet = [0x30, .. Convert.FromHexString(hex), .. new byte[length]];
        var buffer = new ReadOnlySequence<byte>(packet);
        Assert.Equal(OperationStatus.Done, MqttFrame.TryRead(ref buffer, packet.Length, out var frame, out _));
        Assert.Equal((packet.Length, length), (frame.Length, frame.Body.Length));
    }

    [Fact]
    public void The_largest_length_of_the_standard_is_waited_for()
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString("30FFFFFF7F"));
        Assert.Equal(OperationStatus.NeedMoreData, MqttFrame.TryRead(ref buffer, int.MaxValue, out _, out _));
    }

    [Theory]
    [InlineData("30FFFFFFFF", MqttReason.MalformedPacket, "MQTT-1.5.5-1", "a length of five bytes")]
    [InlineData("C08000", MqttReason.MalformedPacket, "MQTT-1.5.5-1", "a length of more bytes than needed")]
    [InlineData("30FFFF8000", MqttReason.MalformedPacket, "MQTT-1.5.5-1", "the same in four bytes")]
    [InlineData("00", MqttReason.MalformedPacket, "§2.1.2", "type 0")]
    [InlineData("0F", MqttReason.MalformedPacket, "§2.1.2", "type 0 with flags")]
    [InlineData("C101", MqttReason.MalformedPacket, "MQTT-2.1.3-1", "PINGREQ with a flag")]
    [InlineData("6002", MqttReason.MalformedPacket, "MQTT-2.1.3-1", "PUBREL without its flag")]
    [InlineData("C001", MqttReason.MalformedPacket, "§3.12", "PINGREQ with a body")]
    [InlineData("D001", MqttReason.MalformedPacket, "§3.12", "PINGRESP with a body")]
    public void A_head_against_the_standard_is_refused_before_its_body_is_there(string hex, MqttReason reason, string clause, string what)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal((what, OperationStatus.InvalidData), (what, MqttFrame.TryRead(ref buffer, BytesMax, out _, out var verdict)));
        Assert.Equal((reason, clause), (verdict.Reason, verdict.Clause));
        Assert.Equal(hex.Length / 2, buffer.Length);
    }

    [Fact]
    public void Flags_other_than_table_2_2_lists_are_refused_for_every_type_but_publish()
    {
        for (int first = 0x10; first <= 0xFF; first++)
        {
            int type = first >> 4, flags = first & 0x0F;
            bool listed = type == 3 || flags == (type is 6 or 8 or 10 ? 2 : 0);
            var buffer = new ReadOnlySequence<byte>([(byte)first, 0]);
            Assert.Equal((first, listed), (first, MqttFrame.TryRead(ref buffer, BytesMax, out _, out _) == OperationStatus.Done));
        }
    }

    [Theory]
    [InlineData("307E", 128, OperationStatus.NeedMoreData)]
    [InlineData("307F", 128, OperationStatus.InvalidData)]
    [InlineData("308001", 131, OperationStatus.NeedMoreData)]
    [InlineData("308001", 130, OperationStatus.InvalidData)]
    public void The_limit_is_for_the_whole_packet_and_told_from_the_head_alone(string hex, int bytesMax, OperationStatus status)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(status, MqttFrame.TryRead(ref buffer, bytesMax, out _, out var verdict));
        Assert.Equal(status == OperationStatus.InvalidData ? MqttReason.PacketTooLarge : MqttReason.Success, verdict.Reason);
    }
}

using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttAckTests
{
    /// <summary>Tables 3-4 to 3-7.</summary>
    private static readonly byte[] Publish = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99], Release = [0x00, 0x92];

    [Theory]
    [InlineData(MqttPacketType.Puback, "40020102")]
    [InlineData(MqttPacketType.Pubrec, "50020102")]
    [InlineData(MqttPacketType.Pubrel, "62020102")]
    [InlineData(MqttPacketType.Pubcomp, "70020102")]
    public void Success_is_four_bytes_in_both_versions(MqttPacketType type, string hex)
    {
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
        {
            Assert.Equal(hex, MqttAny.Hex(to => MqttWriter.Ack(to, version, type, 0x0102)));
            Assert.True(MqttAck.TryParse(type, [1, 2], version, out var ack).IsOk);
            Assert.Equal(new MqttAck(type, 0x0102, MqttReason.Success), ack);
        }
    }

    [Theory]
    [InlineData(MqttPacketType.Puback, MqttReason.NotAuthorized, null, "4003010287")]
    [InlineData(MqttPacketType.Pubrec, MqttReason.QuotaExceeded, "full", "500B0102 97 07 1F 0004 66756C6C")]
    [InlineData(MqttPacketType.Pubrel, MqttReason.PacketIdentifierNotFound, null, "6203010292")]
    [InlineData(MqttPacketType.Pubcomp, MqttReason.PacketIdentifierNotFound, "?", "70080102 92 04 1F 0001 3F")]
    [InlineData(MqttPacketType.Puback, MqttReason.Success, "fine", "400B0102 00 07 1F 0004 66696E65")]
    public void A_reason_goes_there_and_back_in_5_0_and_is_left_out_in_3_1_1(MqttPacketType type, MqttReason reason, string? text, string hex)
    {
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Ack(to, MqttVersion.V5, type, 0x0102, reason, text));
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(packet));
        Assert.True(MqttAck.TryParse(type, MqttAny.Body(packet), MqttVersion.V5, out var ack).IsOk);
        Assert.Equal(new MqttAck(type, 0x0102, reason), ack);
        Assert.Equal(4, MqttAny.Bytes(to => MqttWriter.Ack(to, MqttVersion.V311, type, 0x0102, reason, text)).Length);
    }

    [Theory]
    [InlineData(MqttPacketType.Puback, "MQTT-3.4.2-1")]
    [InlineData(MqttPacketType.Pubrec, "MQTT-3.5.2-1")]
    [InlineData(MqttPacketType.Pubrel, "MQTT-3.6.2-1")]
    [InlineData(MqttPacketType.Pubcomp, "MQTT-3.7.2-1")]
    public void Only_the_reasons_listed_for_the_packet_are_taken(MqttPacketType type, string clause)
    {
        byte[] listed = type is MqttPacketType.Puback or MqttPacketType.Pubrec ? Publish : Release;
        for (int code = 0; code <= 255; code++)
        {
            var verdict = MqttAck.TryParse(type, [0, 1, (byte)code], MqttVersion.V5, out var ack);
            Assert.Equal((code, listed.Contains((byte)code)), (code, verdict.IsOk));
            if (verdict.IsOk) Assert.Equal(new MqttAck(type, 1, (MqttReason)code), ack);
            else Assert.Equal((MqttReason.ProtocolError, clause, default), (verdict.Reason, verdict.Clause, ack));
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311, "00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "torn packet id")]
    [InlineData(MqttVersion.V311, "0001 00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "a reason in 3.1.1")]
    [InlineData(MqttVersion.V311, "0000", MqttReason.ProtocolError, "MQTT-2.2.1-5", "packet id 0")]
    [InlineData(MqttVersion.V5, "0000 00", MqttReason.ProtocolError, "MQTT-2.2.1-5", "packet id 0")]
    [InlineData(MqttVersion.V5, "0001 00 01", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "property length beyond the packet")]
    [InlineData(MqttVersion.V5, "0001 00 8000", MqttReason.MalformedPacket, "MQTT-2.2.2-1", "property length of more bytes than needed")]
    [InlineData(MqttVersion.V5, "0001 00 [] 00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "bytes left over")]
    [InlineData(MqttVersion.V5, "0001 00 [01 00]", MqttReason.MalformedPacket, "§2.2.2.2", "payload format")]
    [InlineData(MqttVersion.V5, "0001 00 [1F {C0}]", MqttReason.MalformedPacket, "MQTT-1.5.4-1", "reason string that is no UTF-8")]
    public void An_acknowledgement_against_the_standard_is_refused_with_its_clause(MqttVersion version, string body, MqttReason reason, string clause, string what)
    {
        foreach (var type in (MqttPacketType[])[MqttPacketType.Puback, MqttPacketType.Pubrec, MqttPacketType.Pubrel, MqttPacketType.Pubcomp])
            MqttRefused.Because(what, reason, clause, type, body, version);
    }

    [Theory]
    [InlineData(MqttPacketType.Puback, "§3.4.2.2")]
    [InlineData(MqttPacketType.Pubrec, "§3.5.2.2")]
    [InlineData(MqttPacketType.Pubrel, "§3.6.2.2")]
    [InlineData(MqttPacketType.Pubcomp, "§3.7.2.2")]
    public void A_reason_string_stands_once_and_user_properties_as_often_as_they_like(MqttPacketType type, string clause)
    {
        MqttRefused.Because("reason string twice", MqttReason.ProtocolError, clause, type, "0001 00 [1F <a> 1F <a>]", MqttVersion.V5);
        MqttRefused.WhereverItIsTorn(type, "0001 00 [1F <a> 26 <k> <v> 26 <k> <v>]", MqttVersion.V5, valid: [2, 3]);
    }
}

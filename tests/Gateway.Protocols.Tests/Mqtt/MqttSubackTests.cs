using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttSubackTests
{
    /// <summary>Tables 3-8 and 3-9.</summary>
    private static readonly byte[] Granted = [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2], Removed = [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91];

    /// <summary>3.1.1 §3.9.3: granted QoS 0, QoS 2, failure.</summary>
    [Fact]
    public void The_standards_example_of_3_1_1_is_read_and_written()
    {
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Suback(to, MqttVersion.V311, 10, [0, 2, 0x80]));
        Assert.Equal("9005000A000280", Convert.ToHexString(packet));
        Assert.Equivalent(new MqttSuback(10, [0, 2, 0x80]), Read(MqttPacketType.Suback, MqttAny.Body(packet), MqttVersion.V311), strict: true);
    }

    [Fact]
    public void Every_reason_of_5_0_goes_there_and_back_and_is_0x80_in_3_1_1()
    {
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Suback(to, MqttVersion.V5, 1, Granted, "as far as it goes"));
        Assert.Equivalent(new MqttSuback(1, Granted), Read(MqttPacketType.Suback, MqttAny.Body(packet), MqttVersion.V5), strict: true);
        Assert.Equal("900E0001" + "000102" + "808080808080808080", MqttAny.Hex(to => MqttWriter.Suback(to, MqttVersion.V311, 1, Granted)));
    }

    [Fact]
    public void An_unsuback_has_reasons_in_5_0_only()
    {
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Unsuback(to, MqttVersion.V5, 1, Removed));
        Assert.Equal("B00A0001" + "00" + "00118083878F91", Convert.ToHexString(packet));
        Assert.Equivalent(new MqttSuback(1, Removed), Read(MqttPacketType.Unsuback, MqttAny.Body(packet), MqttVersion.V5), strict: true);
        Assert.Equal("B0020001", MqttAny.Hex(to => MqttWriter.Unsuback(to, MqttVersion.V311, 1, Removed)));
        Assert.Equivalent(new MqttSuback(1, []), Read(MqttPacketType.Unsuback, [0, 1], MqttVersion.V311), strict: true);
    }

    [Theory]
    [InlineData(MqttVersion.V311, MqttPacketType.Suback, "MQTT-3.9.3-2")]
    [InlineData(MqttVersion.V5, MqttPacketType.Suback, "MQTT-3.9.3-2")]
    [InlineData(MqttVersion.V5, MqttPacketType.Unsuback, "MQTT-3.11.3-2")]
    public void Only_the_reasons_listed_for_the_packet_are_taken(MqttVersion version, MqttPacketType type, string clause)
    {
        byte[] listed = version == MqttVersion.V311 ? [0, 1, 2, 0x80] : type == MqttPacketType.Suback ? Granted : Removed;
        for (int code = 0; code <= 255; code++)
        {
            byte[] body = version == MqttVersion.V5 ? [0, 1, 0, 0, (byte)code] : [0, 1, 0, (byte)code];
            var verdict = MqttSuback.TryParse(type, body, version, out _);
            Assert.Equal((code, listed.Contains((byte)code)), (code, verdict.IsOk));
            if (!verdict.IsOk) Assert.Equal((MqttReason.ProtocolError, clause), (verdict.Reason, verdict.Clause));
        }
    }

    [Theory]
    [InlineData(MqttPacketType.Suback, MqttVersion.V311, "00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "torn packet id")]
    [InlineData(MqttPacketType.Suback, MqttVersion.V311, "0000 00", MqttReason.ProtocolError, "MQTT-2.2.1-6", "packet id 0")]
    [InlineData(MqttPacketType.Suback, MqttVersion.V311, "0001", MqttReason.MalformedPacket, "§3.9.3", "no reasons")]
    [InlineData(MqttPacketType.Suback, MqttVersion.V5, "0001 []", MqttReason.MalformedPacket, "§3.9.3", "no reasons")]
    [InlineData(MqttPacketType.Suback, MqttVersion.V5, "0001 [0B 01] 00", MqttReason.MalformedPacket, "§2.2.2.2", "subscription identifier")]
    [InlineData(MqttPacketType.Suback, MqttVersion.V5, "0001 [1F <a> 1F <a>] 00", MqttReason.ProtocolError, "§3.9.2.1", "reason string twice")]
    [InlineData(MqttPacketType.Unsuback, MqttVersion.V311, "0001 00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "reasons in 3.1.1")]
    [InlineData(MqttPacketType.Unsuback, MqttVersion.V5, "0001 []", MqttReason.MalformedPacket, "§3.11.3", "no reasons")]
    [InlineData(MqttPacketType.Unsuback, MqttVersion.V5, "0001 [1F <a> 1F <a>] 00", MqttReason.ProtocolError, "§3.11.2.1", "reason string twice")]
    [InlineData(MqttPacketType.Unsuback, MqttVersion.V5, "0001", MqttReason.MalformedPacket, "MQTT-2.2.2-1", "no property length")]
    public void An_answer_against_the_standard_is_refused_with_its_clause(MqttPacketType type, MqttVersion version, string body, MqttReason reason, string clause, string what)
    {
        MqttRefused.Because(what, reason, clause, type, body, version, MqttRole.Server);
    }

    [Fact]
    public void User_properties_are_passed_over() =>
        Assert.Equal([1], Read(MqttPacketType.Suback, MqttNotation.Bytes("0001 [26 <k> <v> 1F <why> 26 <k> <v>] 01"), MqttVersion.V5).Reasons);

    private static MqttSuback Read(MqttPacketType type, byte[] body, MqttVersion version)
    {
        var verdict = MqttSuback.TryParse(type, body, version, out var suback);
        Assert.True(verdict.IsOk, verdict.ToString());
        return suback!;
    }
}

using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttDisconnectTests
{
    /// <summary>Table 3-10, column <i>Sent by</i>.</summary>
    private static readonly byte[]
        Both = [0x00, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99],
        ClientOnly = [0x04],
        ServerOnly = [0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2];

    [Theory]
    [InlineData(MqttVersion.V311, MqttReason.ServerBusy, null, null, null, "E000")]
    [InlineData(MqttVersion.V5, MqttReason.Success, null, null, null, "E000")]
    [InlineData(MqttVersion.V5, MqttReason.DisconnectWithWill, null, null, null, "E00104")]
    [InlineData(MqttVersion.V5, MqttReason.ServerMoved, "moved", null, "b:1", "E0109D0E1F00056D6F7665641C0003623A31")]
    [InlineData(MqttVersion.V5, MqttReason.Success, null, 0u, null, "E00700051100000000")]
    public void A_disconnect_is_as_short_as_it_may_be(MqttVersion version, MqttReason reason, string? text, uint? expiry, string? server, string hex)
    {
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Disconnect(to, version, reason, text, expiry, server));
        Assert.Equal(hex, Convert.ToHexString(packet));
        var from = server is null ? MqttRole.Client : MqttRole.Server;
        Assert.True(MqttDisconnect.TryParse(MqttAny.Body(packet), version, from, out var read).IsOk);
        Assert.Equal(new MqttDisconnect(version == MqttVersion.V5 ? reason : MqttReason.Success, expiry, text, server), read);
    }

    [Theory]
    [InlineData(MqttRole.Client)]
    [InlineData(MqttRole.Server)]
    public void Each_end_may_say_what_the_table_lists_for_it(MqttRole from)
    {
        byte[] listed = [.. Both, .. from == MqttRole.Client ? ClientOnly : ServerOnly];
        for (int code = 0; code <= 255; code++)
        {
            var verdict = MqttDisconnect.TryParse([(byte)code], MqttVersion.V5, from, out var read);
            Assert.Equal((code, listed.Contains((byte)code)), (code, verdict.IsOk));
            if (verdict.IsOk) Assert.Equal((MqttReason)code, read!.Reason);
            else Assert.Equal((MqttReason.ProtocolError, "MQTT-3.14.2-1"), (verdict.Reason, verdict.Clause));
        }
    }

    [Theory]
    [InlineData(MqttVersion.V311, MqttRole.Client, "00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "a body in 3.1.1")]
    [InlineData(MqttVersion.V311, MqttRole.Server, "", MqttReason.ProtocolError, "3.1.1 §3.14", "from a server of 3.1.1")]
    [InlineData(MqttVersion.V5, MqttRole.Server, "00 [11 00000001]", MqttReason.ProtocolError, "MQTT-3.14.2-2", "session expiry from a server")]
    [InlineData(MqttVersion.V5, MqttRole.Client, "00 [11 00000001 11 00000001]", MqttReason.ProtocolError, "§3.14.2.2", "session expiry twice")]
    [InlineData(MqttVersion.V5, MqttRole.Client, "00 [1F <a> 1F <a>]", MqttReason.ProtocolError, "§3.14.2.2", "reason string twice")]
    [InlineData(MqttVersion.V5, MqttRole.Server, "9C [1C <a> 1C <a>]", MqttReason.ProtocolError, "§3.14.2.2", "server reference twice")]
    [InlineData(MqttVersion.V5, MqttRole.Client, "00 [21 0001]", MqttReason.MalformedPacket, "§2.2.2.2", "receive maximum")]
    [InlineData(MqttVersion.V5, MqttRole.Client, "00 8000", MqttReason.MalformedPacket, "MQTT-2.2.2-1", "property length of more bytes than needed")]
    [InlineData(MqttVersion.V5, MqttRole.Client, "00 [] 00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "bytes left over")]
    public void A_disconnect_against_the_standard_is_refused_with_its_clause(MqttVersion version, MqttRole from, string body, MqttReason reason, string clause, string what)
    {
        MqttRefused.Because(what, reason, clause, MqttPacketType.Disconnect, body, version, from);
    }

    [Fact]
    public void Every_torn_disconnect_is_refused_but_where_the_rest_may_be_left_out() =>
        MqttRefused.WhereverItIsTorn(MqttPacketType.Disconnect, "00 [11 00000001 1F <a> 26 <k> <v>]", MqttVersion.V5, valid: [0, 1]);
}

using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttAuthTests
{
    [Theory]
    [InlineData(MqttReason.ContinueAuthentication, MqttRole.Client)]
    [InlineData(MqttReason.ContinueAuthentication, MqttRole.Server)]
    [InlineData(MqttReason.ReAuthenticate, MqttRole.Client)]
    [InlineData(MqttReason.Success, MqttRole.Server)]
    public void Everything_an_auth_may_carry_goes_there_and_back(MqttReason reason, MqttRole from)
    {
        var auth = new MqttAuth(reason, "SCRAM-SHA-1", [1, 2, 3], "go on");
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Auth(to, auth));
        Assert.True(MqttAuth.TryParse(MqttAny.Body(packet), from, out var read).IsOk);
        Assert.Equivalent(auth, read, strict: true);
    }

    [Fact]
    public void The_bytes_are_those_of_the_standard()
    {
        Assert.Equal("F00A18081500016D16000101", MqttAny.Hex(to => MqttWriter.Auth(to, new MqttAuth(MqttReason.ContinueAuthentication, "m", [1], null))));
        Assert.Equal("F000", MqttAny.Hex(to => MqttWriter.Auth(to, new MqttAuth(MqttReason.Success, null, null, null))));
        Assert.True(MqttAuth.TryParse([], MqttRole.Server, out var read).IsOk);
        Assert.Equal(new MqttAuth(MqttReason.Success, null, null, null), read);
    }

    [Theory]
    [InlineData(MqttRole.Client, new byte[] { 0x18, 0x19 })]
    [InlineData(MqttRole.Server, new byte[] { 0x00, 0x18 })]
    public void Each_end_may_say_what_the_table_lists_for_it(MqttRole from, byte[] listed)
    {
        for (int code = 0; code <= 255; code++)
        {
            byte[] body = [(byte)code, .. MqttNotation.Bytes("[15 <m>]")];
            var verdict = MqttAuth.TryParse(body, from, out _);
            Assert.Equal((code, listed.Contains((byte)code)), (code, verdict.IsOk));
            if (!verdict.IsOk) Assert.Equal((MqttReason.ProtocolError, "MQTT-3.15.2-1"), (verdict.Reason, verdict.Clause));
        }
    }

    [Theory]
    [InlineData("18", MqttReason.MalformedPacket, "MQTT-2.2.2-1", "no property length")]
    [InlineData("18 []", MqttReason.ProtocolError, "§3.15.2.2.2", "no method")]
    [InlineData("18 [16 {01}]", MqttReason.ProtocolError, "§3.15.2.2.2", "data without a method")]
    [InlineData("18 [15 <m> 15 <m>]", MqttReason.ProtocolError, "§3.15.2.2", "method twice")]
    [InlineData("18 [15 <m> 16 {} 16 {}]", MqttReason.ProtocolError, "§3.15.2.2", "data twice")]
    [InlineData("18 [15 <m> 1F <a> 1F <a>]", MqttReason.ProtocolError, "§3.15.2.2", "reason string twice")]
    [InlineData("18 [15 {C0}]", MqttReason.MalformedPacket, "MQTT-1.5.4-1", "method that is no UTF-8")]
    [InlineData("18 [15 <m> 1C <a>]", MqttReason.MalformedPacket, "§2.2.2.2", "server reference")]
    [InlineData("18 [15 <m>] 00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "bytes left over")]
    public void An_auth_against_the_standard_is_refused_with_its_clause(string body, MqttReason reason, string clause, string what)
    {
        MqttRefused.Because(what, reason, clause, MqttPacketType.Auth, body, MqttVersion.V5, MqttRole.Client);
    }

    [Fact]
    public void Every_torn_auth_is_refused() => MqttRefused.WhereverItIsTorn(MqttPacketType.Auth, "18 [15 <m> 16 {0102} 26 <k> <v>]", MqttVersion.V5);
}

using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttConnackTests
{
    [Theory]
    [InlineData(MqttVersion.V311, "20020000", MqttReason.Success, false)]
    [InlineData(MqttVersion.V311, "20020100", MqttReason.Success, true)]
    [InlineData(MqttVersion.V311, "20020001", MqttReason.UnsupportedProtocolVersion, false)]
    [InlineData(MqttVersion.V311, "20020002", MqttReason.ClientIdentifierNotValid, false)]
    [InlineData(MqttVersion.V311, "20020003", MqttReason.ServerUnavailable, false)]
    [InlineData(MqttVersion.V311, "20020004", MqttReason.BadUserNameOrPassword, false)]
    [InlineData(MqttVersion.V311, "20020005", MqttReason.NotAuthorized, false)]
    [InlineData(MqttVersion.V5, "2003000000", MqttReason.Success, false)]
    [InlineData(MqttVersion.V5, "2003010000", MqttReason.Success, true)]
    [InlineData(MqttVersion.V5, "2003008400", MqttReason.UnsupportedProtocolVersion, false)]
    public void A_connack_is_flags_and_code(MqttVersion version, string hex, MqttReason reason, bool present)
    {
        var connack = new MqttConnack { Reason = reason, SessionPresent = present };
        Assert.Equal(hex, MqttAny.Hex(to => MqttWriter.Connack(to, version, connack)));
        Assert.Equivalent(connack, Read(Convert.FromHexString(hex)[2..], version), strict: true);
    }

    [Fact]
    public void Everything_a_connack_of_5_0_may_carry_goes_there_and_back()
    {
        var connack = new MqttConnack
        {
            SessionPresent = true,
            SessionExpirySeconds = 0,
            ReceiveMaximum = 20,
            MaximumQos = 1,
            RetainAvailable = false,
            MaximumPacketSize = 65_536,
            AssignedClientId = "given-1",
            TopicAliasMaximum = 16,
            ReasonString = "welcome",
            WildcardAvailable = false,
            SubscriptionIdentifiersAvailable = false,
            SharedAvailable = false,
            ServerKeepAlive = 0,
            ResponseInformation = "reply/",
            ServerReference = "other:1883",
            AuthenticationMethod = "SCRAM-SHA-256",
            AuthenticationData = [],
            UserProperties = [new("a", "b"), new("a", "c")],
        };
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Connack(to, MqttVersion.V5, connack));

        Assert.Equivalent(connack, Read(MqttAny.Body(packet), MqttVersion.V5), strict: true);
        Assert.Equal("2002" + "0100", MqttAny.Hex(to => MqttWriter.Connack(to, MqttVersion.V311, connack)));
    }

    /// <summary>Each property of table 2-4 under CONNACK, byte by byte.</summary>
    [Fact]
    public void The_properties_stand_as_the_standard_numbers_them()
    {
        var connack = Read(MqttNotation.Bytes("00 00 [11 0000000A 21 0014 24 00 25 00 27 00010000 12 <id> 22 0010 1F <why> 26 <k> <v> 28 00 29 00 2A 00 13 003C 1A <info> 1C <ref> 15 <m> 16 {01}]"), MqttVersion.V5);
        Assert.Equivalent(new MqttConnack
        {
            SessionExpirySeconds = 10,
            ReceiveMaximum = 20,
            MaximumQos = 0,
            RetainAvailable = false,
            MaximumPacketSize = 65_536,
            AssignedClientId = "id",
            TopicAliasMaximum = 16,
            ReasonString = "why",
            WildcardAvailable = false,
            SubscriptionIdentifiersAvailable = false,
            SharedAvailable = false,
            ServerKeepAlive = 60,
            ResponseInformation = "info",
            ServerReference = "ref",
            AuthenticationMethod = "m",
            AuthenticationData = [1],
            UserProperties = [new("k", "v")],
        }, connack, strict: true);
    }

    [Fact]
    public void A_server_that_knows_only_3_1_1_is_understood_by_a_client_of_5_0()
    {
        Assert.Equal(MqttReason.UnsupportedProtocolVersion, Read([0, 1], MqttVersion.V5).Reason);
        MqttRefused.Because("a success in the form of 3.1.1", MqttReason.MalformedPacket, "MQTT-2.2.2-1", MqttPacketType.Connack, "00 00", MqttVersion.V5, MqttRole.Server);
    }

    [Theory]
    [InlineData(MqttVersion.V311, "02 00", MqttReason.MalformedPacket, "MQTT-3.2.2-1", "reserved flag")]
    [InlineData(MqttVersion.V5, "80 00 []", MqttReason.MalformedPacket, "MQTT-3.2.2-1", "reserved flag")]
    [InlineData(MqttVersion.V311, "00 06", MqttReason.ProtocolError, "MQTT-3.2.2-8", "return code 6")]
    [InlineData(MqttVersion.V5, "00 01 []", MqttReason.ProtocolError, "MQTT-3.2.2-8", "reason 1")]
    [InlineData(MqttVersion.V311, "01 05", MqttReason.ProtocolError, "MQTT-3.2.2-6", "session present with a refusal")]
    [InlineData(MqttVersion.V5, "01 87 []", MqttReason.ProtocolError, "MQTT-3.2.2-6", "session present with a refusal")]
    [InlineData(MqttVersion.V311, "00 00 00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "bytes left over")]
    [InlineData(MqttVersion.V5, "00 00 [] 00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "bytes left over")]
    [InlineData(MqttVersion.V5, "00 00 [17 00]", MqttReason.MalformedPacket, "§2.2.2.2", "request problem information")]
    [InlineData(MqttVersion.V5, "00 00 [24 02]", MqttReason.ProtocolError, "§3.2.2.3", "maximum QoS 2")]
    [InlineData(MqttVersion.V5, "00 00 [25 02]", MqttReason.ProtocolError, "§3.2.2.3", "retain available 2")]
    [InlineData(MqttVersion.V5, "00 00 [28 02]", MqttReason.ProtocolError, "§3.2.2.3", "wildcard available 2")]
    [InlineData(MqttVersion.V5, "00 00 [29 02]", MqttReason.ProtocolError, "§3.2.2.3", "subscription identifiers available 2")]
    [InlineData(MqttVersion.V5, "00 00 [2A 02]", MqttReason.ProtocolError, "§3.2.2.3", "shared available 2")]
    [InlineData(MqttVersion.V5, "00 00 [21 0000]", MqttReason.ProtocolError, "§3.2.2.3", "receive maximum 0")]
    [InlineData(MqttVersion.V5, "00 00 [27 00000000]", MqttReason.ProtocolError, "§3.2.2.3", "maximum packet size 0")]
    [InlineData(MqttVersion.V5, "00 00 [12 <a> 12 <a>]", MqttReason.ProtocolError, "§3.2.2.3", "assigned client id twice")]
    [InlineData(MqttVersion.V5, "00 00 [13 0001 13 0001]", MqttReason.ProtocolError, "§3.2.2.3", "server keep alive twice")]
    [InlineData(MqttVersion.V5, "00 00 [1F {C0}]", MqttReason.MalformedPacket, "MQTT-1.5.4-1", "reason string that is no UTF-8")]
    [InlineData(MqttVersion.V5, "00 00 [16 {01}]", MqttReason.ProtocolError, "§3.2.2.3.18", "authentication data without a method")]
    public void A_connack_against_the_standard_is_refused_with_its_clause(MqttVersion version, string body, MqttReason reason, string clause, string what)
    {
        MqttRefused.Because(what, reason, clause, MqttPacketType.Connack, body, version, MqttRole.Server);
    }

    [Fact]
    public void Every_torn_connack_is_refused() =>
        MqttRefused.WhereverItIsTorn(MqttPacketType.Connack, "01 00 [11 0000000A 12 <id> 26 <k> <v> 16 {01} 15 <m>]", MqttVersion.V5, MqttRole.Server);

    private static MqttConnack Read(byte[] body, MqttVersion version)
    {
        var verdict = MqttConnack.TryParse(body, version, out var connack);
        Assert.True(verdict.IsOk, verdict.ToString());
        return connack!;
    }
}

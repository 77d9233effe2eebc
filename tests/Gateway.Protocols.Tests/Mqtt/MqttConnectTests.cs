using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttConnectTests
{
    private const string Head311 = "<MQTT> 04 ", Head5 = "<MQTT> 05 ";

    /// <summary>3.1.1 figure 3.6: every flag but will retain, keep-alive 10.</summary>
    [Fact]
    public void The_standards_example_of_3_1_1_is_read_and_written()
    {
        var connect = Read(Head311 + "CE 000A <d1> <will> {0102} <user> {FF00}");

        Assert.Equivalent(new MqttConnect
        {
            Version = MqttVersion.V311,
            ClientId = "d1",
            CleanStart = true,
            KeepAliveSeconds = 10,
            Will = new MqttWill("will"u8.ToArray(), [1, 2], 1, false, 0, null, []),
            User = "user",
            Password = [0xFF, 0],
        }, connect, strict: true);
        Assert.Equal("102200044D51545404CE000A000264310004" + "77696C6C000201020004" + "757365720002FF00", MqttAny.Hex(to => MqttWriter.Connect(to, connect)));
    }

    /// <summary>5.0 figure 3-6: the same flags, session expiry 10.</summary>
    [Fact]
    public void The_standards_example_of_5_0_is_read_and_written()
    {
        const string Body = Head5 + "CE 000A 05 11 0000000A <d1> [] <will> {0102} <user> {FF00}";
        var connect = Read(Body);

        Assert.Equal((MqttVersion.V5, 10u, 10), (connect.Version, connect.SessionExpirySeconds, connect.KeepAliveSeconds));
        Assert.Equal(MqttAny.Packet(MqttPacketType.Connect, MqttNotation.Bytes(Body)), MqttAny.Bytes(to => MqttWriter.Connect(to, connect)));
    }

    [Fact]
    public void Everything_a_connect_of_5_0_may_carry_goes_there_and_back()
    {
        var connect = Everything;
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Connect(to, connect));

        Assert.True(MqttConnect.TryParse(MqttAny.Body(packet), out var read, out byte level).IsOk);
        Assert.Equal(5, level);
        Assert.Equivalent(connect, read, strict: true);
        Assert.Equal(packet, MqttAny.Bytes(to => MqttWriter.Connect(to, read!)));
    }

    [Fact]
    public void What_3_1_1_does_not_have_is_left_out()
    {
        byte[] packet = MqttAny.Bytes(to => MqttWriter.Connect(to, Everything with { Version = MqttVersion.V311 }));

        Assert.True(MqttConnect.TryParse(MqttAny.Body(packet), out var read, out _).IsOk);
        Assert.Equivalent(new MqttConnect
        {
            Version = MqttVersion.V311,
            ClientId = Everything.ClientId,
            KeepAliveSeconds = Everything.KeepAliveSeconds,
            Will = Everything.Will! with { DelaySeconds = 0, MessageExpirySeconds = null, Properties = [] },
            User = Everything.User,
            Password = Everything.Password,
            SessionExpirySeconds = uint.MaxValue,
        }, read, strict: true);
    }

    [Theory]
    [InlineData(Head311 + "02 0000 <>", 0u)]
    [InlineData(Head311 + "00 0000 <d>", uint.MaxValue)]
    [InlineData(Head5 + "02 0000 [] <>", 0u)]
    [InlineData(Head5 + "00 0000 [] <>", 0u)]
    [InlineData(Head5 + "00 0000 [11 FFFFFFFF] <>", uint.MaxValue)]
    public void A_session_ends_when_its_version_says(string body, uint seconds) => Assert.Equal(seconds, Read(body).SessionExpirySeconds);

    [Fact]
    public void The_least_connect_has_the_standards_values_for_what_is_absent()
    {
        var connect = Read(Head5 + "00 0000 [] <>");
        Assert.Equivalent(new MqttConnect { Version = MqttVersion.V5 }, connect, strict: true);
        Assert.Equal((65_535, 0u, 0, false, true), (connect.ReceiveMaximum, connect.MaximumPacketSize, connect.TopicAliasMaximum, connect.RequestResponseInformation, connect.RequestProblemInformation));
        Assert.Equal((0u, 0), (connect.SessionExpirySeconds, connect.UserProperties.Count));
    }

    [Fact]
    public void A_password_without_a_user_is_allowed_in_5_0()
    {
        var connect = Read(Head5 + "40 0000 [] <d> {01}");
        Assert.Null(connect.User);
        Assert.Equal([1], connect.Password!);
    }

    [Fact]
    public void A_will_keeps_its_forwardable_properties_in_their_order_and_nothing_else()
    {
        var will = Read(Head5 + "2C 0000 [] <d> [26 <k> <1> 18 00000005 03 <json> 26 <k> <2> 02 0000003C 01 01 08 <reply> 09 {AB}] <w> {}").Will!;
        Assert.Equal((5u, 60u, 1, true), (will.DelaySeconds, will.MessageExpirySeconds, will.Qos, will.Retain));
        Assert.Equal(MqttNotation.Bytes("26 <k> <1> 03 <json> 26 <k> <2> 01 01 08 <reply> 09 {AB}"), will.Properties);
    }

    [Theory]
    [InlineData("<MQTT> 03 02 0000 <d>", 3, "level 3")]
    [InlineData("<MQTT> 06 02 0000 <d>", 6, "level 6")]
    [InlineData("<MQTT> 84 02 0000 <d>", 0x84, "a bridge's level")]
    [InlineData("<MQTT> 00", 0, "level 0 and nothing after it")]
    [InlineData("<MQIsdp> 03 02 0000 <d>", 3, "the name of 3.1")]
    [InlineData("<MQIsdp> 04 02 0000 <d>", 4, "the name of 3.1 with a level of 3.1.1")]
    public void Another_version_is_told_with_the_level_it_asked_for(string body, byte level, string what)
    {
        var verdict = MqttConnect.TryParse(MqttNotation.Bytes(body), out var connect, out byte asked);
        Assert.Equal((what, MqttReason.UnsupportedProtocolVersion, "MQTT-3.1.2-2", level), (what, verdict.Reason, verdict.Clause, asked));
        Assert.Null(connect);
    }

    [Fact]
    public void The_level_is_told_also_when_the_rest_is_wrong()
    {
        MqttConnect.TryParse(MqttNotation.Bytes(Head5 + "03 0000 [] <d>"), out _, out byte five);
        MqttConnect.TryParse(MqttNotation.Bytes(Head311 + "00 0000 <>"), out var noId, out byte four);
        Assert.Equal((5, 4), (five, four));
        Assert.Null(noId);
    }

    [Theory]
    [InlineData("", "MQTT-4.13.1-1", "nothing")]
    [InlineData("<MQTX> 04 02 0000 <d>", "MQTT-3.1.2-1", "another protocol")]
    [InlineData("<mqtt> 04 02 0000 <d>", "MQTT-3.1.2-1", "small letters")]
    [InlineData(Head311 + "03 0000 <d>", "MQTT-3.1.2-3", "reserved flag")]
    [InlineData(Head5 + "03 0000 [] <d>", "MQTT-3.1.2-3", "reserved flag")]
    [InlineData(Head311 + "0A 0000 <d>", "MQTT-3.1.2-11", "will QoS without a will")]
    [InlineData(Head5 + "12 0000 [] <d>", "MQTT-3.1.2-11", "will QoS without a will")]
    [InlineData(Head311 + "22 0000 <d>", "MQTT-3.1.2-13", "will retain without a will")]
    [InlineData(Head5 + "22 0000 [] <d>", "MQTT-3.1.2-13", "will retain without a will")]
    [InlineData(Head311 + "1E 0000 <d> <w> {}", "MQTT-3.1.2-12", "will QoS 3")]
    [InlineData(Head5 + "1E 0000 [] <d> [] <w> {}", "MQTT-3.1.2-12", "will QoS 3")]
    [InlineData(Head311 + "42 0000 <d> {}", "3.1.1 MQTT-3.1.2-22", "password without user")]
    [InlineData(Head311 + "02 0000 {C328}", "MQTT-1.5.4-1", "client id that is no UTF-8")]
    [InlineData(Head5 + "02 0000 [] {0061}", "MQTT-1.5.4-2", "client id with NUL")]
    [InlineData(Head5 + "02 0000 [] <a\u0001>", "§1.5.4", "client id with a control character")]
    [InlineData(Head311 + "06 0000 <d> <> {}", "MQTT-4.7.3-1", "will without a topic")]
    [InlineData(Head311 + "06 0000 <d> <w/#> {}", "MQTT-4.7.0-1", "will topic with a wildcard")]
    [InlineData(Head5 + "06 0000 [] <d> [] <w/+> {}", "MQTT-4.7.0-1", "will topic with a wildcard")]
    [InlineData(Head311 + "06 0000 <d> {C328} {}", "MQTT-1.5.4-1", "will topic that is no UTF-8")]
    [InlineData(Head311 + "82 0000 <d>", "MQTT-4.13.1-1", "user promised and not sent")]
    [InlineData(Head311 + "82 0000 <d> {FF}", "MQTT-1.5.4-1", "user that is no UTF-8")]
    [InlineData(Head311 + "C2 0000 <d> <u>", "MQTT-4.13.1-1", "password promised and not sent")]
    [InlineData(Head311 + "02 0000 <d> 00", "MQTT-4.13.1-1", "bytes left over")]
    [InlineData(Head5 + "02 0000 [] <d> 00", "MQTT-4.13.1-1", "bytes left over")]
    [InlineData(Head5 + "02 0000", "MQTT-2.2.2-1", "no property length")]
    [InlineData(Head5 + "02 0000 8000 <d>", "MQTT-2.2.2-1", "property length of more bytes than needed")]
    [InlineData(Head5 + "02 0000 FFFFFFFF01 <d>", "MQTT-2.2.2-1", "property length of five bytes")]
    [InlineData(Head5 + "02 0000 09 <d>", "MQTT-4.13.1-1", "property length beyond the packet")]
    [InlineData(Head5 + "02 0000 [11 000000] <d>", "MQTT-4.13.1-1", "property cut short")]
    [InlineData(Head5 + "02 0000 [23 0001] <d>", "§2.2.2.2", "topic alias in CONNECT")]
    [InlineData(Head5 + "02 0000 [18 00000001] <d>", "§2.2.2.2", "will delay outside the will")]
    [InlineData(Head5 + "06 0000 [] <d> [11 00000001] <w> {}", "§2.2.2.2", "session expiry inside the will")]
    [InlineData(Head5 + "06 0000 [] <d> [23 0001] <w> {}", "§2.2.2.2", "topic alias inside the will")]
    public void A_malformed_connect_is_refused_with_its_clause(string body, string clause, string what)
    {
        MqttRefused.Because(what, MqttReason.MalformedPacket, clause, MqttPacketType.Connect, body, MqttVersion.None);
    }

    [Theory]
    [InlineData("11 00000001 11 00000001", "§3.1.2.11", "session expiry twice")]
    [InlineData("21 0001 21 0001", "§3.1.2.11", "receive maximum twice")]
    [InlineData("21 0000", "§3.1.2.11", "receive maximum 0")]
    [InlineData("27 00000001 27 00000001", "§3.1.2.11", "maximum packet size twice")]
    [InlineData("27 00000000", "§3.1.2.11", "maximum packet size 0")]
    [InlineData("22 0000 22 0000", "§3.1.2.11", "topic alias maximum twice")]
    [InlineData("19 00 19 00", "§3.1.2.11", "request response information twice")]
    [InlineData("19 02", "§3.1.2.11", "request response information 2")]
    [InlineData("17 01 17 01", "§3.1.2.11", "request problem information twice")]
    [InlineData("17 02", "§3.1.2.11", "request problem information 2")]
    [InlineData("15 <m> 15 <m>", "§3.1.2.11", "authentication method twice")]
    [InlineData("15 <m> 16 {} 16 {}", "§3.1.2.11", "authentication data twice")]
    [InlineData("16 {01}", "§3.1.2.11.10", "authentication data without a method")]
    public void A_property_of_connect_that_the_protocol_forbids_is_refused(string properties, string clause, string what)
    {
        MqttRefused.Because(what, MqttReason.ProtocolError, clause, MqttPacketType.Connect, $"{Head5} 02 0000 [{properties}] <d>", MqttVersion.V5);
    }

    [Theory]
    [InlineData("18 00000001 18 00000001", "§3.1.3.2", "will delay twice")]
    [InlineData("01 02", "§3.1.3.2", "payload format 2")]
    [InlineData("01 00 01 00", "§3.1.3.2", "payload format twice")]
    [InlineData("02 00000001 02 00000001", "§3.1.3.2", "message expiry twice")]
    [InlineData("03 <a> 03 <a>", "§3.1.3.2", "content type twice")]
    [InlineData("08 <a> 08 <a>", "§3.1.3.2", "response topic twice")]
    [InlineData("08 <a/#>", "MQTT-3.3.2-14", "response topic with a wildcard")]
    [InlineData("09 {} 09 {}", "§3.1.3.2", "correlation data twice")]
    public void A_property_of_the_will_that_the_protocol_forbids_is_refused(string properties, string clause, string what)
    {
        MqttRefused.Because(what, MqttReason.ProtocolError, clause, MqttPacketType.Connect, $"{Head5} 06 0000 [] <d> [{properties}] <w> {{}}", MqttVersion.V5);
    }

    [Fact]
    public void No_client_id_and_a_session_to_keep_is_refused_in_3_1_1_and_allowed_in_5_0()
    {
        MqttRefused.Because("no client id and a session to keep", MqttReason.ClientIdentifierNotValid, "3.1.1 MQTT-3.1.3-8", MqttPacketType.Connect, Head311 + "00 0000 <>", MqttVersion.V311);
        Assert.Equal("", Read(Head5 + "00 0000 [] <>").ClientId);
    }

    [Theory]
    [InlineData(Head311 + "EE 001E <d1> <w> {0102} <u> {FF}")]
    [InlineData(Head5 + "EE 001E [11 00000001 21 0001 26 <k> <v> 15 <m> 16 {01}] <d1> [18 00000001 03 <t> 26 <k> <v>] <w> {0102} <u> {FF}")]
    public void Every_torn_connect_is_refused(string body) => MqttRefused.WhereverItIsTorn(MqttPacketType.Connect, body, MqttVersion.None);

    private static MqttConnect Everything => new()
    {
        Version = MqttVersion.V5,
        ClientId = "塔机-1",
        CleanStart = false,
        KeepAliveSeconds = 65_535,
        Will = new MqttWill("site/工地/status"u8.ToArray(), [0, 255], 2, true, 30, 3_600, MqttProperties.Compose(true, "text/plain", "reply/1", [1, 2], [new("a", "1"), new("a", "2")])),
        User = "user",
        Password = [],
        SessionExpirySeconds = 86_400,
        ReceiveMaximum = 10,
        MaximumPacketSize = 1_000_000,
        TopicAliasMaximum = 65_535,
        RequestResponseInformation = true,
        RequestProblemInformation = false,
        UserProperties = [new("k", "v"), new("k", ""), new("", "\uFEFFv")],
        AuthenticationMethod = "SCRAM-SHA-256",
        AuthenticationData = [0, 1, 2],
    };

    private static MqttConnect Read(string body)
    {
        var verdict = MqttConnect.TryParse(MqttNotation.Bytes(body), out var connect, out _);
        Assert.True(verdict.IsOk, verdict.ToString());
        return connect!;
    }
}

using System.Text;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttPropertyTests
{
    /// <summary>Table 2-4: identifier, a value on the wire, and the packets it may stand in (W: the will).</summary>
    private static readonly (byte Id, string Value, string Packets)[] Table =
    [
        (0x01, "01", "Publish W"),
        (0x02, "00000001", "Publish W"),
        (0x03, "<a>", "Publish W"),
        (0x08, "<a>", "Publish W"),
        (0x09, "{01}", "Publish W"),
        (0x0B, "01", "Publish Subscribe"),
        (0x11, "00000001", "Connect Connack Disconnect"),
        (0x12, "<a>", "Connack"),
        (0x13, "0001", "Connack"),
        (0x15, "<a>", "Connect Connack Auth"),
        (0x16, "{01}", "Connect Connack Auth"),
        (0x17, "01", "Connect"),
        (0x18, "00000001", "W"),
        (0x19, "01", "Connect"),
        (0x1A, "<a>", "Connack"),
        (0x1C, "<a>", "Connack Disconnect"),
        (0x1F, "<a>", "Connack Puback Pubrec Pubrel Pubcomp Suback Unsuback Disconnect Auth"),
        (0x21, "0001", "Connect Connack"),
        (0x22, "0001", "Connect Connack"),
        (0x23, "0001", "Publish"),
        (0x24, "01", "Connack"),
        (0x25, "01", "Connack"),
        (0x26, "<a> <b>", "Connect Connack Publish W Puback Pubrec Pubrel Pubcomp Subscribe Suback Unsubscribe Unsuback Disconnect Auth"),
        (0x27, "00000001", "Connect Connack"),
        (0x28, "01", "Connack"),
        (0x29, "01", "Connack"),
        (0x2A, "01", "Connack"),
    ];

    /// <summary>Every packet around a property block; an authentication method goes before what needs one.</summary>
    private static readonly (string Name, string Before, string After)[] Packets =
    [
        ("Connect", "<MQTT> 05 02 0000", "<d>"),
        ("Connack", "00 00", ""),
        ("Publish", "<t>", ""),
        ("W", "<MQTT> 05 06 0000 [] <d>", "<w> {}"),
        ("Puback", "0001 00", ""),
        ("Pubrec", "0001 00", ""),
        ("Pubrel", "0001 00", ""),
        ("Pubcomp", "0001 00", ""),
        ("Subscribe", "0001", "<f> 00"),
        ("Suback", "0001", "00"),
        ("Unsubscribe", "0001", "<f>"),
        ("Unsuback", "0001", "00"),
        ("Disconnect", "00", ""),
        ("Auth", "18", ""),
    ];

    [Fact]
    public void Every_property_is_taken_where_table_2_4_lists_it_and_nowhere_else()
    {
        foreach (var (name, before, after) in Packets)
        {
            for (int id = 0; id <= 255; id++)
            {
                var row = Table.FirstOrDefault(r => r.Id == id);
                bool listed = row.Packets?.Split(' ').Contains(name) == true;
                string method = (name == "Auth" || id == 0x16) && id != 0x15 && name is "Auth" or "Connect" or "Connack" ? "15 <m>" : "";
                var verdict = Judge(name, $"{before} [{method} {id:X2} {row.Value ?? "00"}] {after}");
                Assert.Equal((name, id, listed), (name, id, verdict.IsOk));
                if (!listed) Assert.Equal((name, id, MqttReason.MalformedPacket, "§2.2.2.2"), (name, id, verdict.Reason, verdict.Clause));
            }
        }
    }

    [Fact]
    public void Only_user_properties_and_the_subscription_identifiers_of_a_publish_may_come_twice()
    {
        foreach (var (name, before, after) in Packets)
        {
            foreach (var (id, value, packets) in Table)
            {
                if (!packets.Split(' ').Contains(name)) continue;
                string method = (name == "Auth" || id == 0x16) && id != 0x15 ? "15 <m>" : "";
                var verdict = Judge(name, $"{before} [{method} {id:X2} {value} {id:X2} {value}] {after}");
                bool many = id == 0x26 || (id == 0x0B && name == "Publish");
                Assert.Equal((name, id, many ? MqttReason.Success : MqttReason.ProtocolError), (name, id, verdict.Reason));
            }
        }
    }

    [Fact]
    public void The_reader_walks_names_numbers_and_values()
    {
        byte[] block = MqttNotation.Bytes("01 01 02 0000003C 0B 8001 09 {AB} 26 <k> <v>");
        var reader = new MqttPropertyReader(block);
        var seen = new List<string>();
        while (reader.TryRead()) seen.Add($"{reader.Id} {reader.Number} {Convert.ToHexString(reader.Bytes)} {Encoding.UTF8.GetString(reader.Value)}");

        Assert.Equal(["PayloadFormatIndicator 1  ", "MessageExpiryInterval 60  ", "SubscriptionIdentifier 128  ", "CorrelationData 0 AB ", "UserProperty 0 6B v"], seen);
        Assert.True(reader.Verdict.IsOk);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("02 0000")]
    [InlineData("09 0002 AB")]
    [InlineData("26 <k> 00")]
    [InlineData("0B 80")]
    [InlineData("05 00")]
    public void The_reader_ends_at_a_torn_property_and_says_so(string block)
    {
        var reader = new MqttPropertyReader(MqttNotation.Bytes(block));
        Assert.False(reader.TryRead());
        Assert.False(reader.Verdict.IsOk);
        Assert.False(reader.TryRead());
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("26 <k> <v>", "26 <k> <v>", true)]
    [InlineData("01 01 03 <a> 08 <r> 09 {01} 26 <k> <v>", "01 01 03 <a> 08 <r> 09 {01} 26 <k> <v>", true)]
    [InlineData("23 0001", "", false)]
    [InlineData("26 <k> <1> 23 0001 26 <k> <2> 02 00000001 0B 05 26 <a> <3>", "26 <k> <1> 26 <k> <2> 26 <a> <3>", false)]
    public void What_a_server_passes_on_keeps_its_bytes_and_its_order(string properties, string forward, bool all)
    {
        byte[] block = MqttNotation.Bytes(properties), expected = MqttNotation.Bytes(forward);
        Assert.Equal((expected.Length, all), (MqttProperties.ForwardableLength(block), MqttProperties.AllForwardable(block)));
        byte[] to = new byte[expected.Length];
        MqttProperties.CopyForwardable(block, to);
        Assert.Equal(expected, to);
    }

    [Fact]
    public void A_composed_block_is_that_of_the_standard()
    {
        Assert.Equal(MqttNotation.Bytes("01 00 03 <a> 08 <r> 09 {} 26 <k> <1> 26 <k> <2>"), MqttProperties.Compose(false, "a", "r", [], [new("k", "1"), new("k", "2")]));
        Assert.Empty(MqttProperties.Compose());
    }

    private static MqttVerdict Judge(string name, string body)
    {
        var type = name == "W" ? MqttPacketType.Connect : Enum.Parse<MqttPacketType>(name);
        return MqttAny.Read(type, 0, MqttNotation.Bytes(body), MqttVersion.V5, type is MqttPacketType.Publish ? MqttRole.Server : MqttRole.Client);
    }
}

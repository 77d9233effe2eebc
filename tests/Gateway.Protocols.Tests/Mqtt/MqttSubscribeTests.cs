using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttSubscribeTests
{
    /// <summary>§3.8.3: a/b at QoS 1, c/d at QoS 2, packet identifier 10.</summary>
    [Theory]
    [InlineData(MqttVersion.V311, "82 0E 000A <a/b> 01 <c/d> 02")]
    [InlineData(MqttVersion.V5, "82 0F 000A 00 <a/b> 01 <c/d> 02")]
    public void The_standards_example_is_read_and_written(MqttVersion version, string packet)
    {
        var subscribe = new MqttSubscribe(10, 0, [new("a/b", 1, false, false, 0), new("c/d", 2, false, false, 0)]);
        byte[] bytes = MqttNotation.Bytes(packet);
        Assert.Equal(bytes, MqttAny.Bytes(to => MqttWriter.Subscribe(to, version, subscribe)));
        Assert.True(MqttSubscribe.TryParse(MqttAny.Body(bytes), version, out var read).IsOk);
        Assert.Equivalent(subscribe, read, strict: true);
    }

    [Fact]
    public void Every_option_of_5_0_goes_there_and_back()
    {
        var subscriptions = new List<MqttSubscription>();
        for (int qos = 0; qos <= 2; qos++)
            for (int handling = 0; handling <= 2; handling++)
                foreach (var (local, published) in ((bool, bool)[])[(false, false), (true, false), (false, true), (true, true)])
                    subscriptions.Add(new MqttSubscription("塔机/+/#", qos, local, published, handling));
        var subscribe = new MqttSubscribe(65_535, 268_435_455, subscriptions);

        byte[] packet = MqttAny.Bytes(to => MqttWriter.Subscribe(to, MqttVersion.V5, subscribe));
        Assert.True(MqttSubscribe.TryParse(MqttAny.Body(packet), MqttVersion.V5, out var read).IsOk);
        Assert.Equivalent(subscribe, read, strict: true);
    }

    [Fact]
    public void The_options_stand_in_the_bits_of_the_standard()
    {
        Assert.True(MqttSubscribe.TryParse(MqttNotation.Bytes("0001 [0B 8001 26 <k> <v>] <a> 2E"), MqttVersion.V5, out var subscribe).IsOk);
        Assert.Equal(128u, subscribe!.SubscriptionIdentifier);
        Assert.Equal([new MqttSubscription("a", 2, NoLocal: true, RetainAsPublished: true, RetainHandling: 2)], subscribe.Subscriptions);
    }

    [Fact]
    public void A_filter_with_misplaced_wildcards_does_not_spoil_its_packet()
    {
        Assert.True(MqttSubscribe.TryParse(MqttNotation.Bytes("0001 <a#> 00 <b> 00"), MqttVersion.V311, out var subscribe).IsOk);
        Assert.Equal(["a#", "b"], subscribe!.Subscriptions.Select(s => s.Filter));
    }

    [Theory]
    [InlineData(MqttVersion.V311, "00", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "torn packet id")]
    [InlineData(MqttVersion.V311, "0000 <a> 00", MqttReason.ProtocolError, "MQTT-2.2.1-3", "packet id 0")]
    [InlineData(MqttVersion.V5, "0000 [] <a> 00", MqttReason.ProtocolError, "MQTT-2.2.1-3", "packet id 0")]
    [InlineData(MqttVersion.V311, "0001", MqttReason.ProtocolError, "MQTT-3.8.3-2", "no filter")]
    [InlineData(MqttVersion.V5, "0001 []", MqttReason.ProtocolError, "MQTT-3.8.3-2", "no filter")]
    [InlineData(MqttVersion.V5, "0001", MqttReason.MalformedPacket, "MQTT-2.2.2-1", "no property length")]
    [InlineData(MqttVersion.V311, "0001 <> 00", MqttReason.MalformedPacket, "MQTT-4.7.3-1", "empty filter")]
    [InlineData(MqttVersion.V311, "0001 {C328} 00", MqttReason.MalformedPacket, "MQTT-1.5.4-1", "filter that is no UTF-8")]
    [InlineData(MqttVersion.V311, "0001 {00} 00", MqttReason.MalformedPacket, "MQTT-1.5.4-2", "filter with NUL")]
    [InlineData(MqttVersion.V311, "0001 <a>", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "filter without its QoS")]
    [InlineData(MqttVersion.V311, "0001 <a> 03", MqttReason.MalformedPacket, "3.1.1 MQTT-3-8.3-4", "QoS 3")]
    [InlineData(MqttVersion.V311, "0001 <a> 04", MqttReason.MalformedPacket, "3.1.1 MQTT-3-8.3-4", "reserved bits")]
    [InlineData(MqttVersion.V311, "0001 <a> 80", MqttReason.MalformedPacket, "3.1.1 MQTT-3-8.3-4", "reserved bits")]
    [InlineData(MqttVersion.V5, "0001 [] <a> 03", MqttReason.ProtocolError, "§3.8.3.1", "QoS 3")]
    [InlineData(MqttVersion.V5, "0001 [] <a> 30", MqttReason.ProtocolError, "§3.8.3.1", "retain handling 3")]
    [InlineData(MqttVersion.V5, "0001 [] <a> 40", MqttReason.MalformedPacket, "MQTT-3.8.3-5", "reserved bits")]
    [InlineData(MqttVersion.V5, "0001 [] <a> 80", MqttReason.MalformedPacket, "MQTT-3.8.3-5", "reserved bits")]
    [InlineData(MqttVersion.V5, "0001 [] <$share/g/a> 04", MqttReason.ProtocolError, "MQTT-3.8.3-4", "No Local on a shared subscription")]
    [InlineData(MqttVersion.V5, "0001 [0B 00] <a> 00", MqttReason.ProtocolError, "§3.8.2.1", "subscription identifier 0")]
    [InlineData(MqttVersion.V5, "0001 [0B 01 0B 02] <a> 00", MqttReason.ProtocolError, "§3.8.2.1", "two subscription identifiers")]
    [InlineData(MqttVersion.V5, "0001 [1F <a>] <a> 00", MqttReason.MalformedPacket, "§2.2.2.2", "reason string")]
    [InlineData(MqttVersion.V5, "0001 [] <a> 00 <b> 03", MqttReason.ProtocolError, "§3.8.3.1", "a fault in the second filter")]
    public void A_subscribe_against_the_standard_is_refused_with_its_clause(MqttVersion version, string body, MqttReason reason, string clause, string what)
    {
        MqttRefused.Because(what, reason, clause, MqttPacketType.Subscribe, body, version);
    }

    [Fact]
    public void Every_torn_subscribe_is_refused_but_between_filters()
    {
        MqttRefused.WhereverItIsTorn(MqttPacketType.Subscribe, "0001 <a/b> 01 <c> 02", MqttVersion.V311, valid: 8);
        MqttRefused.WhereverItIsTorn(MqttPacketType.Subscribe, "0001 [0B 01] <a/b> 01 <c> 02", MqttVersion.V5, valid: 11);
    }
}

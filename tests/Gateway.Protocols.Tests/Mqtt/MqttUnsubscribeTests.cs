using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Protocols.Tests.Mqtt;

public sealed class MqttUnsubscribeTests
{
    /// <summary>§3.10.3: a/b and c/d, packet identifier 10.</summary>
    [Theory]
    [InlineData(MqttVersion.V311, "A2 0C 000A <a/b> <c/d>")]
    [InlineData(MqttVersion.V5, "A2 0D 000A 00 <a/b> <c/d>")]
    public void The_standards_example_is_read_and_written(MqttVersion version, string packet)
    {
        var unsubscribe = new MqttUnsubscribe(10, ["a/b", "c/d"]);
        byte[] bytes = MqttNotation.Bytes(packet);
        Assert.Equal(bytes, MqttAny.Bytes(to => MqttWriter.Unsubscribe(to, version, unsubscribe)));
        Assert.True(MqttUnsubscribe.TryParse(MqttAny.Body(bytes), version, out var read).IsOk);
        Assert.Equivalent(unsubscribe, read, strict: true);
    }

    [Theory]
    [InlineData(MqttVersion.V311, "", MqttReason.MalformedPacket, "MQTT-4.13.1-1", "nothing")]
    [InlineData(MqttVersion.V311, "0000 <a>", MqttReason.ProtocolError, "MQTT-2.2.1-3", "packet id 0")]
    [InlineData(MqttVersion.V311, "0001", MqttReason.ProtocolError, "MQTT-3.10.3-2", "no filter")]
    [InlineData(MqttVersion.V5, "0001 []", MqttReason.ProtocolError, "MQTT-3.10.3-2", "no filter")]
    [InlineData(MqttVersion.V5, "0001", MqttReason.MalformedPacket, "MQTT-2.2.2-1", "no property length")]
    [InlineData(MqttVersion.V311, "0001 <>", MqttReason.MalformedPacket, "MQTT-4.7.3-1", "empty filter")]
    [InlineData(MqttVersion.V311, "0001 {FF}", MqttReason.MalformedPacket, "MQTT-1.5.4-1", "filter that is no UTF-8")]
    [InlineData(MqttVersion.V5, "0001 [0B 01] <a>", MqttReason.MalformedPacket, "§2.2.2.2", "subscription identifier")]
    [InlineData(MqttVersion.V5, "0001 [26 <k> {00}] <a>", MqttReason.MalformedPacket, "MQTT-1.5.4-2", "user property with NUL")]
    public void An_unsubscribe_against_the_standard_is_refused_with_its_clause(MqttVersion version, string body, MqttReason reason, string clause, string what)
    {
        MqttRefused.Because(what, reason, clause, MqttPacketType.Unsubscribe, body, version);
    }

    [Fact]
    public void Every_torn_unsubscribe_is_refused_but_between_filters()
    {
        MqttRefused.WhereverItIsTorn(MqttPacketType.Unsubscribe, "0001 <a/b> <c>", MqttVersion.V311, valid: 7);
        MqttRefused.WhereverItIsTorn(MqttPacketType.Unsubscribe, "0001 [26 <k> <v>] <a/b> <c>", MqttVersion.V5, valid: 15);
    }
}

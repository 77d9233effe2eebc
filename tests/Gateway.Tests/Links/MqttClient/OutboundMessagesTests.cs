using System.Text;
using Gateway.Links.MqttClient;
using Gateway.Protocols.Mqtt;
using Xunit;
using static Gateway.Tests.Links.MqttClient.BrokerConnectionTests;

namespace Gateway.Tests.Links.MqttClient;

/// <summary>What we publish on a broker of somebody else's.</summary>
public sealed class OutboundMessagesTests
{
    [Fact]
    public async Task QoS_1_goes_out_at_once_and_is_forgotten_when_it_is_acknowledged()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        Publish(rig, "cmd/1", "on", qos: 1, retain: true);
        var publish = (await rig.ExpectAsync(MqttPacketType.Publish)).Publish(MqttVersion.V311);
        Assert.Equal(("cmd/1", "on", 1, false, true), (publish.Topic, publish.Payload, publish.Qos, publish.Dup, publish.Retain));
        Assert.Equal(1, rig.Session.Outbound.Waiting);
        await rig.SendAckAsync(MqttPacketType.Puback, publish.Id);
        await Eventually(() => rig.Session.Outbound.Waiting == 0);
        Assert.Equal((1, 0), (rig.Session.Tally.Sent, rig.Session.Tally.NotSent));
    }

    [Fact]
    public async Task QoS_0_goes_out_or_is_not_taken()
    {
        await using var rig = new BrokerRig();
        Assert.False(rig.Session.Outbound.TryAdd("t", "1"u8, 0, retain: false));
        await rig.UpAsync();
        Publish(rig, "t", "2", qos: 0);
        Assert.Equal((0, "2", 0), Of((await rig.ExpectAsync(MqttPacketType.Publish)).Publish(MqttVersion.V311)));
        Assert.Equal(0, rig.Session.Outbound.Waiting);
    }

    [Fact]
    public async Task What_waited_for_a_connection_goes_out_with_it_in_its_order()
    {
        await using var rig = new BrokerRig();
        for (int n = 0; n < 3; n++) Assert.True(rig.Session.Outbound.TryAdd("t", Encoding.UTF8.GetBytes($"{n}"), 1, retain: false));
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack());
        for (int n = 0; n < 3; n++) Assert.Equal($"{n}", (await rig.ExpectAsync(MqttPacketType.Publish)).Publish(MqttVersion.V311).Payload);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_not_acknowledged_is_sent_again_over_the_next_connection(bool sessionPresent)
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        Publish(rig, "t", "1", qos: 1);
        Publish(rig, "t", "2", qos: 1);
        var (first, second) = (await Next(rig), await Next(rig));
        await rig.HangUpAsync();
        await rig.EndAsync();

        rig.Connect();
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack { SessionPresent = sessionPresent });
        var (again, next) = (await Next(rig), await Next(rig));

        Assert.Equal([("1", sessionPresent), ("2", sessionPresent)], new[] { again, next }.Select(m => (m.Payload, m.Dup)));
        if (sessionPresent) Assert.Equal([first.Id, second.Id], [again.Id, next.Id]);
        // Two packets of different content must never share an id in one session.
        Assert.NotEqual(again.Id, next.Id);
    }

    [Fact]
    public async Task No_more_is_on_its_way_than_the_broker_takes_at_once()
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync(connack: new MqttConnack { ReceiveMaximum = 2 });
        for (int n = 0; n < 3; n++) Publish(rig, "t", $"{n}", qos: 1);
        var first = await Next(rig, MqttVersion.V5);
        await Next(rig, MqttVersion.V5);
        await rig.ExpectNothingButPingAsync();
        await rig.SendAckAsync(MqttPacketType.Puback, first.Id);
        Assert.Equal("2", (await Next(rig, MqttVersion.V5)).Payload);
    }

    [Fact]
    public async Task A_broker_gets_neither_a_higher_QoS_nor_a_larger_packet_nor_a_RETAIN_that_it_does_not_take()
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync(connack: new MqttConnack { MaximumQos = 0, RetainAvailable = false, MaximumPacketSize = 100 });
        Publish(rig, "t", new string('x', 100), qos: 1);
        Publish(rig, "t", "small", qos: 1, retain: true);
        var publish = await Next(rig, MqttVersion.V5);
        Assert.Equal(("small", 0, false), (publish.Payload, publish.Qos, publish.Retain));
        Assert.Equal((1, 1, 0), (rig.Session.Tally.Sent, rig.Session.Tally.NotSent, rig.Session.Outbound.Waiting));
    }

    [Fact]
    public async Task What_the_broker_refuses_is_given_up_and_counted()
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync();
        Publish(rig, "t", "1", qos: 1);
        await rig.SendAckAsync(MqttPacketType.Puback, (await Next(rig, MqttVersion.V5)).Id, MqttReason.NotAuthorized);
        await Eventually(() => rig.Session.Outbound.Waiting == 0);
        Assert.Equal(1, rig.Session.Tally.NotSent);
    }

    [Fact]
    public async Task Whoever_published_is_told_once_what_became_of_it()
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync(connack: new MqttConnack { MaximumPacketSize = 100 });
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        foreach (string name in (string[])["kept", "refused", "large"])
            Assert.True(rig.Session.Outbound.TryAdd("t", Encoding.UTF8.GetBytes(name == "large" ? new string('x', 200) : name), 1, retain: true, taken => told.Enqueue($"{name} {taken}")));
        rig.Connection.Send();
        Assert.Equal(["large False"], told);
        await rig.SendAckAsync(MqttPacketType.Puback, (await Next(rig, MqttVersion.V5)).Id);
        await rig.SendAckAsync(MqttPacketType.Puback, (await Next(rig, MqttVersion.V5)).Id, MqttReason.NotAuthorized);
        await Eventually(() => told.Count == 3);
        Assert.Equal(["large False", "kept True", "refused False"], told);
    }

    [Fact]
    public void What_waits_is_bounded_in_number_and_in_bytes()
    {
        var messages = new OutboundMessages(new PacketIds(), new BrokerTally());
        for (int n = 0; n < OutboundMessages.MessagesMax; n++) Assert.True(messages.TryAdd("t", "x"u8, 1, retain: false));
        Assert.False(messages.TryAdd("t", "x"u8, 1, retain: false));

        messages = new OutboundMessages(new PacketIds(), new BrokerTally());
        byte[] large = new byte[OutboundMessages.BytesMax / 4];
        Assert.True(messages.TryAdd("t", large, 1, retain: false));
        Assert.True(messages.TryAdd("t", large, 1, retain: false));
        Assert.True(messages.TryAdd("t", large, 1, retain: false));
        Assert.False(messages.TryAdd("t", large, 1, retain: false));
    }

    [Fact]
    public void A_topic_that_cannot_be_published_to_is_our_mistake() =>
        Assert.Throws<ArgumentException>(() => new OutboundMessages(new PacketIds(), new BrokerTally()).TryAdd("a/#", "x"u8, 1, retain: false));

    [Fact]
    public void A_packet_identifier_in_use_is_not_given_twice()
    {
        var ids = new PacketIds();
        ushort kept = ids.Take();
        for (int n = 0; n < 2 * ushort.MaxValue; n++)
        {
            ushort next = ids.Take();
            Assert.True(next != 0 && next != kept, $"{next}");
            ids.Free(next);
        }
    }

    private static void Publish(BrokerRig rig, string topic, string payload, int qos, bool retain = false)
    {
        Assert.True(rig.Session.Outbound.TryAdd(topic, Encoding.UTF8.GetBytes(payload), qos, retain));
        rig.Connection.Send();
    }

    private static async Task<(string Topic, string Payload, int Qos, bool Dup, bool Retain, ushort Id)> Next(BrokerRig rig, MqttVersion version = MqttVersion.V311) =>
        (await rig.ExpectAsync(MqttPacketType.Publish)).Publish(version);

    private static (int Qos, string Payload, ushort Id) Of((string Topic, string Payload, int Qos, bool Dup, bool Retain, ushort Id) publish) => (publish.Qos, publish.Payload, publish.Id);
}

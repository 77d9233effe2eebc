using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Messages from a client [§4.3]: acknowledged after the commit, in their order, taken once.</summary>
public sealed class MqttQosInTests
{
    public static TheoryData<MqttVersion, int, int> EveryPair()
    {
        var pairs = new TheoryData<MqttVersion, int, int>();
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
            for (int published = 0; published <= 2; published++)
                for (int subscribed = 0; subscribed <= 2; subscribed++) pairs.Add(version, published, subscribed);
        return pairs;
    }

    [Theory, MemberData(nameof(EveryPair))]
    public void A_message_arrives_once_with_the_lower_of_both_QoS(MqttVersion version, int published, int subscribed)
    {
        using var rig = new MqttRig();
        var subscriber = rig.Connect("s", version);
        Assert.Equal([(byte)subscribed], subscriber.Subscribe("t", subscribed));
        var publisher = rig.Connect("p", version);
        publisher.Publish("t", "x", published);
        rig.Settle(publisher, subscriber);
        Assert.Equal(Math.Min(published, subscribed), Assert.Single(subscriber.Messages()).Qos);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void QoS_1_is_acknowledged_after_the_commit(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version, kept: true);
        rig.Round();
        ushort id = client.Publish("t", "x", 1);
        Assert.Null(client.Next(MqttPacketType.Puback));
        rig.Round();
        Assert.Equal(id, client.Expect(MqttPacketType.Puback).Id);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void QoS_2_goes_through_its_four_steps_each_after_the_commit(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version, kept: true);
        rig.Round();
        client.Answers = false;
        ushort id = client.Publish("t", "x", 2);
        Assert.Null(client.Next(MqttPacketType.Pubrec));
        rig.Round();
        Assert.Equal(id, client.Expect(MqttPacketType.Pubrec).Id);
        Assert.Equal(1, rig.Rows("received"));
        client.Ack(MqttPacketType.Pubrel, id);
        Assert.Null(client.Next(MqttPacketType.Pubcomp));
        rig.Round();
        Assert.Equal(id, client.Expect(MqttPacketType.Pubcomp).Id);
        Assert.Equal(0, rig.Rows("received"));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void QoS_2_sent_again_before_its_release_is_the_same_message_and_after_it_a_new_one(MqttVersion version)
    {
        using var rig = new MqttRig();
        var subscriber = rig.Connect("s", version);
        subscriber.Subscribe("t", 2);
        var client = rig.Connect("a", version);
        client.Answers = false;
        client.Publish("t", "one", 2, id: 5);
        client.Publish("t", "one", 2, id: 5, dup: true);
        rig.Round();
        Assert.Equal(2, client.Take().Count(p => p.Type == MqttPacketType.Pubrec));
        client.Ack(MqttPacketType.Pubrel, 5);
        client.Publish("t", "two", 2, id: 5);
        rig.Settle(subscriber);
        Assert.Equal(["one", "two"], subscriber.Texts());
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_release_of_nothing_is_completed_all_the_same(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version, kept: true);
        rig.Round();
        client.Ack(MqttPacketType.Pubrel, 9);
        rig.Round();
        var answer = client.Expect(MqttPacketType.Pubcomp);
        Assert.Equal((9, version == MqttVersion.V5 ? MqttReason.PacketIdentifierNotFound : MqttReason.Success), (answer.Id, answer.Reason));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Answers_come_in_the_order_of_the_messages_whatever_they_are_about(MqttVersion version)
    {
        using var rig = new MqttRig();
        rig.Connect("s").Subscribe("t/#", 1);
        var client = rig.Connect("a", version, kept: true);
        rig.Round();
        client.Answers = false;
        string[] topics = ["t/1", "site/s1/crane/c1/telemetry", "nobody", "secret/x", "t/2", "site/s1/crane/c1/status"];
        for (ushort id = 1; id <= 12; id++) client.Publish(topics[id % topics.Length], """{"seq":1,"wind_mps":3.5}""", 1 + id / 7, id: id);
        rig.Round();
        Assert.Equal(Enumerable.Range(1, 12), client.Take().Where(p => p.Type is MqttPacketType.Puback or MqttPacketType.Pubrec).Select(p => (int)p.Id));
    }

    [Fact]
    public void Clients_of_5_are_told_when_nobody_listens_or_they_may_not_speak()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a");
        client.Publish("nobody", "x", 1);
        client.Publish("secret/x", "x", 1);
        client.Publish("nobody", "x", 2);
        client.Publish("secret/x", "x", 2);
        client.Publish("$anything", "x", 1);
        rig.Round();
        Assert.Equal(
            [MqttReason.NoMatchingSubscribers, MqttReason.NotAuthorized, MqttReason.NoMatchingSubscribers, MqttReason.NotAuthorized, MqttReason.NotAuthorized],
            client.Take().Where(p => p.Type is MqttPacketType.Puback or MqttPacketType.Pubrec).Select(p => p.Reason));
        Assert.Equal(3, rig.Tally.NotAllowed);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_message_of_a_device_goes_to_the_engine_and_to_local_subscribers(MqttVersion version)
    {
        using var rig = new MqttRig();
        var subscriber = rig.Connect("s", version);
        subscriber.Subscribe("site/+/crane/+/telemetry", 1);
        var device = rig.Connect("c1", version);
        for (int qos = 0; qos <= 2; qos++) device.Publish("site/s1/crane/c1/telemetry", $$"""{"seq":{{qos}},"wind_mps":3.5}""", qos);
        rig.Settle(device, subscriber);
        Assert.Equal(3, rig.Readings.Count);
        Assert.Equal(3, subscriber.Messages().Count);
    }

    [Fact]
    public void A_connection_lost_between_its_message_and_the_commit_disturbs_nobody()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", kept: true);
        client.Publish("t", "x", 1);
        client.Publish("t", "x", 2);
        client.Drop();
        Assert.True(rig.Round());
        Assert.Equal(1, rig.Rows("received"));
    }
}

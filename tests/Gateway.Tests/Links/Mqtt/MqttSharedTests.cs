using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Shared subscriptions [§4.8.2]: each message goes to one member of the group.</summary>
public sealed class MqttSharedTests
{
    [Theory, ClassData(typeof(BothVersions))]
    public void The_members_of_a_group_take_turns(MqttVersion version)
    {
        using var rig = new MqttRig();
        var members = Members(rig, version, kept: false, "$share/g/t/#");
        Publish(rig, 9, 1);
        Assert.All(members, m => Assert.Equal(3, m.Messages().Count));
    }

    [Fact]
    public void Two_groups_and_a_plain_subscription_each_get_every_message()
    {
        using var rig = new MqttRig();
        var (g, h, plain) = (rig.Connect("g"), rig.Connect("h"), rig.Connect("plain"));
        g.Subscribe("$share/g/t/#", 1);
        h.Subscribe("$share/h/t/#", 1);
        plain.Subscribe("t/#", 1);
        Publish(rig, 4, 1);
        Assert.All([g, h, plain], c => Assert.Equal(4, c.Messages().Count));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Connected_members_come_before_absent_ones(MqttVersion version)
    {
        using var rig = new MqttRig();
        var members = Members(rig, version, kept: true, "$share/g/t/#");
        members[0].Drop();
        members[2].Drop();
        Publish(rig, 6, 1);
        rig.Settle(members[1]);
        Assert.Equal(6, members[1].Messages().Count);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void With_everybody_gone_the_kept_sessions_take_turns_at_waiting(MqttVersion version)
    {
        using var rig = new MqttRig();
        foreach (var member in Members(rig, version, kept: true, "$share/g/t/#")) member.Drop();
        Publish(rig, 6, 1);
        Publish(rig, 6, 0);
        var back = Enumerable.Range(0, 3).Select(i => rig.Connect($"m{i}", version, kept: true)).ToArray();
        rig.Settle(back);
        Assert.All(back, m => Assert.Equal(2, m.Messages().Count));
    }

    [Fact]
    public void A_member_that_leaves_is_passed_over()
    {
        using var rig = new MqttRig();
        var members = Members(rig, MqttVersion.V5, kept: false, "$share/g/t/#");
        members[1].Unsubscribe("$share/g/t/#");
        members[2].Disconnect();
        Publish(rig, 4, 2);
        rig.Settle(members);
        Assert.Equal(4, members[0].Messages().Count);
        members[0].Unsubscribe("$share/g/t/#");
        Assert.Equal(0, rig.Link.Subscriptions);
    }

    [Fact]
    public void A_shared_subscription_gets_no_retained_messages()
    {
        using var rig = new MqttRig();
        rig.Connect("p").Publish("t/1", "kept", retain: true);
        var client = rig.Connect("a");
        client.Subscribe("$share/g/t/#", 1);
        Assert.Empty(client.Messages());
    }

    [Fact]
    public void No_Local_on_a_shared_subscription_is_against_the_protocol()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a");
        client.Ask(0, new MqttSubscription("$share/g/t", 1, true, false, 0));
        Assert.Equal(MqttReason.ProtocolError, client.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Fact]
    public void A_group_survives_a_crash()
    {
        using var rig = new MqttRig();
        Members(rig, MqttVersion.V5, kept: true, "$share/g/t/#");
        rig.Crash();
        Publish(rig, 3, 2);
        var back = Enumerable.Range(0, 3).Select(i => rig.Connect($"m{i}", kept: true)).ToArray();
        rig.Settle(back);
        Assert.All(back, m => Assert.Single(m.Messages()));
    }

    private static RigClient[] Members(MqttRig rig, MqttVersion version, bool kept, string filter)
    {
        var members = Enumerable.Range(0, 3).Select(i => rig.Connect($"m{i}", version, kept)).ToArray();
        foreach (var member in members) member.Subscribe(filter, 1);
        return members;
    }

    private static void Publish(MqttRig rig, int count, int qos)
    {
        var publisher = rig.Connect("p");
        for (int i = 0; i < count; i++) publisher.Publish($"t/{i}", $"{i}", qos);
        rig.Settle(publisher);
        publisher.Disconnect();
    }
}

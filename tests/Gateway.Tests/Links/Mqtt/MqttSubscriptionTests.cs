using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>SUBSCRIBE and UNSUBSCRIBE [§3.8 … §3.11]: what is granted, with which options, and who then gets what.</summary>
public sealed class MqttSubscriptionTests
{
    [Theory, ClassData(typeof(BothVersions))]
    public void A_subscription_gets_what_its_filter_matches_and_nothing_else(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version);
        Assert.Equal([1], client.Subscribe("a/+/c", 1));
        var publisher = rig.Connect("p", version);
        foreach (string topic in (string[])["a/b/c", "a//c", "a/b", "a/b/c/d", "b/b/c"]) publisher.Publish(topic, topic);
        Assert.Equal(["a/b/c", "a//c"], client.Texts());
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Each_filter_of_one_packet_has_its_answer_in_its_place(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version, with: c => c with { User = "ann" });
        byte refused = version == MqttVersion.V5 ? (byte)MqttReason.NotAuthorized : (byte)0x80;
        Assert.Equal([0, refused, 2, 1], client.Subscribe(0, Plain("a", 0), Plain("secret/x", 1), Plain("b", 2), Plain("c", 1)));
        Assert.Equal(3, rig.Link.Subscriptions);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Whoever_did_not_say_who_it_is_is_not_told_why(MqttVersion version)
    {
        using var rig = new MqttRig();
        Assert.Equal([0x80], rig.Connect("a", version).Subscribe("secret/x"));
        Assert.Equal([0x80], rig.Connect("b", version).Subscribe("$share/g/secret/x"));
        Assert.Equal(2, rig.Tally.NotAllowed);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void The_same_filter_again_replaces_the_subscription(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version);
        client.Subscribe("t", 0);
        client.Subscribe("t", 1);
        rig.Connect("p").Publish("t", "x", 2);
        Assert.Equal(1, Assert.Single(client.Messages()).Qos);
        Assert.Equal(1, rig.Link.Subscriptions);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void After_UNSUBSCRIBE_nothing_comes(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version);
        client.Subscribe("t/#", 1);
        byte[] reasons = client.Unsubscribe("t/#", "never");
        if (version == MqttVersion.V5) Assert.Equal([(byte)MqttReason.Success, (byte)MqttReason.NoSubscriptionExisted], reasons);
        rig.Connect("p").Publish("t/1", "x", 1);
        Assert.Empty(client.Messages());
        Assert.Equal(0, rig.Link.Subscriptions);
    }

    [Fact]
    public void Overlapping_filters_bring_a_message_once_with_the_highest_QoS_and_all_identifiers()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a");
        client.Subscribe("t/#", 0, identifier: 7);
        client.Subscribe("t/+", 2, identifier: 300);
        client.Subscribe("t/1", 1);
        rig.Connect("p").Publish("t/1", "x", 2);
        var message = Assert.Single(client.Messages());
        Assert.Equal(2, message.Qos);
        Assert.Equal([7u, 300u], message.SubscriptionIds.Order());
    }

    [Fact]
    public void No_Local_keeps_a_clients_own_messages_from_it()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a");
        client.Subscribe("t", 1, noLocal: true);
        var other = rig.Connect("b");
        other.Subscribe("t", 1);
        client.Publish("t", "mine");
        other.Publish("t", "theirs");
        Assert.Equal(["theirs"], client.Texts());
        Assert.Equal(["mine", "theirs"], other.Texts());
    }

    [Fact]
    public void No_Local_does_not_hide_what_another_filter_of_the_same_client_asks_for()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a");
        client.Subscribe("t", 2, noLocal: true, identifier: 1);
        client.Subscribe("#", 1, identifier: 2);
        client.Publish("t", "x", 2);
        var message = Assert.Single(client.Messages());
        Assert.Equal(1, message.Qos);
        Assert.Equal([2u], message.SubscriptionIds);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Retain_As_Published_keeps_the_flag(bool asked, bool seen)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a");
        client.Subscribe("t", 0, retainAsPublished: asked);
        rig.Connect("p").Publish("t", "x", retain: true);
        Assert.Equal(seen, Assert.Single(client.Messages()).Retain);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(2, 0, 0)]
    public void Retain_Handling_decides_about_retained_messages(int handling, int atFirst, int again)
    {
        using var rig = new MqttRig();
        rig.Connect("p").Publish("t", "kept", retain: true);
        var client = rig.Connect("a");
        client.Subscribe("t", 0, retainHandling: handling);
        Assert.Equal(atFirst, client.Messages().Count);
        client.Subscribe("t", 0, retainHandling: handling);
        Assert.Equal(again, client.Messages().Count);
    }

    [Theory]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("a/+b")]
    [InlineData("$share//t")]
    [InlineData("$share/g")]
    [InlineData("$share/g+/t")]
    public void A_malformed_filter_ends_the_connection(string filter)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a");
        client.Ask(0, Plain(filter, 0));
        Assert.True(client.IsOver);
        Assert.Equal(MqttReason.MalformedPacket, client.Expect(MqttPacketType.Disconnect).Reason);
        Assert.Equal(0, rig.Link.Subscriptions);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Filters_have_a_limit_in_number_and_in_levels(MqttVersion version)
    {
        using var rig = new MqttRig(o => o.SubscriptionsMax = 2);
        var client = rig.Connect("a", version);
        byte full = version == MqttVersion.V5 ? (byte)MqttReason.QuotaExceeded : (byte)0x80;
        byte deep = version == MqttVersion.V5 ? (byte)MqttReason.TopicFilterInvalid : (byte)0x80;
        Assert.Equal([0, deep, 0, full], client.Subscribe(0, Plain("a", 0), Plain(new string('/', 200), 0), Plain("b", 0), Plain("c", 0)));
        Assert.Equal([0, full], client.Subscribe(0, Plain("b", 0), Plain("c", 0)));
        Assert.Equal(2, rig.Link.Subscriptions);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_kept_session_is_promised_its_subscription_after_the_commit(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version, kept: true);
        rig.Round();
        client.Ask(0, Plain("t", 1));
        Assert.Null(client.Next(MqttPacketType.Suback));
        rig.Round();
        client.Expect(MqttPacketType.Suback);
        Assert.Equal(1, rig.Rows("subscription"));
        client.Unsubscribe("t");
        Assert.Equal(0, rig.Rows("subscription"));
    }

    [Fact]
    public void Clients_may_read_the_gateways_own_figures_and_not_write_them()
    {
        using var rig = new MqttRig(o => o.SysSeconds = 10);
        var client = rig.Connect("a");
        client.Subscribe("$SYS/broker/version");
        client.Subscribe("#");
        client.Publish("$SYS/broker/version", "lies", retain: true);
        rig.PassSeconds(1);
        Assert.Equal(["site gateway"], client.Texts());
    }

    private static MqttSubscription Plain(string filter, int qos) => new(filter, qos, false, false, 0);
}

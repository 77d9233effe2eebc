using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Retained messages [§3.3.1.3]: the last word of each topic, for whoever comes later.</summary>
public sealed class MqttRetainedTests
{
    [Theory, ClassData(typeof(BothVersions))]
    public void The_last_retained_message_of_each_topic_meets_a_new_subscription(MqttVersion version)
    {
        using var rig = new MqttRig();
        var publisher = rig.Connect("p", version);
        publisher.Publish("t/1", "old", 1, retain: true);
        publisher.Publish("t/1", "new", 1, retain: true);
        publisher.Publish("t/2", "two", 0, retain: true);
        publisher.Publish("t/3", "not kept", 1);
        var client = rig.Connect("a", version);
        client.Subscribe("t/+", 2);
        Assert.Equal([("t/1", "new", 1, true), ("t/2", "two", 0, true)], client.Messages().OrderBy(m => m.Topic).Select(m => (m.Topic, m.Text, m.Qos, m.Retain)));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Who_is_subscribed_already_gets_it_as_a_live_message(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version);
        client.Subscribe("t", 1);
        rig.Connect("p", version).Publish("t", "x", 1, retain: true);
        Assert.False(Assert.Single(client.Messages()).Retain);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void An_empty_one_takes_the_topic_out_and_is_delivered_itself(MqttVersion version)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", version);
        client.Subscribe("t", 1);
        var publisher = rig.Connect("p", version);
        publisher.Publish("t", "x", 1, retain: true);
        rig.Round();
        Assert.Equal(1, rig.Rows("retained"));
        publisher.Publish("t", "", 1, retain: true);
        rig.Round();
        Assert.Equal(["x", ""], client.Texts());
        Assert.Equal((0, 0), (rig.Rows("retained"), rig.Link.Retained));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void They_survive_a_crash_with_all_they_carry(MqttVersion version)
    {
        using var rig = new MqttRig();
        byte[] properties = version == MqttVersion.V5 ? MqttProperties.Compose(true, "text/plain", "answer/here", [1, 2], [new("a", "1"), new("b", "")]) : [];
        var publisher = rig.Connect("p", version);
        publisher.Publish("t", "x", 2, retain: true, expirySeconds: version == MqttVersion.V5 ? 100 : null, properties: properties);
        publisher.Publish("gone", "x", 1, retain: true);
        publisher.Publish("gone", "", 1, retain: true);
        rig.Round();
        rig.Crash(TimeSpan.FromSeconds(30));
        var client = rig.Connect("a");
        client.Subscribe("#", 2);
        var message = Assert.Single(client.Messages());
        Assert.Equal(("t", "x", 2, true), (message.Topic, message.Text, message.Qos, message.Retain));
        Assert.Equal(version == MqttVersion.V5 ? 70u : null, message.ExpirySeconds);
        Assert.EndsWith(Convert.ToHexString(properties), Convert.ToHexString(message.Properties));
    }

    [Fact]
    public void An_expired_one_is_gone_from_memory_and_disk()
    {
        using var rig = new MqttRig();
        rig.Connect("p").Publish("t", "x", 1, retain: true, expirySeconds: 10);
        rig.Round();
        rig.PassSeconds(11);
        rig.Round();
        var client = rig.Connect("a");
        client.Subscribe("t", 1);
        Assert.Empty(client.Messages());
        Assert.Equal((0, 0), (rig.Rows("retained"), rig.Link.Retained));
    }

    [Fact]
    public void One_too_many_is_delivered_but_not_kept_and_counted()
    {
        using var rig = new MqttRig(o => o.RetainedMax = 2);
        var client = rig.Connect("a");
        client.Subscribe("#", 0);
        var publisher = rig.Connect("p");
        for (int i = 0; i < 3; i++) publisher.Publish($"t/{i}", "x", retain: true);
        Assert.Equal(3, client.Messages().Count);
        Assert.Equal((2, 1L), (rig.Link.Retained, rig.Tally.NotRetained));
        publisher.Publish("t/1", "", retain: true);
        publisher.Publish("t/2", "x", retain: true);
        Assert.Equal((2, 1L), (rig.Link.Retained, rig.Tally.NotRetained));
    }

    [Fact]
    public void A_message_that_finds_no_room_does_not_leave_an_older_one_to_be_believed()
    {
        using var rig = new MqttRig(o => (o.RetainedMiBMax, o.PacketBytesMax) = (1, 2_000_000));
        var publisher = rig.Connect("p");
        publisher.Publish("t", "old", retain: true);
        rig.Round();
        publisher.Publish("t", new string('x', 1_100_000), retain: true);
        rig.Round();
        var client = rig.Connect("a");
        client.Subscribe("t");
        Assert.Empty(client.Messages());
        Assert.Equal((0, 1L), (rig.Rows("retained"), rig.Tally.NotRetained));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public void Thousands_of_them_all_reach_one_new_subscriber(int qos, bool kept)
    {
        using var rig = new MqttRig();
        var publisher = rig.Connect("p");
        for (int i = 0; i < 3_000; i++)
        {
            publisher.Publish($"t/{i}", $"{i} {new string('x', 100)}", 1, retain: true);
            if (i % 500 == 0) rig.Settle(publisher);
        }
        var client = rig.Connect("a", kept: kept);
        client.Subscribe("t/#", qos);
        rig.Settle(client);
        Assert.Equal(3_000, client.Messages().Select(m => m.Topic).Distinct().Count());
        Assert.Equal(0, rig.Tally.DroppedQueueFull);
    }

    [Fact]
    public void A_subscription_made_while_a_message_is_on_its_way_sees_the_newest_in_the_end()
    {
        using var rig = new MqttRig();
        var (first, client) = (rig.Connect("p"), rig.Connect("a"));
        first.Publish("t", "old", retain: true);
        // Another connection's thread has looked up the receivers, then the client subscribes, then the thread goes on.
        var stale = rig.Broker.Match("t");
        client.Subscribe("t");
        var touched = new HashSet<MqttSession>();
        rig.Broker.Route(new MqttMessage("t"u8.ToArray(), "new"u8.ToArray(), [], 0, true, MqttMessage.Never), stale, null, touched);
        rig.Turn(() => rig.Broker.Pump(touched));
        Assert.Equal(["old", "new"], client.Texts());
    }

    [Fact]
    public void What_no_longer_fits_after_a_start_with_lower_limits_is_counted_and_given_up()
    {
        using var rig = new MqttRig();
        var publisher = rig.Connect("p");
        for (int i = 0; i < 5; i++) publisher.Publish($"t/{i}", "x", 1, retain: true);
        rig.Round();
        rig.Options.RetainedMax = 3;
        rig.Crash();
        rig.Round();
        Assert.Equal((3, 3L, 2L), (rig.Link.Retained, rig.Rows("retained"), rig.Tally.NotRetained));
    }
}

using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>What 5.0 adds to a message [§3.3.2.3]: aliases, expiry, properties that are passed on, sizes.</summary>
public sealed class MqttPropertyTests
{
    [Fact]
    public void A_topic_alias_stands_for_the_topic_it_was_last_given()
    {
        using var rig = new MqttRig();
        var subscriber = Subscriber(rig);
        var client = rig.Connect("p");
        client.Publish("t/1", "a", alias: 3);
        client.Publish("", "b", alias: 3);
        client.Publish("t/2", "c", alias: 3);
        client.Publish("", "d", alias: 3);
        Assert.Equal(["t/1 a", "t/1 b", "t/2 c", "t/2 d"], subscriber.Messages().Select(m => $"{m.Topic} {m.Text}"));
    }

    [Fact]
    public void A_topic_alias_is_worth_nothing_on_the_next_connection()
    {
        using var rig = new MqttRig();
        rig.Connect("p", kept: true).Publish("t/1", "a", alias: 1);
        var again = rig.Connect("p", kept: true);
        again.Publish("", "b", alias: 1);
        Assert.Equal(MqttReason.ProtocolError, again.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Theory]
    [InlineData(4, MqttReason.ProtocolError)]
    [InlineData(5, MqttReason.TopicAliasInvalid)]
    public void An_alias_that_stands_for_nothing_or_is_too_high_ends_the_connection(int alias, MqttReason reason)
    {
        using var rig = new MqttRig(o => o.TopicAliasMax = 4);
        var client = rig.Connect("p");
        client.Publish("", "x", alias: alias);
        Assert.Equal(reason, client.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Fact]
    public void Aliases_of_very_long_topics_have_a_limit_together()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("p");
        for (int i = 1; i <= 4; i++) client.Publish(new string('t', 30_000), "x", alias: i);
        Assert.Equal(MqttReason.QuotaExceeded, client.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(100, 3)]
    public void We_set_up_aliases_as_many_as_the_client_and_we_allow(int theirs, int expected)
    {
        using var rig = new MqttRig(o => o.TopicAliasMax = 3);
        var client = rig.Connect("a", with: c => c with { TopicAliasMaximum = theirs });
        client.Subscribe("t/#");
        var publisher = rig.Connect("p");
        for (int i = 0; i < 10; i++) publisher.Publish($"t/{i % 5}", $"{i}");
        var messages = client.Messages();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"t/{i % 5}"), messages.Select(m => m.Topic));
        Assert.Equal(expected, messages.Select(m => m.Alias).Where(a => a > 0).Distinct().Count());
        Assert.True(messages[5].Bytes < messages[0].Bytes || expected == 0);
    }

    [Fact]
    public void An_expiry_shrinks_by_the_time_a_message_waited_and_ends_it()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", kept: true);
        client.Subscribe("t/#", 1);
        client.Drop();
        var publisher = rig.Connect("p");
        publisher.Publish("t/1", "long", 1, expirySeconds: 100);
        publisher.Publish("t/2", "short", 1, expirySeconds: 30);
        publisher.Publish("t/3", "ever", 1);
        rig.Settle(publisher);
        rig.PassSeconds(40);
        var back = rig.Connect("a", kept: true);
        rig.Settle(back);
        Assert.Equal([("long", 59u), ("ever", null)], back.Messages().Select(m => (m.Text, m.ExpirySeconds)).Select(m => m.ExpirySeconds is 59 or 60 ? (m.Text, 59u) : m));
        Assert.Equal(1, rig.Tally.DroppedExpired);
        rig.Round();
        Assert.Equal(0, rig.Rows("queue"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Properties_meant_for_the_receiver_are_passed_on_unchanged_and_in_order(bool waits)
    {
        using var rig = new MqttRig();
        byte[] properties = MqttProperties.Compose(true, "application/json", "answers/to/me", [0, 255], [new("b", "1"), new("a", "2"), new("b", "3")]);
        var (client, old) = (rig.Connect("a", kept: true), rig.Connect("old", MqttVersion.V311, kept: true));
        client.Subscribe("t", 1, identifier: 9);
        old.Subscribe("t", 1);
        if (waits) client.Drop();
        rig.Connect("p").Publish("t", "x", 1, alias: 1, expirySeconds: 50, properties: properties);
        rig.Round();
        if (waits)
        {
            rig.Crash();
            client = rig.Connect("a", kept: true);
            old = rig.Connect("old", MqttVersion.V311, kept: true);
        }
        rig.Settle(client, old);
        var message = Assert.Single(client.Messages());
        Assert.Equal([9u], message.SubscriptionIds);
        Assert.EndsWith(Convert.ToHexString(properties), Convert.ToHexString(message.Properties));
        Assert.Equal(("answers/to/me", true), (MqttProperties.ResponseTopic(message.Properties), MqttProperties.IsUtf8Payload(message.Properties)));
        Assert.Equal("x", Assert.Single(old.Messages()).Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_message_larger_than_the_client_takes_is_not_sent_and_counted(int qos)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", kept: true, with: c => c with { MaximumPacketSize = 60 });
        client.Subscribe("t", qos);
        var publisher = rig.Connect("p");
        publisher.Publish("t", new string('x', 100), 2);
        publisher.Publish("t", "fits", 2);
        rig.Settle(publisher, client);
        Assert.Equal(["fits"], client.Texts());
        Assert.Equal(1, rig.Tally.DroppedTooLarge);
        Assert.Equal(0, rig.Rows("queue"));
    }

    [Fact]
    public void A_packet_larger_than_we_take_ends_the_connection()
    {
        using var rig = new MqttRig(o => o.PacketBytesMax = 1000);
        var client = rig.Connect("a");
        client.Publish("t", new string('x', 1000));
        Assert.Equal(MqttReason.PacketTooLarge, client.Expect(MqttPacketType.Disconnect).Reason);
    }

    [Fact]
    public void An_answer_larger_than_the_client_takes_ends_the_connection_instead()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", with: c => c with { MaximumPacketSize = 60 });
        client.Ask(0, [.. Enumerable.Range(0, 80).Select(i => new MqttSubscription($"{i}", 0, false, false, 0))]);
        Assert.Equal(MqttReason.PacketTooLarge, client.Expect(MqttPacketType.Disconnect).Reason);
        Assert.True(client.IsOver);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_client_that_wants_no_words_gets_none_with_its_DISCONNECT(bool wants, bool gets)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", with: c => c with { RequestProblemInformation = wants });
        client.Send(MqttWriter.Pingresp);
        Assert.Equal(gets, client.Expect(MqttPacketType.Disconnect).Disconnect!.ReasonString is not null);
    }

    private static RigClient Subscriber(MqttRig rig)
    {
        var client = rig.Connect("s");
        client.Subscribe("t/#", 1);
        return client;
    }
}

using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Kill -9 [§4.1, §4.3]: what was acknowledged is there afterwards, and nothing twice that must come once.</summary>
public sealed class MqttCrashTests
{
    [Theory, ClassData(typeof(BothVersions))]
    public void Sessions_subscriptions_and_what_was_not_delivered_survive(MqttVersion version)
    {
        using var rig = new MqttRig();
        var subscriber = rig.Connect("s", version, kept: true);
        subscriber.Subscribe("t/+", 2);
        subscriber.Answers = false;
        var publisher = rig.Connect("p", version);
        for (int i = 0; i < 4; i++) publisher.Publish($"t/{i}", $"{i}", 1 + i % 2);
        rig.Settle(publisher);
        var sent = subscriber.Messages();
        subscriber.Ack(MqttPacketType.Puback, sent[0].Id);
        subscriber.Ack(MqttPacketType.Pubrec, sent[1].Id);
        rig.Round();
        rig.Crash();
        var back = rig.Connect("s", version, kept: true);
        Assert.True(back.Connack!.SessionPresent);
        rig.Settle(back);
        Assert.Equal([("2", true), ("3", true)], back.Messages().Select(m => (m.Text, m.Dup)));
        rig.Connect("p2").Publish("t/new", "new", 1);
        rig.Settle(back);
        Assert.Equal(["new"], back.Texts());
    }

    [Fact]
    public void A_subscription_keeps_all_its_options()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("s", kept: true);
        client.Subscribe("t", 2, noLocal: true, retainAsPublished: true, retainHandling: 1, identifier: 268_435_455);
        rig.Crash();
        client = rig.Connect("s", kept: true);
        client.Publish("t", "own", 1);
        rig.Connect("p").Publish("t", "x", 1, retain: true);
        rig.Settle(client);
        var message = Assert.Single(client.Messages());
        Assert.Equal((true, 268_435_455u), (message.Retain, message.SubscriptionIds.Single()));
        client.Subscribe("t", 2, retainHandling: 1);
        Assert.Empty(client.Messages());
    }

    public static TheoryData<MqttVersion, int, bool> EveryStep()
    {
        var steps = new TheoryData<MqttVersion, int, bool>();
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
            for (int step = 0; step < 14; step++)
                foreach (bool committed in (bool[])[false, true]) steps.Add(version, step, committed);
        return steps;
    }

    [Theory, MemberData(nameof(EveryStep))]
    public void QoS_2_is_exactly_once_from_end_to_end_wherever_the_power_goes(MqttVersion version, int crashAt, bool committed)
    {
        using var rig = new MqttRig();
        var (publisher, subscriber) = (new StandardClient(rig, "p", version, true), new StandardClient(rig, "s", version, true));
        subscriber.Filters.Add(new MqttSubscription("t", 2, false, false, 0));
        Action[] steps =
        [
            publisher.Connect, subscriber.Connect, () => rig.Round(), () => subscriber.Step(), () => rig.Round(), () => publisher.Step(), () => subscriber.Step(),
            () => { publisher.Publish("t", "one", 2); publisher.Publish("t", "two", 2); },
            () => publisher.Step(1), () => subscriber.Step(1), () => rig.Round(), () => publisher.Step(1), () => subscriber.Step(1), () => rig.Round(),
        ];
        for (int i = 0; i < 24; i++)
        {
            // The last seven steps are what a message takes; they come round as often as it needs.
            steps[i < steps.Length ? i : 7 + 1 + (i - 8) % 6]();
            if (i != crashAt + 7) continue;
            if (committed) rig.CommitOnly();
            rig.Crash();
            publisher.Lost();
            subscriber.Lost();
            publisher.Connect();
            subscriber.Connect();
        }
        for (int i = 0; i < 30; i++)
        {
            publisher.Step();
            subscriber.Step();
            rig.Round();
        }
        Assert.Equal(["one", "two"], subscriber.Got.Select(m => m.Text));
        Assert.True(publisher.IsIdle && subscriber.IsIdle);
        Assert.Equal((0, 0), (rig.Rows("queue"), rig.Rows("received")));
    }

    [Fact]
    public void A_session_that_ended_writes_nothing_more_down_whoever_still_knows_it()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("s", kept: true);
        client.Subscribe("t", 1);
        // A publisher's thread has looked up the receivers, then the session ends and another begins, then the thread goes on.
        var stale = rig.Broker.Match("t");
        var again = rig.Connect("s", kept: true, with: c => c with { CleanStart = true });
        again.Subscribe("t", 1);
        again.Answers = false;
        rig.Connect("p").Publish("t", "new", 1);
        rig.Broker.Route(new MqttMessage("t"u8.ToArray(), "old"u8.ToArray(), [], 1, false, MqttMessage.Never), stale, null, new HashSet<MqttSession>());
        rig.Round();
        rig.Crash();
        var back = rig.Connect("s", kept: true);
        rig.Settle(back);
        Assert.Equal(["new"], back.Texts());
    }

    [Fact]
    public void An_old_connection_cannot_subscribe_for_a_session_that_ended()
    {
        using var rig = new MqttRig();
        var connection = rig.Connect("s", kept: true);
        connection.Subscribe("t");
        var ended = rig.Broker.Match("t").TargetsFor(null)[0].Session;
        rig.Connect("s");
        rig.Broker.Subscribe(ended, new MqttSubscribe(1, 0, [new MqttSubscription("t", 1, false, false, 0)]), [MqttReason.Success]);
        rig.Round();
        Assert.True(connection.IsOver);
        Assert.Equal((0, 0), (rig.Link.Subscriptions, rig.AllRows()));
    }

    [Fact]
    public void A_crash_right_after_a_clean_start_does_not_bring_the_old_session_back()
    {
        using var rig = new MqttRig();
        var publisher = rig.Connect("p", kept: true);
        publisher.Answers = false;
        publisher.Publish("t", "old", 2, id: 1);
        rig.Round();
        publisher.Drop();
        var clean = rig.Open();
        clean.Connect(new MqttConnect { Version = MqttVersion.V5, ClientId = "p", CleanStart = true, SessionExpirySeconds = 3600 });
        bool wasLetIn = clean.Connack is not null;
        rig.Crash();
        var subscriber = rig.Connect("s");
        subscriber.Subscribe("t", 2);
        // Only a client that was told so may believe that its packet ids are free.
        var back = rig.Connect("p", kept: true);
        if (wasLetIn) back.Publish("t", "new", 2, id: 1);
        rig.Settle(back, subscriber);
        Assert.Equal(wasLetIn ? ["new"] : [], subscriber.Texts());
    }

    [Fact]
    public void A_packet_id_is_free_only_when_its_release_is_on_disk_however_often_it_is_released()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("p", kept: true);
        client.Answers = false;
        client.Publish("t", "one", 2, id: 1);
        rig.Round();
        client.Ack(MqttPacketType.Pubrel, 1);
        client.Ack(MqttPacketType.Pubrel, 1);
        Assert.Null(client.Next(MqttPacketType.Pubcomp));
        rig.Round();
        Assert.Equal([MqttReason.Success, MqttReason.PacketIdentifierNotFound], client.Take().Where(p => p.Type == MqttPacketType.Pubcomp).Select(p => p.Reason));
    }

    [Fact]
    public void Nothing_is_promised_while_the_disk_refuses_and_everything_is_kept_when_it_works_again()
    {
        using var rig = new MqttRig();
        var subscriber = rig.Connect("s", kept: true);
        subscriber.Subscribe("t", 1);
        rig.StoreRefuses(true);
        var publisher = rig.Connect("p");
        publisher.Publish("t", "x", 1);
        publisher.Publish("t", "kept", 1, retain: true);
        for (int i = 0; i < 3; i++) Assert.False(rig.Round());
        Assert.Null(publisher.Next(MqttPacketType.Puback));
        Assert.Empty(subscriber.Messages());
        rig.StoreRefuses(false);
        publisher.Publish("t", "y", 1);
        Assert.True(rig.Round());
        rig.Settle(publisher, subscriber);
        Assert.Equal(3, publisher.Take().Count(p => p.Type == MqttPacketType.Puback));
        Assert.Equal(["x", "kept", "y"], subscriber.Texts());
        Assert.Equal((0, 1), (rig.Rows("queue"), rig.Rows("retained")));
    }

    [Fact]
    public void A_crash_while_the_disk_refuses_loses_only_what_was_not_acknowledged()
    {
        using var rig = new MqttRig();
        var subscriber = rig.Connect("s", kept: true);
        subscriber.Subscribe("t", 2);
        subscriber.Drop();
        var publisher = new StandardClient(rig, "p", MqttVersion.V311, true);
        publisher.Connect();
        publisher.Step();
        publisher.Publish("t", "one", 2);
        rig.Round();
        rig.StoreRefuses(true);
        publisher.Publish("t", "two", 2);
        rig.Round();
        rig.StoreRefuses(false);
        rig.Crash();
        publisher.Lost();
        publisher.Connect();
        for (int i = 0; i < 6; i++)
        {
            publisher.Step();
            rig.Round();
        }
        var back = rig.Connect("s", kept: true);
        rig.Settle(back);
        Assert.Equal(["one", "two"], back.Texts());
    }
}

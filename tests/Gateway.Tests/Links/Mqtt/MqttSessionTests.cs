using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Sessions [§4.1]: what waits for a client that is away, for how long, and how much of it.</summary>
public sealed class MqttSessionTests
{
    [Theory, ClassData(typeof(BothVersions))]
    public void What_came_while_a_client_was_away_waits_for_it_in_order(MqttVersion version)
    {
        using var rig = new MqttRig();
        Subscriber(rig, version).Disconnect();
        var publisher = rig.Connect("p");
        for (int i = 0; i < 10; i++) publisher.Publish("t", $"{i}", 1 + i % 2);
        publisher.Publish("t", "at most once", 0);
        rig.Settle(publisher);
        var back = rig.Connect("s", version, kept: true);
        rig.Settle(back);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), back.Texts());
        Assert.Equal(0, rig.Rows("queue"));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_clean_start_throws_the_old_session_away(MqttVersion version)
    {
        using var rig = new MqttRig();
        Subscriber(rig, version).Drop();
        Say(rig, "lost", 2);
        var clean = rig.Connect("s", version);
        Assert.Empty(clean.Messages());
        Assert.Equal(0, rig.AllRows());
        Say(rig, "nobody asked", 1);
        Assert.Empty(clean.Messages());
    }

    [Fact]
    public void A_session_ends_when_its_time_is_over()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("s", kept: true, with: c => c with { SessionExpirySeconds = 60 });
        client.Subscribe("t", 1);
        rig.PassSeconds(300);
        client.Drop();
        Say(rig, "x", 1);
        rig.PassSeconds(58);
        Assert.Equal(1, rig.Link.Sessions);
        rig.PassSeconds(3);
        rig.Round();
        Assert.Equal((0, 0), (rig.Link.Sessions, rig.AllRows()));
        Assert.False(rig.Connect("s", kept: true).Connack!.SessionPresent);
    }

    [Fact]
    public void The_time_of_a_session_goes_on_while_the_gateway_is_down_and_starts_with_the_crash_for_the_connected()
    {
        using var rig = new MqttRig();
        rig.Connect("away", kept: true, with: c => c with { SessionExpirySeconds = 60 }).Drop();
        rig.Connect("here", kept: true, with: c => c with { SessionExpirySeconds = 60 });
        rig.Round();
        rig.Crash(TimeSpan.FromSeconds(61));
        Assert.False(rig.Connect("away", kept: true).Connack!.SessionPresent);
        Assert.True(rig.Connect("here", kept: true).Connack!.SessionPresent);
    }

    [Fact]
    public void A_wall_clock_set_back_does_not_lengthen_a_session()
    {
        using var rig = new MqttRig();
        rig.Connect("away", kept: true, with: c => c with { SessionExpirySeconds = 60 }).Drop();
        rig.Round();
        rig.Clock.StepWall(TimeSpan.FromDays(-1));
        rig.Crash();
        rig.PassSeconds(61);
        Assert.Equal(0, rig.Link.Sessions);
    }

    [Fact]
    public void DISCONNECT_may_change_the_expiry_but_not_give_one_to_a_session_without()
    {
        using var rig = new MqttRig();
        rig.Connect("a", kept: true).Disconnect(expirySeconds: 0);
        Assert.Equal(0, rig.Link.Sessions);
        rig.Connect("b", kept: true).Disconnect(expirySeconds: 10);
        rig.PassSeconds(9);
        Assert.Equal(1, rig.Link.Sessions);
        rig.PassSeconds(2);
        Assert.Equal(0, rig.Link.Sessions);
        var none = rig.Connect("c");
        none.Disconnect(expirySeconds: 10);
        Assert.Equal(MqttReason.ProtocolError, none.Expect(MqttPacketType.Disconnect).Reason);
        rig.Round();
        Assert.Equal(0, rig.AllRows());
    }

    [Fact]
    public void A_session_gone_on_with_without_expiry_is_no_longer_kept_and_ends_with_its_connection()
    {
        using var rig = new MqttRig();
        Subscriber(rig, MqttVersion.V5).Drop();
        Say(rig, "waits", 1);
        var back = rig.Connect("s", kept: true, with: c => c with { SessionExpirySeconds = 0 });
        Assert.True(back.Connack!.SessionPresent);
        rig.Settle(back);
        Assert.Equal(["waits"], back.Texts());
        Assert.Equal(0, rig.AllRows());
        Say(rig, "live", 1);
        Assert.Equal(["live"], back.Texts());
        back.Drop();
        rig.Round();
        Assert.Equal((0, 0, 0), (rig.Link.Sessions, rig.Link.Subscriptions, rig.AllRows()));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_full_queue_keeps_what_it_has_and_counts_what_it_refuses(MqttVersion version)
    {
        using var rig = new MqttRig(o => o.QueueMessagesMax = 5);
        Subscriber(rig, version).Drop();
        for (int i = 0; i < 8; i++) Say(rig, $"{i}", 1);
        Assert.Equal(3, rig.Tally.DroppedQueueFull);
        var back = rig.Connect("s", version, kept: true);
        rig.Settle(back);
        Assert.Equal(["0", "1", "2", "3", "4"], back.Texts());
    }

    [Fact]
    public void A_queue_is_full_by_bytes_too()
    {
        using var rig = new MqttRig(o => o.QueueKiBMax = 64);
        Subscriber(rig, MqttVersion.V5).Drop();
        for (int i = 0; i < 4; i++) Say(rig, new string('x', 20_000), 1);
        Assert.Equal(1, rig.Tally.DroppedQueueFull);
    }

    [Fact]
    public void What_has_expired_makes_room_in_a_full_queue()
    {
        using var rig = new MqttRig(o => o.QueueMessagesMax = 3);
        Subscriber(rig, MqttVersion.V5).Drop();
        var publisher = rig.Connect("p");
        publisher.Publish("t", "stays", 1);
        for (int i = 0; i < 2; i++) publisher.Publish("t", "short", 1, expirySeconds: 5);
        rig.PassSeconds(6);
        publisher.Publish("t", "one", 1);
        publisher.Publish("t", "two", 1);
        publisher.Publish("t", "three", 1);
        Assert.Equal((2L, 1L), (rig.Tally.DroppedExpired, rig.Tally.DroppedQueueFull));
        var back = rig.Connect("s", kept: true);
        rig.Settle(back);
        Assert.Equal(["stays", "one", "two"], back.Texts());
        Assert.Equal(0, rig.Rows("queue"));
    }

    [Fact]
    public void What_was_to_come_at_most_once_does_not_come_on_the_next_connection()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("s", kept: true, with: c => c with { ReceiveMaximum = 1 });
        client.Answers = false;
        client.Subscribe("t", 1);
        Say(rig, "one", 1);
        Say(rig, "two", 1);
        Say(rig, "stale", 0);
        rig.Round();
        Assert.Equal(["one"], client.Texts());
        client.Drop();
        var back = rig.Connect("s", kept: true);
        rig.Settle(back);
        Assert.Equal(["one", "two"], back.Texts());
    }

    private static RigClient Subscriber(MqttRig rig, MqttVersion version)
    {
        var client = rig.Connect("s", version, kept: true);
        client.Subscribe("t", 2);
        return client;
    }

    private static void Say(MqttRig rig, string text, int qos)
    {
        var publisher = rig.Connect("p");
        publisher.Publish("t", text, qos);
        rig.Settle(publisher);
        publisher.Disconnect();
    }
}

using Gateway.Links.MqttClient;
using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.MqttClient;

/// <summary>From CONNECT to the end: sign-in, subscriptions, silence, refusals.</summary>
public sealed class BrokerConnectionTests
{
    [Fact]
    public async Task It_subscribes_after_the_CONNACK_and_is_ready_after_the_SUBACK()
    {
        await using var rig = new BrokerRig(topics: ["a/#", "b/+/c"]);
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack());
        var subscribe = await rig.ExpectAsync(MqttPacketType.Subscribe);
        Assert.Equal([("a/#", 1), ("b/+/c", 1)], subscribe.Subscribe(MqttVersion.V311).Subscriptions.Select(s => (s.Filter, s.Qos)));
        Assert.Empty(rig.Readies);
        await rig.GrantAsync(subscribe);
        Assert.Empty(await rig.ReadyAsync());
        Assert.Equal("broker.example:1883 gateway-test\n1 a/#\n1 b/+/c", rig.Mind.Last);
    }

    [Fact]
    public async Task A_kept_session_with_the_same_topics_is_ready_at_once()
    {
        var mind = new BrokerMind { Last = "broker.example:1883 gateway-test\n1 a/#" };
        await using var rig = new BrokerRig(topics: ["a/#"], mind: mind);
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack { SessionPresent = true });
        await rig.ReadyAsync();
        Assert.True(Assert.Single(rig.Readies).Present);
        Assert.Empty(mind.Steps);
        await rig.ExpectNothingButPingAsync();
    }

    [Fact]
    public async Task A_kept_session_with_other_topics_gets_the_new_and_loses_the_old()
    {
        var mind = new BrokerMind { Last = "broker.example:1883 gateway-test\n1 a/#\n1 b/#" };
        await using var rig = new BrokerRig(topics: ["b/#", "c/#"], mind: mind);
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack { SessionPresent = true });
        var drop = await rig.ExpectAsync(MqttPacketType.Unsubscribe);
        Assert.Equal([0, 3, (byte)'a', (byte)'/', (byte)'#'], drop.Body[2..]);
        var ask = await rig.ExpectAsync(MqttPacketType.Subscribe);
        Assert.Equal(["c/#"], ask.Subscribe(MqttVersion.V311).Subscriptions.Select(s => s.Filter));
        // A crash now would leave any of the three on the broker: all are remembered, and the doubtful ones are asked for again.
        Assert.Equal(["1 b/#", "9 a/#", "9 c/#"], mind.Last!.Split('\n')[1..]);
        await rig.GrantAsync(drop);
        await rig.GrantAsync(ask);
        await rig.ReadyAsync();
        Assert.Equal(["1 b/#", "1 c/#"], mind.Last.Split('\n')[1..]);
    }

    [Fact]
    public async Task In_5_0_the_CONNECT_tells_our_limits_and_the_subscriptions_spare_us_old_retained_messages()
    {
        var options = V5();
        (options.ReceiveMaximum, options.PacketBytesMax) = (7, 4096);
        await using var rig = new BrokerRig(options, ["a/#"]);
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack());
        var subscription = Assert.Single((await rig.ExpectAsync(MqttPacketType.Subscribe)).Subscribe(MqttVersion.V5).Subscriptions);
        Assert.Equal((1, false, false), (subscription.RetainHandling, subscription.RetainAsPublished, subscription.NoLocal));
    }

    [Fact]
    public async Task A_refused_subscription_is_said_and_asked_for_again_a_minute_later()
    {
        await using var rig = new BrokerRig(topics: ["a/#", "b/#"]);
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack());
        await rig.AnswerAsync(await rig.ExpectAsync(MqttPacketType.Subscribe), MqttReason.GrantedQos1, MqttReason.UnspecifiedError);
        Assert.Equal(["b/# (UnspecifiedError)"], await rig.ReadyAsync());
        Assert.Equal(["1 a/#"], rig.Mind.Last!.Split('\n')[1..]);

        await rig.ExpectNothingButPingAsync();
        await rig.ExpectNothingButPingAsync();
        await rig.ExpectNothingButPingAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(15));
        rig.Connection.Watch();
        Assert.Equal(MqttPacketType.Pingreq, (await rig.ExpectAsync(MqttPacketType.Pingreq)).Type);
        var again = await rig.ExpectAsync(MqttPacketType.Subscribe);
        Assert.Equal(["b/#"], again.Subscribe(MqttVersion.V311).Subscriptions.Select(s => s.Filter));
        await rig.GrantAsync(again);
        await Eventually(() => rig.Readies.Count == 2);
        Assert.Empty(rig.Readies[1].Refused);
    }

    [Fact]
    public async Task A_broker_that_refuses_every_subscription_is_of_no_use()
    {
        await using var rig = new BrokerRig(topics: ["a/#", "b/#"]);
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack());
        await rig.AnswerAsync(await rig.ExpectAsync(MqttPacketType.Subscribe), MqttReason.UnspecifiedError, MqttReason.UnspecifiedError);
        var end = await rig.EndAsync();
        Assert.Equal(BrokerEndKind.Refused, end.Kind);
        Assert.Contains("a/#", end.Why, StringComparison.Ordinal);
        Assert.Empty(rig.Readies);
    }

    [Fact]
    public async Task A_lower_QoS_than_asked_for_is_told()
    {
        await using var rig = new BrokerRig(topics: ["a/#"]);
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack());
        await rig.AnswerAsync(await rig.ExpectAsync(MqttPacketType.Subscribe), MqttReason.Success);
        Assert.Empty(await rig.ReadyAsync());
        Assert.Equal(("a/#", 1, 0), Assert.Single(rig.LowerQos));
    }

    [Fact]
    public async Task What_a_5_0_broker_says_it_does_not_have_is_not_asked_for()
    {
        await using var rig = new BrokerRig(V5(), ["$share/g/a", "b/#", "c"]);
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack { SharedAvailable = false, WildcardAvailable = false });
        var subscribe = await rig.ExpectAsync(MqttPacketType.Subscribe);
        Assert.Equal(["c"], subscribe.Subscribe(MqttVersion.V5).Subscriptions.Select(s => s.Filter));
        await rig.GrantAsync(subscribe);
        Assert.Equal(["$share/g/a (SharedSubscriptionsNotSupported)", "b/# (WildcardSubscriptionsNotSupported)"], await rig.ReadyAsync());
    }

    [Fact]
    public async Task The_client_id_the_broker_gives_is_ours_from_then_on()
    {
        var options = V5();
        options.ClientId = "";
        await using var rig = new BrokerRig(options);
        await rig.UpAsync(connack: new MqttConnack { AssignedClientId = "given-7" });
        await rig.HangUpAsync();
        await rig.EndAsync();
        rig.Connect();
        Assert.Equal("given-7", (await rig.ExpectAsync(MqttPacketType.Connect)).Connect().ClientId);
    }

    [Theory]
    [InlineData(MqttReason.NotAuthorized, "Refused")]
    [InlineData(MqttReason.BadUserNameOrPassword, "Refused")]
    [InlineData(MqttReason.ClientIdentifierNotValid, "Refused")]
    [InlineData(MqttReason.UnsupportedProtocolVersion, "Refused")]
    [InlineData(MqttReason.Banned, "Refused")]
    [InlineData(MqttReason.ServerMoved, "Refused")]
    [InlineData(MqttReason.ServerUnavailable, "Lost")]
    [InlineData(MqttReason.ServerBusy, "Lost")]
    [InlineData(MqttReason.QuotaExceeded, "Lost")]
    public async Task A_refusal_says_whether_somebody_has_to_change_something(MqttReason reason, string kind)
    {
        await using var rig = new BrokerRig(V5());
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack { Reason = reason, ReasonString = "no entry" });
        var end = await rig.EndAsync();
        Assert.Equal(kind, $"{end.Kind}");
        Assert.Contains("no entry", end.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_3_1_1_refusal_of_the_password_is_one_too()
    {
        await using var rig = new BrokerRig();
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.SendAsync(new byte[] { 0x20, 2, 0, 4 });
        Assert.Equal(BrokerEndKind.Refused, (await rig.EndAsync()).Kind);
    }

    [Fact]
    public async Task A_broker_of_3_1_1_says_so_to_a_5_0_client()
    {
        await using var rig = new BrokerRig(V5());
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.SendAsync(new byte[] { 0x20, 2, 0, 1 });
        var end = await rig.EndAsync();
        Assert.Equal((BrokerEndKind.Refused, true), (end.Kind, end.Why.Contains("set Version to 3.1.1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(MqttReason.SessionTakenOver, "TakenOver", "gateway-test")]
    [InlineData(MqttReason.NotAuthorized, "Refused", "NotAuthorized")]
    [InlineData(MqttReason.ServerShuttingDown, "Lost", "ServerShuttingDown")]
    [InlineData(MqttReason.AdministrativeAction, "Lost", "AdministrativeAction")]
    public async Task A_DISCONNECT_of_the_broker_says_why(MqttReason reason, string kind, string word)
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync();
        await rig.SendAsync(to => MqttWriter.Disconnect(to, MqttVersion.V5, reason));
        var end = await rig.EndAsync();
        Assert.Equal(kind, $"{end.Kind}");
        Assert.Contains(word, end.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_asks_for_life_at_half_the_keep_alive_and_takes_silence_for_death()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        rig.Clock.Advance(TimeSpan.FromSeconds(14));
        rig.Connection.Watch();
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Connection.Watch();
        await rig.ExpectAsync(MqttPacketType.Pingreq);
        rig.Clock.Advance(TimeSpan.FromSeconds(14));
        rig.Connection.Watch();
        Assert.False(rig.Aborted);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Connection.Watch();
        Assert.True(rig.Aborted);
        var end = await rig.EndAsync();
        Assert.Equal((BrokerEndKind.Lost, true), (end.Kind, end.Why.Contains("PINGREQ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_keep_alive_of_a_5_0_broker_wins()
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync(connack: new MqttConnack { ServerKeepAlive = 8 });
        rig.Clock.Advance(TimeSpan.FromSeconds(4));
        rig.Connection.Watch();
        await rig.ExpectAsync(MqttPacketType.Pingreq);
        rig.Clock.Advance(TimeSpan.FromSeconds(4));
        rig.Connection.Watch();
        Assert.Contains("PINGREQ", (await rig.EndAsync()).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_never_answers_is_given_up()
    {
        await using var rig = new BrokerRig();
        await rig.ExpectAsync(MqttPacketType.Connect);
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        rig.Connection.Watch();
        Assert.False(rig.Aborted);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        rig.Connection.Watch();
        Assert.Equal(BrokerEnd.Lost("no CONNACK within 10 s"), await rig.EndAsync());
    }

    [Fact]
    public async Task A_broker_that_never_grants_is_given_up()
    {
        await using var rig = new BrokerRig();
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.AcceptAsync(new MqttConnack());
        await rig.ExpectAsync(MqttPacketType.Subscribe);
        rig.Clock.Advance(TimeSpan.FromSeconds(11));
        rig.Connection.Watch();
        Assert.Equal(BrokerEnd.Lost("no SUBACK within 10 s"), await rig.EndAsync());
    }

    [Fact]
    public async Task A_broker_that_breaks_the_protocol_is_told_so_in_5_0_and_left()
    {
        await using var rig = new BrokerRig(V5());
        await rig.UpAsync();
        // A topic with a wildcard.
        await rig.SendAsync(new byte[] { 0x30, 6, 0, 3, (byte)'a', (byte)'/', (byte)'#', 0 });
        Assert.Equal((byte)MqttReason.MalformedPacket, (await rig.ExpectAsync(MqttPacketType.Disconnect)).Body[0]);
        var end = await rig.EndAsync();
        Assert.Equal((BrokerEndKind.Lost, true), (end.Kind, end.Why.Contains("MQTT-4.7.0-1", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(new byte[] { 0xD0, 0 })]
    [InlineData(new byte[] { 0x30, 3, 0, 1, (byte)'a' })]
    public async Task Nothing_may_come_before_the_CONNACK(byte[] packet)
    {
        await using var rig = new BrokerRig();
        await rig.ExpectAsync(MqttPacketType.Connect);
        await rig.SendAsync(packet);
        Assert.Contains("before CONNACK", (await rig.EndAsync()).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_off_says_what_the_network_said()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.HangUpAsync();
        Assert.Equal(BrokerEnd.Lost("the broker closed the connection"), await rig.EndAsync());
    }

    [Fact]
    public async Task Asked_to_stop_it_acknowledges_what_is_being_committed_and_says_goodbye()
    {
        await using var rig = new BrokerRig();
        await rig.UpAsync();
        await rig.PublishAsync(BrokerSite.Crane, """{"load_t":1}""", id: 9);
        await rig.ArrivedAsync(1);
        rig.Connection.End(BrokerEnd.Stopped);
        rig.Commit();
        Assert.Equal(9, (await rig.ExpectAsync(MqttPacketType.Puback)).Id);
        await rig.ExpectAsync(MqttPacketType.Disconnect);
        Assert.Equal(BrokerEnd.Stopped, await rig.EndAsync());
    }

    internal static BrokerOptions V5() => new() { Version = "5.0" };

    internal static async Task Eventually(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
        {
            Assert.False(late.IsCancellationRequested, "it did not come");
            await Task.Yield();
        }
    }
}

using Gateway.Links.Mqtt;
using Gateway.Protocols.Mqtt;
using Gateway.Testing;
using Gateway.Testing.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Access;

/// <summary>What becomes of connections and sessions when passwords and rights change.</summary>
public sealed class ListenerRightsTests : IAsyncDisposable
{
    private const string Secret = "a-secret-of-c1";
    private readonly ListenerRig _rig = new(AccessSite.Members);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task A_device_publishes_on_its_own_topics_and_is_told_where_it_may_not()
    {
        _rig.SetPassword("c1", Secret);
        using var client = _rig.Dial();
        Assert.Equal(MqttReason.Success, (await client.ConnectAsync("c1", "c1", Secret))?.Reason);
        Assert.Equal(MqttReason.Success, await client.PublishAsync("site/s1/crane/c1/telemetry"));
        Assert.Equal(MqttReason.NotAuthorized, await client.PublishAsync("site/s1/crane/c2/telemetry"));
        Assert.Equal(MqttReason.GrantedQos1, await client.SubscribeAsync("site/s1/crane/c1/#"));
        Assert.Equal(MqttReason.NotAuthorized, await client.SubscribeAsync("#"));
        Assert.Equal(MqttReason.NotAuthorized, await client.SubscribeAsync("$share/g/site/#"));
    }

    [Fact]
    public async Task A_refused_client_hears_why_in_its_connack()
    {
        _rig.SetPassword("c1", Secret);
        using var wrong = _rig.Dial();
        Assert.Equal(MqttReason.BadUserNameOrPassword, (await wrong.ConnectAsync("c1", "c1", "not this one"))?.Reason);
        using var nameless = _rig.Dial("10.0.0.7");
        Assert.Equal(MqttReason.NotAuthorized, (await nameless.ConnectAsync("x"))?.Reason);
    }

    [Fact]
    public async Task A_changed_password_ends_the_connections_that_came_in_with_the_old_one()
    {
        _rig.SetPassword("c1", Secret);
        _rig.SetPassword("c2", Secret);
        using var c1 = _rig.Dial();
        using var c2 = _rig.Dial();
        await c1.ConnectAsync("c1", "c1", Secret);
        await c2.ConnectAsync("c2", "c2", Secret);
        _rig.SetPassword("c1", "another-secret");
        Assert.Equal(MqttReason.NotAuthorized, await c1.EndedAsync());
        await c2.PingAsync();
    }

    [Fact]
    public async Task A_password_that_is_set_takes_the_devices_topics_from_anonymous_connections_that_are_open()
    {
        using var other = _rig.Dial();
        using var device = _rig.Dial();
        await other.ConnectAsync("x");
        await device.ConnectAsync("c1");
        Assert.Equal(MqttReason.NoMatchingSubscribers, await other.PublishAsync("site/s1/crane/c1/whatever"));
        _rig.SetPassword("c1", Secret);
        Assert.Equal(MqttReason.NotAuthorized, await other.PublishAsync("site/s1/crane/c1/whatever"));
        Assert.Equal(MqttReason.NotAuthorized, await device.EndedAsync());
    }

    [Fact]
    public async Task Nobody_holds_a_devices_client_id_against_it()
    {
        using var squatter = _rig.Dial();
        await squatter.ConnectAsync("crane-one", expirySeconds: 3_600);
        _rig.SetPassword("c1", Secret);
        using var device = _rig.Dial("10.0.0.7");
        var connack = await device.ConnectAsync("crane-one", "c1", Secret, clean: false, expirySeconds: 3_600);
        Assert.Equal((MqttReason.Success, false), (connack!.Reason, connack.SessionPresent));
        Assert.Equal(MqttReason.SessionTakenOver, await squatter.EndedAsync());
        using var again = _rig.Dial();
        Assert.Equal(MqttReason.NotAuthorized, (await again.ConnectAsync("crane-one"))?.Reason);
    }

    [Fact]
    public async Task A_session_whose_owner_cannot_come_back_is_nobodys()
    {
        _rig.SetPassword("c1", Secret);
        using (var device = _rig.Dial()) await device.ConnectAsync("crane-one", "c1", Secret, expirySeconds: 3_600);
        _rig.Commands.Remove("c1");
        _rig.Access.Look();
        using var anonymous = _rig.Dial();
        var connack = await anonymous.ConnectAsync("crane-one", clean: false, expirySeconds: 3_600);
        Assert.Equal((MqttReason.Success, false), (connack!.Reason, connack.SessionPresent));
    }

    [Fact]
    public async Task Subscriptions_a_client_has_no_right_to_any_more_do_not_outlive_a_restart()
    {
        using var directory = new TempDirectory();
        await using (var before = new ListenerRig(AccessSite.Members, directory: directory))
        {
            before.SetPassword("platform", Secret);
            using var client = before.Dial();
            await client.ConnectAsync("p", "platform", Secret, expirySeconds: 3_600);
            Assert.Equal(MqttReason.GrantedQos1, await client.SubscribeAsync("site/s1/crane/#"));
            Assert.Equal(MqttReason.GrantedQos1, await client.SubscribeAsync("$share/g/site/s1/hoist/#"));
        }
        string narrowed = AccessSite.Members.Replace("\"subscribe\": [ \"site/#\"", "\"subscribe\": [ \"site/s1/hoist/#\"", StringComparison.Ordinal);
        await using var after = new ListenerRig(narrowed, directory: directory);
        Assert.Equal(1, after.Link.Subscriptions);
        using var again = after.Dial();
        Assert.True((await again.ConnectAsync("p", "platform", Secret, clean: false, expirySeconds: 3_600))?.SessionPresent);
        Assert.Equal(1, after.Link.Subscriptions);
    }

    [Fact]
    public async Task Figures_of_the_gateway_itself_are_read_by_whom_the_ledger_lets()
    {
        await using var rig = new ListenerRig(AccessSite.Members, new MqttOptions { AnonymousSubscribe = ["#"] });
        rig.SetPassword("platform", Secret);
        using var platform = rig.Dial();
        using var anonymous = rig.Dial();
        await platform.ConnectAsync("p", "platform", Secret);
        await anonymous.ConnectAsync("x");
        Assert.Equal(MqttReason.GrantedQos1, await platform.SubscribeAsync("$SYS/#"));
        Assert.Equal(MqttReason.UnspecifiedError, await anonymous.SubscribeAsync("$SYS/#"));
        Assert.Equal(MqttReason.GrantedQos1, await anonymous.SubscribeAsync("#"));
    }
}

using Gateway.Domain.Presence;
using Gateway.Ingest;
using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>Wills [§3.1.2.5, §3.1.3.2]: published when a client is lost, and only then.</summary>
public sealed class MqttWillTests
{
    private static readonly MqttWill Gone = new("will"u8.ToArray(), "gone"u8.ToArray(), 1, false, 0, null, []);

    [Theory, ClassData(typeof(BothVersions))]
    public void A_lost_connection_has_its_Will_published(MqttVersion version)
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("a", version, with: c => c with { Will = Gone }).Drop();
        var will = Assert.Single(watcher.Messages());
        Assert.Equal(("will", "gone", 1, false), (will.Topic, will.Text, will.Qos, will.Retain));
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void A_client_that_says_goodbye_takes_its_Will_with_it(MqttVersion version)
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("a", version, with: c => c with { Will = Gone }).Disconnect();
        rig.PassSeconds(5);
        Assert.Empty(watcher.Messages());
    }

    [Theory]
    [InlineData(MqttReason.DisconnectWithWill)]
    [InlineData(MqttReason.UnspecifiedError)]
    [InlineData(MqttReason.ProtocolError)]
    public void A_DISCONNECT_with_any_other_reason_than_normal_leaves_the_Will(MqttReason reason)
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("a", with: c => c with { Will = Gone }).Disconnect(reason);
        Assert.Equal(["gone"], watcher.Texts());
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void Silence_and_malformed_packets_are_a_loss(MqttVersion version)
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("silent", version, with: c => c with { Will = Gone, KeepAliveSeconds = 5 });
        rig.PassSeconds(8);
        Assert.Equal(["gone"], watcher.Texts());
        rig.Connect("rude", version, with: c => c with { Will = Gone }).Send(0x00, 0x00);
        Assert.Equal(["gone"], watcher.Texts());
    }

    [Fact]
    public void A_delayed_Will_waits_and_is_taken_back_by_a_client_that_returns_in_time()
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("a", kept: true, with: Delayed(10)).Drop();
        rig.PassSeconds(9);
        var back = rig.Connect("a", kept: true, with: Delayed(10));
        rig.PassSeconds(20);
        Assert.Empty(watcher.Messages());
        back.Drop();
        rig.PassSeconds(9);
        Assert.Empty(watcher.Messages());
        rig.PassSeconds(2);
        Assert.Equal(["gone"], watcher.Texts());
        rig.PassSeconds(60);
        Assert.Empty(watcher.Messages());
    }

    [Fact]
    public void The_end_of_the_session_is_the_latest_moment_of_a_delayed_Will()
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("a", kept: true, with: c => Delayed(1000)(c) with { SessionExpirySeconds = 5 }).Drop();
        rig.PassSeconds(4);
        Assert.Empty(watcher.Messages());
        rig.PassSeconds(2);
        Assert.Equal(["gone"], watcher.Texts());
        rig.Connect("b", with: Delayed(1000)).Drop();
        Assert.Equal(["gone"], watcher.Texts());
    }

    [Fact]
    public void A_clean_start_ends_the_session_and_so_the_delay_of_its_Will()
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("a", kept: true, with: Delayed(1000)).Drop();
        rig.Connect("a");
        Assert.Equal(["gone"], watcher.Texts());
    }

    [Fact]
    public void A_take_over_publishes_the_Will_but_not_a_delayed_one_of_a_session_that_goes_on()
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("a", MqttVersion.V311, kept: true, with: c => c with { Will = Gone });
        rig.Connect("a", MqttVersion.V311, kept: true);
        Assert.Equal(["gone"], watcher.Texts());
        rig.Connect("b", kept: true, with: Delayed(10));
        rig.Connect("b", kept: true);
        rig.PassSeconds(20);
        Assert.Empty(watcher.Messages());
        rig.Connect("b", kept: true, with: Delayed(10));
        rig.Connect("b");
        Assert.Equal(["gone"], watcher.Texts());
    }

    [Fact]
    public void A_Will_keeps_its_properties_its_expiry_and_its_retain_flag()
    {
        using var rig = new MqttRig();
        byte[] properties = MqttProperties.Compose(contentType: "text/plain", userProperties: [new("a", "1"), new("a", "2")]);
        rig.Connect("a", with: c => c with { Will = Gone with { Retain = true, Qos = 2, MessageExpirySeconds = 60, Properties = properties } }).Drop();
        rig.PassSeconds(10);
        var late = rig.Connect("late");
        late.Subscribe("will", 2);
        var will = Assert.Single(late.Messages());
        Assert.Equal((true, 2, 50u), (will.Retain, will.Qos, will.ExpirySeconds));
        Assert.Equal("text/plain", MqttProperties.ContentType(will.Properties));
        Assert.EndsWith(Convert.ToHexString(properties), Convert.ToHexString(will.Properties));
    }

    [Fact]
    public void A_gateway_that_stops_publishes_no_Wills()
    {
        using var rig = new MqttRig();
        var watcher = Watcher(rig);
        rig.Connect("a", with: c => c with { Will = Gone });
        rig.Turn(rig.Link.Stopping);
        Assert.Empty(watcher.Messages());
        Assert.Equal(0, rig.Link.Retained);
    }

    [Theory]
    [InlineData("secret/a")]
    [InlineData("$SYS/broker/version")]
    public void A_Will_for_a_topic_its_client_may_not_use_is_refused_at_once(string topic)
    {
        using var rig = new MqttRig();
        var client = rig.Connect("a", with: c => c with { Will = Gone with { Topic = System.Text.Encoding.UTF8.GetBytes(topic), Retain = true } });
        Assert.Equal(MqttReason.NotAuthorized, client.Connack!.Reason);
        Assert.True(client.IsOver);
        Assert.Equal(0, rig.Link.Retained);
    }

    [Theory, ClassData(typeof(BothVersions))]
    public void The_Will_of_a_device_is_its_death(MqttVersion version)
    {
        using var rig = new MqttRig();
        rig.Connect("c1", version, with: OfDevice("site/s1/crane/c1/status")).Drop();
        rig.Round();
        Assert.Contains(rig.Events, e => e.Kind == LinkEventKind.Died && e.Cause == PresenceCause.Will);
    }

    [Fact]
    public void A_take_over_is_no_death()
    {
        using var rig = new MqttRig();
        rig.Connect("c1", with: OfDevice("site/s1/crane/c1/status"));
        rig.Connect("c1", with: OfDevice("site/s1/crane/c1/status"));
        rig.Round();
        Assert.DoesNotContain(rig.Events, e => e.Kind == LinkEventKind.Died);
    }

    [Fact]
    public void A_device_nobody_registered_is_known_by_its_Will_too()
    {
        using var rig = new MqttRig();
        rig.Connect("new", with: OfDevice("site/s1/crane/c99/status")).Drop();
        rig.Round();
        Assert.Equal("c99", Assert.Single(rig.Events, e => e.Kind == LinkEventKind.Stranger).Stranger!.Address.Split('/')[^1]);
    }

    private static RigClient Watcher(MqttRig rig)
    {
        var watcher = rig.Connect("watcher");
        watcher.Subscribe("will", 2);
        return watcher;
    }

    private static Func<MqttConnect, MqttConnect> Delayed(uint seconds) => c => c with { Will = Gone with { DelaySeconds = seconds } };

    private static Func<MqttConnect, MqttConnect> OfDevice(string topic) =>
        c => c with { Will = Gone with { Topic = System.Text.Encoding.UTF8.GetBytes(topic), Payload = """{"online":false}"""u8.ToArray() } };
}

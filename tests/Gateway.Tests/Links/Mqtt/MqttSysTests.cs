using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>The <c>$SYS</c> tree, under mosquitto's names.</summary>
public sealed class MqttSysTests
{
    [Fact]
    public void The_figures_are_there_at_once_and_again_every_interval()
    {
        using var rig = new MqttRig(o => o.SysSeconds = 10);
        rig.PassSeconds(1);
        var client = rig.Connect("a");
        client.Subscribe("$SYS/#");
        var figures = client.Messages().ToDictionary(m => m.Topic["$SYS/broker/".Length..], m => m);
        Assert.Equal(
            ["clients/connected", "clients/disconnected", "clients/total", "messages/refused", "publish/messages/dropped", "publish/messages/received", "publish/messages/sent",
             "retained messages/count", "subscriptions/count", "uptime", "version"],
            figures.Keys.Order(StringComparer.Ordinal));
        Assert.All(figures.Values, m => Assert.True(m.Retain));
        rig.Connect("away", kept: true).Drop();
        client.Publish("secret/x", "x");
        rig.PassSeconds(8);
        Assert.Empty(client.Messages());
        rig.PassSeconds(2);
        figures = client.Messages().ToDictionary(m => m.Topic["$SYS/broker/".Length..], m => m);
        Assert.Equal(("1", "2", "1", "1", "1"), (figures["clients/connected"].Text, figures["clients/total"].Text, figures["clients/disconnected"].Text,
            figures["subscriptions/count"].Text, figures["messages/refused"].Text));
        Assert.DoesNotContain("version", figures.Keys);
    }

    [Fact]
    public void They_never_reach_the_disk_and_a_wildcard_does_not_meet_them()
    {
        using var rig = new MqttRig(o => o.SysSeconds = 10);
        rig.PassSeconds(1);
        rig.Round();
        Assert.Equal(0, rig.AllRows());
        var client = rig.Connect("a");
        client.Subscribe("#");
        client.Subscribe("+/broker/#");
        rig.PassSeconds(20);
        Assert.Empty(client.Messages());
    }

    [Fact]
    public void An_operator_can_turn_them_off()
    {
        using var rig = new MqttRig(o => o.SysSeconds = 0);
        rig.PassSeconds(100);
        Assert.Equal(0, rig.Link.Retained);
    }
}

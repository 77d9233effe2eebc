using System.Net;
using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>What a client can make grow has a limit: connections, sessions, filters, retained messages, Wills, topics.</summary>
public sealed class MqttHostileTests
{
    [Fact]
    public void All_sessions_together_hold_no_more_than_they_may()
    {
        using var rig = new MqttRig(o => o.SessionsMiBMax = 1);
        for (int i = 0; i < 10; i++)
        {
            var client = rig.Connect($"s{i}", kept: true);
            client.Subscribe("t", 1);
            client.Drop();
        }
        var publisher = rig.Connect("p");
        for (int i = 0; i < 10; i++) publisher.Publish("t", new string('x', 50_000), 1);
        Assert.InRange(rig.HeldBytes, 900_000, 1024 * 1024);
        Assert.InRange(rig.Tally.DroppedQueueFull, 79, 82);
        rig.Round();
        rig.Crash();
        Assert.InRange(rig.HeldBytes, 900_000, 1024 * 1024);
        for (int i = 0; i < 10; i++) rig.Connect($"s{i}").Disconnect();
        Assert.Equal(0, rig.HeldBytes);
    }

    [Fact]
    public void Filters_count_with_their_levels_and_are_refused_when_there_is_no_room()
    {
        using var rig = new MqttRig(o => (o.SessionsMiBMax, o.SubscriptionsMax, o.PacketBytesMax) = (1, 100_000, 1_000_000));
        var client = rig.Connect("a");
        string deep = string.Concat(Enumerable.Repeat("/x", 190));
        byte[] reasons = client.Subscribe(0, [.. Enumerable.Range(0, 100).Select(i => new MqttSubscription($"{i}{deep}", 0, false, false, 0))]);
        Assert.Contains((byte)MqttReason.QuotaExceeded, reasons);
        Assert.InRange(rig.Link.Subscriptions, 5, 50);
        client.Disconnect();
        Assert.Equal(0, rig.HeldBytes);
    }

    [Fact]
    public void A_delayed_Will_that_finds_no_room_is_published_at_once()
    {
        using var rig = new MqttRig(o => o.SessionsMiBMax = 1);
        var watcher = rig.Connect("w");
        watcher.Subscribe("will");
        int atOnce = 0;
        for (int i = 0; i < 30; i++)
        {
            rig.Connect($"{i}", kept: true, with: c => c with { Will = new MqttWill("will"u8.ToArray(), new byte[50_000], 0, false, 100, null, []) }).Drop();
            atOnce += watcher.Messages().Count;
        }
        Assert.InRange(atOnce, 9, 12);
        rig.PassSeconds(200);
        Assert.Equal(30, atOnce + watcher.Messages().Count);
        Assert.InRange(rig.HeldBytes, 0, 2_000);
    }

    [Fact]
    public void The_same_filter_a_thousand_times_in_one_packet_brings_the_retained_messages_no_thousand_times()
    {
        using var rig = new MqttRig();
        var publisher = rig.Connect("p");
        for (int i = 0; i < 100; i++) publisher.Publish($"t/{i}", "x", retain: true);
        var client = rig.Connect("a");
        byte[] reasons = client.Subscribe(0, [.. Enumerable.Repeat(new MqttSubscription("#", 0, false, false, 0), 5_000)]);
        Assert.Equal(5_000, reasons.Length);
        Assert.InRange(client.Messages().Count, 100, rig.Options.RetainedMax);
        Assert.Equal(2 * rig.Options.SubscriptionsMax, reasons.Count(r => r == 0));
        Assert.Equal(1, rig.Link.Subscriptions);
    }

    [Fact]
    public void Sessions_that_ended_leave_no_branches_behind()
    {
        using var rig = new MqttRig();
        for (int i = 0; i < 50; i++)
        {
            var client = rig.Connect($"{i}");
            client.Subscribe(0, [.. Enumerable.Range(0, 20).Select(k => new MqttSubscription($"{i}/{k}/+/#", 1, false, false, 0)), new MqttSubscription($"$share/{i}/x", 1, false, false, 0)]);
            client.Drop();
        }
        Assert.Equal((0, 0, 0L), (rig.Link.Sessions, rig.Link.Subscriptions, rig.HeldBytes));
    }

    [Fact]
    public void Connections_are_limited_in_all_and_for_each_address()
    {
        using var rig = new MqttRig(o => (o.ConnectionsMax, o.ConnectionsPerAddressMax) = (3, 2));
        var here = IPAddress.Parse("192.0.2.1");
        var first = new RigClient(rig, MqttVersion.V5, here);
        var second = new RigClient(rig, MqttVersion.V5, here);
        Assert.True(new RigClient(rig, MqttVersion.V5, here).IsOver);
        var other = new RigClient(rig, MqttVersion.V5, IPAddress.Parse("192.0.2.2"));
        Assert.True(new RigClient(rig, MqttVersion.V5, IPAddress.Parse("192.0.2.3")).IsOver);
        Assert.Equal((3, 2L), (rig.Link.Connections, rig.Tally.Rejected));
        first.Drop();
        Assert.False(new RigClient(rig, MqttVersion.V5, here).IsOver);
        Assert.False(second.IsOver || other.IsOver);
    }

    [Fact]
    public void While_the_disk_refuses_for_long_sessions_that_need_it_are_turned_away_and_others_are_not()
    {
        using var rig = new MqttRig();
        var busy = rig.Connect("busy");
        rig.StoreRefuses(true);
        for (int i = 0; i < 1_200; i++) busy.Publish("t", new string('x', 60_000), retain: true);
        var kept = rig.Connect("k", kept: true);
        Assert.Equal(MqttReason.ServerBusy, kept.Connack!.Reason);
        Assert.Equal(MqttReason.ServerUnavailable, rig.Connect("k", MqttVersion.V311, kept: true).Connack!.Reason);
        Assert.Equal(MqttReason.Success, rig.Connect("clean").Connack!.Reason);
        rig.StoreRefuses(false);
        rig.Settle(busy);
        Assert.Equal(MqttReason.Success, rig.Connect("k", kept: true).Connack!.Reason);
    }

    [Fact]
    public void Topics_made_up_without_end_are_all_delivered()
    {
        using var rig = new MqttRig();
        var client = rig.Connect("s");
        client.Subscribe("#");
        var publisher = rig.Connect("p");
        for (int i = 0; i < 1_000; i++) publisher.Publish($"{new string('t', i)}/{i}", "x");
        Assert.Equal(1_000, client.Messages().Select(m => m.Topic).Distinct().Count());
    }
}

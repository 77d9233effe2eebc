using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>What the end of a connection says about a device, and what a retained message does not.</summary>
[Collection(Alone.Name)]
public sealed class MqttPresenceTests
{
    [Fact]
    public async Task A_client_killed_without_disconnect_is_offline_at_once()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", expectedSeconds: 60)));
        await gateway.StartAsync();
        await using var stream = await SseReader.OpenAsync(gateway);
        await using var crane = new MqttDevice("crane-1", gateway.MqttPort);
        await crane.ConnectAsync(willTopic: Words.Status("crane-1"));
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1));
        await stream.WaitAsync("crane-1 is online", Eventually.Seconds(5), e => e.IsPresence("crane-1", "online"));

        long killedAt = Words.NowMs;
        crane.Reset();

        var offline = await stream.WaitAsync("crane-1 is offline", Eventually.Seconds(5), e => e.IsPresence("crane-1", "offline(will)"));
        Assert.InRange(offline.ArrivedAtMs - killedAt, 0, 1_000);
    }

    [Fact]
    public async Task A_client_that_says_goodbye_is_offline_only_after_its_time()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", expectedSeconds: 1, offlineAfterSeconds: 3)));
        await gateway.StartAsync();
        await using var stream = await SseReader.OpenAsync(gateway);
        await using var crane = new MqttDevice("crane-1", gateway.MqttPort);
        await crane.ConnectAsync(willTopic: Words.Status("crane-1"));
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1));
        await crane.DisconnectAsync();
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 2);
        long last = (await gateway.Console.DeviceAsync("crane-1")).GetProperty("lastMessageAt").GetDateTimeOffset().ToUnixTimeMilliseconds();

        var offline = await stream.WaitAsync("crane-1 is offline", Eventually.Seconds(10), e => e.Name == "presence" && e.Data.GetProperty("presence").GetProperty("state").GetString() == "offline");
        Assert.True(offline.IsPresence("crane-1", "offline(silent)"), offline.Data.GetRawText());
        Assert.InRange(offline.ArrivedAtMs - last, 3_000, 4_000);
    }

    /// <summary>The gateway's timeline is anchored to civil time in whole milliseconds: it may stand a little behind the test's clock.</summary>
    private const long AnchorMs = 3;

    [Fact]
    public async Task A_retained_message_right_after_the_start_proves_nothing()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", expectedSeconds: 60)));
        await gateway.StartAsync();
        await using var stream = await SseReader.OpenAsync(gateway);
        await using var bridge = new MqttDevice("bridge", gateway.MqttPort);
        await bridge.ConnectAsync();

        // Each waits for its PUBACK, which waits for a commit: together they take far longer than the anchor is off.
        for (int seq = 1; seq <= 20; seq++) await bridge.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, seq), retain: true);
        long live = Words.NowMs;
        await bridge.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(live, 21));

        var online = await stream.WaitAsync("crane-1 becomes something", Eventually.Seconds(5), e => e.Name == "presence");
        Assert.True(online.IsPresence("crane-1", "online"), online.Data.GetRawText());
        Assert.True(online.Data.GetProperty("presence").GetProperty("since").GetDateTimeOffset().ToUnixTimeMilliseconds() >= live - AnchorMs, $"live at {live}: {online.Data.GetRawText()}");
        Assert.Equal("unknown(gateway)", Words.Presence(stream.Events[0].Data.GetProperty("devices")[0].GetProperty("presence")));
    }
}

using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The demo's site with the demo's devices, and what goes wrong on sites.</summary>
[Collection(Alone.Name)]
public sealed class SimulatedSiteTests
{
    private static readonly string[] Bus = ["weather-1", "wind-1"];

    [Fact]
    public async Task A_crane_that_falls_silent_is_one_alarm_in_time()
    {
        await using var gateway = DemoSite();
        await using var site = await DevicesAsync(gateway);
        await gateway.StartAsync();
        await using var stream = await SseReader.OpenAsync(gateway);
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 15);
        long offlineAfterMs = (await gateway.Console.DeviceAsync("crane-1")).GetProperty("presence").GetProperty("offlineAfterMs").GetInt64();

        await site.CommandAsync("silence", "crane-1");
        var alarm = await stream.WaitAsync("crane-1's alarm", Eventually.Seconds(15), e => e.IsAlarm("device-silent", "crane-1"));

        long last = (await gateway.Console.DeviceAsync("crane-1")).GetProperty("lastMessageAt").GetDateTimeOffset().ToUnixTimeMilliseconds();
        Assert.InRange(alarm.ArrivedAtMs - last, offlineAfterMs, offlineAfterMs + 1_000);
        await gateway.Console.WaitForPresenceAsync("crane-1", "offline(silent)", 2);
        await site.CommandAsync("recover", "crane-1");
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 10);
        Assert.Equal("returnedUnacked", Assert.Single(await gateway.Console.AlarmsAsync("device-silent", "crane-1")).GetProperty("state").GetString());
        Assert.Equal("online", await gateway.Console.PresenceAsync("crane-2"));
    }

    [Fact]
    public async Task A_pulled_adapter_is_one_bus_alarm_and_the_devices_behind_it_are_unknown()
    {
        await using var gateway = DemoSite();
        await using var site = await DevicesAsync(gateway);
        await gateway.StartAsync();
        foreach (string device in Bus) await gateway.Console.WaitForPresenceAsync(device, "online", 15);

        await site.CommandAsync("unplug");
        foreach (string device in Bus) await gateway.Console.WaitForPresenceAsync(device, "unknown(bus)", 5);
        Assert.Equal("unacked", Assert.Single(await gateway.Console.AlarmsAsync("bus-lost")).GetProperty("state").GetString());

        await site.CommandAsync("recover", "bus-1");
        foreach (string device in Bus) await gateway.Console.WaitForPresenceAsync(device, "online", 15);
        Assert.Equal("returnedUnacked", Assert.Single(await gateway.Console.AlarmsAsync("bus-lost")).GetProperty("state").GetString());
        foreach (string device in Bus) Assert.Empty(await gateway.Console.AlarmsAsync("device-silent", device));
    }

    [Fact]
    public async Task A_power_cut_takes_every_device_offline_and_its_end_brings_all_back()
    {
        await using var gateway = DemoSite();
        await using var site = await DevicesAsync(gateway);
        await gateway.StartAsync();
        var devices = gateway.Ledger["devices"]!.AsArray().Select(d => (string)d!["id"]!).ToList();
        foreach (string device in devices) await gateway.Console.WaitForPresenceAsync(device, "online", 25);

        await site.CommandAsync("power-cut");
        foreach (string device in devices)
        {
            string cause = Bus.Contains(device) || device == "dust-2" ? "offline(silent)" : "offline(will)";
            await gateway.Console.WaitForPresenceAsync(device, cause, 25);
            Assert.Equal("unacked", Assert.Single(await gateway.Console.AlarmsAsync("device-silent", device)).GetProperty("state").GetString());
        }

        await site.CommandAsync("recover");
        foreach (string device in devices)
        {
            await gateway.Console.WaitForPresenceAsync(device, "online", 25);
            Assert.Equal("returnedUnacked", Assert.Single(await gateway.Console.AlarmsAsync("device-silent", device)).GetProperty("state").GetString());
        }
        Assert.Empty(await gateway.Console.AlarmsAsync("bus-lost"));
    }

    /// <summary>They come first, because they make the bus: an adapter that never was is another alarm than one that was pulled.</summary>
    private static Task<FirmwareSim> DevicesAsync(GatewayUnderTest gateway) => FirmwareSim.StartAsync(gateway, gateway["bus-1"], rate: 2);

    private static GatewayUnderTest DemoSite() => new(JsonNode.Parse(File.ReadAllText(Repository.FileAt("deploy", "demo-site", "ledger.json")))!.AsObject());
}

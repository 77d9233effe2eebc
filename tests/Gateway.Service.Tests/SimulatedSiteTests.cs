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

    [Fact]
    public async Task A_crane_whose_values_stand_still_is_offline_under_an_alarm_of_its_own_until_they_have_moved_long_enough()
    {
        await using var gateway = DemoSite();
        HurryFrozenCheck(gateway, seconds: 4);
        await using var site = await DevicesAsync(gateway);
        await gateway.StartAsync();
        foreach (string crane in (string[])["crane-1", "crane-2"]) await gateway.Console.WaitForPresenceAsync(crane, "online", 15);

        await site.CommandAsync("freeze", "crane-1");
        await gateway.Console.WaitForPresenceAsync("crane-1", "offline(frozen)", 15);
        Assert.Equal("unacked", Assert.Single(await gateway.Console.AlarmsAsync("device-frozen", "crane-1")).GetProperty("state").GetString());
        Assert.Empty(await gateway.Console.AlarmsAsync("device-silent", "crane-1"));
        var ladder = (await gateway.Console.DeviceAsync("crane-1")).GetProperty("presence").GetProperty("ladder").EnumerateArray().ToDictionary(r => r.GetProperty("rung").GetString()!, StringComparer.Ordinal);
        Assert.True(ladder["fresh"].GetProperty("ok").GetBoolean() && ladder["clock"].GetProperty("ok").GetBoolean());
        Assert.Equal(("frozen", 4.0), (ladder["plausible"].GetProperty("detail").GetProperty("check").GetString(), ladder["plausible"].GetProperty("detail").GetProperty("limit").GetDouble()));

        await site.CommandAsync("recover", "crane-1");
        long movingMs = Words.NowMs;
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 25);
        Assert.True(Words.NowMs - movingMs >= 9_000, "it was online again before it had moved for ten seconds");
        Assert.Equal("returnedUnacked", Assert.Single(await gateway.Console.AlarmsAsync("device-frozen", "crane-1")).GetProperty("state").GetString());
        Assert.Empty(await gateway.Console.AlarmsAsync("device-frozen", "crane-2"));
    }

    [Fact]
    public async Task A_crane_with_a_wrong_clock_is_offline_for_that_and_back_when_it_is_right()
    {
        await using var gateway = DemoSite();
        await using var site = await DevicesAsync(gateway);
        await gateway.StartAsync();
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 15);

        await site.CommandAsync("clock-drift", "crane-1", value: -90);
        await gateway.Console.WaitForPresenceAsync("crane-1", "offline(device-clock)", 15);
        Assert.Equal("unacked", Assert.Single(await gateway.Console.AlarmsAsync("device-clock", "crane-1")).GetProperty("state").GetString());

        await site.CommandAsync("recover", "crane-1");
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 25);
    }

    /// <summary>The built-in profile with another patience: ten minutes are too long for a test.</summary>
    private static void HurryFrozenCheck(GatewayUnderTest gateway, int seconds)
    {
        string profile = File.ReadAllText(Repository.FileAt("src", "Gateway.Service", "profiles", "crane-json.json"));
        Assert.Contains("\"forSeconds\": 600", profile, StringComparison.Ordinal);
        Directory.CreateDirectory(gateway["profiles"]);
        File.WriteAllText(gateway["profiles/crane-json.json"], profile.Replace("\"forSeconds\": 600", $"\"forSeconds\": {seconds}", StringComparison.Ordinal));
        gateway.Configuration["Gateway"]!["Profiles"] = "profiles";
    }

    /// <summary>They come first, because they make the bus: an adapter that never was is another alarm than one that was pulled.</summary>
    private static Task<FirmwareSim> DevicesAsync(GatewayUnderTest gateway) => FirmwareSim.StartAsync(gateway, gateway["bus-1"], rate: 2);

    private static GatewayUnderTest DemoSite() => new(JsonNode.Parse(File.ReadAllText(Repository.FileAt("deploy", "demo-site", "ledger.json")))!.AsObject());
}

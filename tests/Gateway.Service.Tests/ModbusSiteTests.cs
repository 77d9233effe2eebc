using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The simulated site's bus: over Modbus TCP, with bad wiring, scanned, and pulled again and again.</summary>
public sealed class ModbusSiteTests
{
    [Fact]
    public async Task Units_behind_modbus_tcp_measure()
    {
        int port = FreePort.Next();
        await using var gateway = new GatewayUnderTest(SiteFiles.WithConverter(SiteFiles.Ledger(Wind(), Station()), $"127.0.0.1:{port}"));
        await using var site = await FirmwareSim.StartAsync(gateway, gateway["unused-bus"], more: ["--modbus-tcp", $"127.0.0.1:{port}"]);
        await gateway.StartAsync();
        await gateway.Console.WaitForPresenceAsync("wind-1", "online", 10);
        await gateway.Console.WaitForPresenceAsync("weather-1", "online", 10);
    }

    [Fact]
    public async Task An_adapter_that_echoes_and_a_noisy_line_spoil_nothing()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.WithBus(SiteFiles.Ledger(Wind(), Station()), "bus"));
        await using var site = await FirmwareSim.StartAsync(gateway, gateway["bus"]);
        await site.CommandAsync("echo", "bus-1");
        await site.CommandAsync("foreign-bytes", "wind-1");
        await gateway.StartAsync();
        await gateway.Console.WaitForPresenceAsync("wind-1", "online", 10);
        await gateway.Console.WaitForPresenceAsync("weather-1", "online", 10);
    }

    [Fact]
    public async Task A_scan_finds_rate_addresses_and_profiles_of_the_site()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger());
        await using var site = await FirmwareSim.StartAsync(gateway, gateway["bus"]);
        var (code, output, errors) = await gateway.RunToEndAsync("bus", "scan", gateway["bus"], "--rates", "4800,9600", "--framings", "8N1", "--units", "1-3", "--listen-ms", "200", "--json");
        Assert.True(code == 0, errors);
        Assert.Contains("Ctrl-C", errors, StringComparison.Ordinal);
        var units = JsonNode.Parse(output)!["units"]!.AsArray();
        Assert.Equal(["1 9600", "2 9600"], units.Select(u => $"{u!["address"]} {u["baud"]}"));
        Assert.Equal(["renke-fsxcs-n01", "renke-fsjt-n01"], units.Select(u => (string)u!["profiles"]![0]!["profile"]!));
    }

    [Fact]
    public async Task A_check_names_the_unit_that_tips_a_bus()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.WithBus(SiteFiles.Ledger([.. Enumerable.Range(1, 5).Select(i => SiteFiles.Unit($"wind-{i}", "renke-fsjt-n01", i, expectedSeconds: 1))]), "bus"));
        var (code, output, _) = await gateway.RunToEndAsync("check");
        Assert.Equal(0, code);
        Assert.Contains("adding unit 5 (wind-5) makes the 1 s cycle 1.1 s", output, StringComparison.Ordinal);
        Assert.Contains("警告：总线 bus-1 加上站号 5（wind-5）", output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Tier", "long")]
    public async Task Twenty_pulls_are_twenty_times_unknown_and_never_a_silent_device()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.WithBus(SiteFiles.Ledger(Wind()), "bus"));
        await using var site = await FirmwareSim.StartAsync(gateway, gateway["bus"]);
        await gateway.StartAsync();
        for (int round = 0; round < 20; round++)
        {
            await gateway.Console.WaitForPresenceAsync("wind-1", "online", 10);
            await site.CommandAsync("unplug");
            await gateway.Console.WaitForPresenceAsync("wind-1", "unknown(bus)", 5);
            await site.CommandAsync("recover", "bus-1");
        }
        await gateway.Console.WaitForPresenceAsync("wind-1", "online", 10);
        Assert.Empty(await gateway.Console.AlarmsAsync("device-silent"));
    }

    private static JsonObject Wind() => SiteFiles.Unit("wind-1", "renke-fsjt-n01", 2);

    private static JsonObject Station()
    {
        var device = SiteFiles.Unit("weather-1", "renke-fsxcs-n01", 1);
        device["kind"] = "dust";
        return device;
    }
}

using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>A serial bus with pymodbus units on it.</summary>
public sealed class ModbusBusTests
{
    /// <summary>pymodbus holds unit × 1000 + register; a scale makes wind of it.</summary>
    private const string Profile = """
        {
          "id": "pymodbus-wind", "version": 1, "kind": "wind", "title": { "zh": "风速", "en": "Wind" }, "life": "measurement",
          "modbus": { "blocks": [ { "function": 3, "address": 7, "count": 1 } ] },
          "fields": [ { "field": "wind_mps", "unit": "m/s", "min": 0, "max": 60, "scale": 0.001, "register": { "address": 7 } } ]
        }
        """;

    [Fact]
    public async Task Units_are_polled_and_a_pulled_adapter_is_one_bus_alarm_until_it_is_back()
    {
        await using var units = new ModbusUnits();
        await units.PlugInAsync();
        var ledger = SiteFiles.WithBus(SiteFiles.Ledger(SiteFiles.Unit("wind-1", "pymodbus-wind", 1), SiteFiles.Unit("wind-2", "pymodbus-wind", 2)), units.Port);
        await using var gateway = new GatewayUnderTest(ledger);
        Directory.CreateDirectory(gateway["profiles"]);
        await File.WriteAllTextAsync(Path.Combine(gateway["profiles"], "pymodbus-wind.json"), Profile);
        gateway.Configuration["Gateway"]!["Profiles"] = JsonValue.Create("profiles");
        await gateway.StartAsync();

        await gateway.Console.WaitForPresenceAsync("wind-1", "online", 10);
        await gateway.Console.WaitForPresenceAsync("wind-2", "online", 10);
        Assert.Equal(1.007, await gateway.Console.ValueAsync("wind-1", "wind_mps"));
        Assert.Equal(2.007, await gateway.Console.ValueAsync("wind-2", "wind_mps"));

        await units.PullOutAsync();
        await gateway.Console.WaitForPresenceAsync("wind-1", "unknown(bus)", 5);
        await gateway.Console.WaitForPresenceAsync("wind-2", "unknown(bus)", 5);
        var lost = Assert.Single(await gateway.Console.AlarmsAsync("bus-lost"));
        Assert.Equal("unacked", lost.GetProperty("state").GetString());

        await units.PlugInAsync();
        await gateway.Console.WaitForPresenceAsync("wind-1", "online", 15);
        await gateway.Console.WaitForPresenceAsync("wind-2", "online", 15);
        var back = Assert.Single(await gateway.Console.AlarmsAsync("bus-lost"));
        Assert.Equal(lost.GetProperty("id").GetString(), back.GetProperty("id").GetString());
        Assert.Equal("returnedUnacked", back.GetProperty("state").GetString());
        Assert.Empty(await gateway.Console.AlarmsAsync("device-silent"));
    }
}

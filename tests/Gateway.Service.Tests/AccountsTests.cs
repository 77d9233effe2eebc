using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>Presence, figures, reports and the patrol of a running gateway, over HTTP and by its commands.</summary>
public sealed class AccountsTests
{
    [Fact]
    public async Task Every_number_of_a_running_gateway_is_followed_down_and_its_report_verified()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync();
        await Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1, moment: 50));
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 5);

        var intervals = (await gateway.Console.GetAsync("/api/v1/presence?device=crane-1")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["unknown gateway", "online "], intervals.Select(i => $"{i.GetProperty("state").GetString()} {i.GetProperty("cause").GetString()}"));
        Assert.Equal(JsonValueKind.Null, intervals[^1].GetProperty("to").ValueKind);
        var figures = (await gateway.Console.GetAsync("/api/v1/compliance?window=now")).GetProperty("items")[0].GetProperty("figures").EnumerateArray().ToList();
        Assert.Equal("100.000", figures.Single(f => f.GetProperty("id").GetString() == "online.count").GetProperty("rate").GetString());
        var days = await gateway.Console.GetAsync("/api/v1/presence/days?device=crane-1");
        Assert.True(days.GetProperty("devices")[0].GetProperty("days").EnumerateArray().Last().GetProperty("unknownMs").GetInt64() > 0);
        string today = (await gateway.Console.GetAsync("/api/v1/reports")).GetProperty("items")[0].GetProperty("window").GetString()!;
        Assert.Contains("gateway verify report FILE", await gateway.Console.TextAsync($"/api/v1/reports/{today}?format=html"), StringComparison.Ordinal);
        Assert.Contains("crane-1", await gateway.Console.TextAsync($"/api/v1/reports/{today}?format=pieces"), StringComparison.Ordinal);

        string file = gateway["report.json"];
        await File.WriteAllTextAsync(file, await gateway.Console.TextAsync($"/api/v1/reports/{today}"));
        var (code, text, errors) = await gateway.RunToEndAsync("verify", "report", file);
        Assert.True(code == 0, text + errors);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("[\"unknown\",\"gateway\",", "[\"online\",\"\",", StringComparison.Ordinal));
        (code, text, _) = await gateway.RunToEndAsync("verify", "report", file);
        Assert.Equal(1, code);
        Assert.Contains("devices[crane-1].pieces", text, StringComparison.Ordinal);

        (code, text, errors) = await gateway.RunToEndAsync("presence", "crane-1", "--json");
        Assert.True(code == 0, errors);
        Assert.Equal(2, JsonNode.Parse(text)!["items"]!.AsArray().Count);
        (code, text, errors) = await gateway.RunToEndAsync("compliance", "--window", "now", "--lang", "en");
        Assert.True(code == 0, errors);
        Assert.Contains("online / (online + offline + u·unknown)", text, StringComparison.Ordinal);
        Assert.Equal(2, (await gateway.RunToEndAsync("compliance", "--window", "soon")).ExitCode);
        Assert.Equal(2, (await gateway.RunToEndAsync("presence", "crane-9")).ExitCode);
    }

    [Fact]
    public async Task A_patrol_is_drawn_once_its_time_has_come_and_the_program_draws_it_again()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1"), SiteFiles.Crane("crane-2")));
        gateway.Configuration["Patrol"] = new JsonObject { ["At"] = "00:00" };
        await gateway.StartAsync();
        var list = await Eventually.GetAsync("the list is drawn", Eventually.Seconds(5), async () => (await gateway.RunToEndAsync("patrol", "list", "--json")).Output, text => text.StartsWith('{'));
        var drawn = JsonNode.Parse(list)!;
        Assert.Equal(["crane-1", "crane-2"], drawn["items"]!.AsArray().Select(i => (string)i!["device"]!).Order(StringComparer.Ordinal));
        Assert.Equal((long)drawn["seq"]!, (await gateway.Console.GetAsync("/api/v1/patrol")).GetProperty("seq").GetInt64());

        var (code, text, errors) = await gateway.RunToEndAsync("patrol", "verify", (string)drawn["day"]!);
        Assert.True(code == 0, text + errors);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Row {(long)drawn["seq"]!} draws this list again"), text, StringComparison.Ordinal);
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The live bus on mosquitto, through the breaks it is there for.</summary>
public sealed class LiveBusTests
{
    private const string Root = $"gateway/{SiteFiles.SiteId}";

    [Fact]
    public async Task A_new_subscriber_holds_the_whole_picture_at_once()
    {
        await using var broker = new MosquittoBroker();
        await broker.StartAsync();
        await using var gateway = Gateway(broker);
        await gateway.StartAsync();
        await RaiseAsync(gateway, "crane-1", 1);
        string id = await AlarmIdAsync(gateway, "crane-1");

        var picture = await PictureAsync(broker, p => p.ContainsKey($"{Root}/alarm/{id}") && p.TryGetValue($"{Root}/state", out var s) && s.GetProperty("openAlarms").GetInt32() >= 1 && p.ContainsKey($"{Root}/gateway"));

        Assert.Equal((await gateway.Console.AlarmsAsync("crane-moment-alarm"))[0].GetRawText(), picture[$"{Root}/alarm/{id}"].GetRawText());
        Assert.True(picture[$"{Root}/gateway"].GetProperty("online").GetBoolean());
        Assert.Equal("gw-e2e", picture[$"{Root}/state"].GetProperty("gateway").GetString());
        Assert.Equal(2, picture[$"{Root}/state"].GetProperty("devices").GetProperty("denominator").GetInt32());

        Assert.Equal(0, await gateway.StopAsync());
        picture = await PictureAsync(broker, p => !p[$"{Root}/gateway"].GetProperty("online").GetBoolean());
        Assert.Contains($"{Root}/alarm/{id}", picture.Keys);
        var checkpoint = picture[$"{Root}/checkpoint"];
        File.WriteAllText(gateway["bus.jsonl"], checkpoint.GetRawText());
        var (code, output, errors) = await gateway.RunToEndAsync("verify", "--against", gateway["bus.jsonl"]);
        Assert.True(code == 0, output + errors);
    }

    [Fact]
    public async Task After_kill_9_with_the_bus_down_the_picture_is_right_again_and_the_Will_told_of_it()
    {
        await using var broker = new MosquittoBroker();
        await broker.StartAsync();
        await using var gateway = Gateway(broker);
        await gateway.StartAsync();
        await RaiseAsync(gateway, "crane-1", 1);
        await RaiseAsync(gateway, "crane-2", 1);
        var (one, two) = (await AlarmIdAsync(gateway, "crane-1"), await AlarmIdAsync(gateway, "crane-2"));
        await PictureAsync(broker, p => p.ContainsKey($"{Root}/alarm/{one}") && p.ContainsKey($"{Root}/alarm/{two}"));

        await gateway.KillAsync();
        await PictureAsync(broker, p => !p[$"{Root}/gateway"].GetProperty("online").GetBoolean());
        await broker.KillAsync();
        await gateway.StartAsync();
        await CloseAsync(gateway, "crane-1", one);
        await gateway.KillAsync();
        await broker.StartAsync();
        await gateway.StartAsync();

        var picture = await PictureAsync(broker, p => !p.ContainsKey($"{Root}/alarm/{one}") && p.ContainsKey($"{Root}/alarm/{two}") && p[$"{Root}/gateway"].GetProperty("online").GetBoolean());
        Assert.Contains($"{Root}/state", picture.Keys);
    }

    [Fact]
    public async Task A_broker_that_comes_back_empty_is_told_everything_again()
    {
        await using var broker = new MosquittoBroker(persistence: false);
        await broker.StartAsync();
        await using var gateway = Gateway(broker);
        await gateway.StartAsync();
        await RaiseAsync(gateway, "crane-1", 1);
        string id = await AlarmIdAsync(gateway, "crane-1");
        await PictureAsync(broker, p => p.ContainsKey($"{Root}/alarm/{id}") && p.ContainsKey($"{Root}/state"));

        await broker.KillAsync();
        await broker.StartAsync();

        await PictureAsync(broker, p => p.ContainsKey($"{Root}/alarm/{id}") && p.ContainsKey($"{Root}/state") && p.ContainsKey($"{Root}/gateway"));
    }

    private static GatewayUnderTest Gateway(MosquittoBroker broker)
    {
        var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1", expectedSeconds: 600), SiteFiles.Crane("crane-2", expectedSeconds: 600)));
        gateway.Configuration["LiveBus"] = new JsonObject { ["Enabled"] = true, ["Host"] = "127.0.0.1", ["Port"] = broker.Port };
        return gateway;
    }

    private static Task RaiseAsync(GatewayUnderTest gateway, string crane, int seq) => Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry(crane), Words.CraneJson(Words.NowMs, seq, moment: 110));

    private static async Task CloseAsync(GatewayUnderTest gateway, string crane, string id)
    {
        int seq = 2;
        await Eventually.GetAsync("the alarm has returned", Eventually.Seconds(20), async () =>
        {
            // The rule wants it calm for 3 s.
            await Mosquitto.PublishAsync(gateway.MqttPort, Words.Telemetry(crane), Words.CraneJson(Words.NowMs, seq++, moment: 50));
            return await gateway.Console.AlarmsAsync("crane-moment-alarm");
        }, all => all.Any(a => a.GetProperty("id").GetString() == id && a.GetProperty("state").GetString() == "returnedUnacked"));
        await AcknowledgeAsync(gateway, id);
        await Eventually.GetAsync("the alarm is closed", Eventually.Seconds(5), () => gateway.Console.AlarmsAsync("crane-moment-alarm"), all => all.All(a => a.GetProperty("id").GetString() != id || a.GetProperty("state").GetString() == "normal"));
    }

    /// <summary>As a guest with a one-time link.</summary>
    private static async Task AcknowledgeAsync(GatewayUnderTest gateway, string id)
    {
        string token = (await gateway.RunToEndAsync("user", "link", "--role", "crew")).Output.Split("#link=")[1].Trim();
        using var http = new HttpClient { BaseAddress = gateway.Page };
        http.DefaultRequestHeaders.Add("X-Gateway-Request", "1");
        using var session = await http.PostAsJsonAsync("api/v1/session/link", new { token });
        using var acknowledged = await http.PostAsJsonAsync($"api/v1/alarms/{id}/ack", new { note = "seen" });
        Assert.True(acknowledged.IsSuccessStatusCode, $"{session.StatusCode} {acknowledged.StatusCode}");
    }

    private static async Task<string> AlarmIdAsync(GatewayUnderTest gateway, string crane)
    {
        var all = await Eventually.GetAsync($"the alarm of {crane}", Eventually.Seconds(5), () => gateway.Console.AlarmsAsync("crane-moment-alarm"), a => a.Any(x => x.GetProperty("subject").GetProperty("id").GetString() == crane));
        return all.First(a => a.GetProperty("subject").GetProperty("id").GetString() == crane).GetProperty("id").GetString()!;
    }

    /// <summary>What somebody gets who subscribes now: retained messages only.</summary>
    private static Task<Dictionary<string, JsonElement>> PictureAsync(MosquittoBroker broker, Func<Dictionary<string, JsonElement>, bool> holds) =>
        Eventually.GetAsync("the retained picture", Eventually.Seconds(40), async () =>
        {
            await using var sub = ChildProcess.Start("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", $"{Root}/#", "--retained-only", "-W", "1", "-F", "%t %p"]);
            await sub.WaitForExitAsync(Eventually.Seconds(10));
            return sub.Output.Select(l => l.Split(' ', 2)).Where(l => l.Length == 2 && l[1].StartsWith('{')).ToDictionary(l => l[0], l => JsonDocument.Parse(l[1]).RootElement);
        }, p => p.ContainsKey($"{Root}/gateway") && holds(p), p => string.Join(", ", p.Keys));
}

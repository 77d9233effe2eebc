using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>Eclipse Tahu's Sparkplug edge node behind a program that obeys lines of JSON (Peers/README.md).</summary>
internal sealed class TahuNode : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process = ChildProcess.Start("node", [Repository.FileAt("tests", "Gateway.Service.Tests", "Peers", "mqttjs", "sparkplug.mjs")]);

    /// <summary>How often it has given birth.</summary>
    public int Births => Of("born").Count();

    /// <summary>How often a host asked for a rebirth.</summary>
    public int RebirthsAsked => Of("command").Count(c => c.GetProperty("rebirth").GetBoolean());

    /// <summary>Connects and gives birth to itself and to its devices.</summary>
    public async Task ConnectAsync(int port, string group, string name, params (string Device, JsonObject Metrics)[] devices)
    {
        var born = new JsonObject();
        foreach (var (device, metrics) in devices) born[device] = metrics;
        await TellAsync(new JsonObject { ["do"] = "connect", ["port"] = port, ["group"] = group, ["name"] = name, ["devices"] = born });
        await Eventually.TrueAsync($"{name} is born", Limit, () => Births == 1, () => _process.Said);
    }

    public Task DataAsync(string device, JsonObject metrics) => TellAsync(new JsonObject { ["do"] = "data", [nameof(device)] = device, [nameof(metrics)] = metrics });

    /// <summary>Skips one sequence number, as when a message is lost.</summary>
    public Task LoseOneAsync() => TellAsync(new JsonObject { ["do"] = "lose" });

    public Task DeathAsync(string device) => TellAsync(new JsonObject { ["do"] = "death", [nameof(device)] = device });

    public Task RebornAsync(int births) => Eventually.TrueAsync($"{births} births", Limit, () => Births >= births && RebirthsAsked >= births - 1, () => _process.Said);

    /// <summary>The program is gone without a word: the broker tells its death.</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private Task TellAsync(JsonObject what) => _process.TellAsync(what.ToJsonString());

    private IEnumerable<JsonElement> Of(string what) => _process.Output.Select(l => JsonDocument.Parse(l).RootElement).Where(t => t.GetProperty("is").GetString() == what);
}

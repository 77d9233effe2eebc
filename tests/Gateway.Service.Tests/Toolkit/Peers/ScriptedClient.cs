using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>Paho or MQTT.js behind a program that obeys lines of JSON (Peers/README.md).</summary>
internal sealed class ScriptedClient(string interpreter, string script, string version, int port) : RealClient(version, port)
{
    private readonly ChildProcess _process = ChildProcess.Start(interpreter, [script]);
    private readonly List<JsonElement> _told = [];
    private int _linesRead;
    private int _lastKey;

    public override IReadOnlyList<Heard> Messages => [.. Of("message").Select(m => new Heard(m.GetProperty("topic").GetString()!, m.GetProperty("payload").GetString()!,
        m.GetProperty("qos").GetInt32(), m.GetProperty("retain").GetBoolean(), m.GetProperty("expirySeconds") is { ValueKind: JsonValueKind.Number } s ? s.GetInt32() : null))];

    public override string Said => _process.Said;

    /// <summary>Keys of the messages it is done with.</summary>
    public IReadOnlyList<int> Acknowledged => [.. Of("acknowledged").Select(a => a.GetProperty("key").GetInt32())];

    /// <summary>Whether the gateway still had its session, for each of its connections.</summary>
    public IReadOnlyList<bool> SessionsPresent => [.. Of("connected").Select(c => c.GetProperty("present").GetBoolean())];

    public override async Task ConnectAsync(ClientWish wish, int qos = 0, params string[] filters)
    {
        await BeginAsync(wish);
        await WaitAsync("connected", 1);
        if (filters.Length == 0) return;
        await TellAsync("subscribe", new JsonObject { ["filters"] = new JsonArray([.. filters]), ["qos"] = qos });
        var codes = (await WaitAsync("subscribed", 1)).GetProperty("codes").EnumerateArray().Select(c => c.GetInt32());
        Assert.All(codes, code => Assert.Equal(qos, code));
    }

    public override async Task<int?> RefusedAsync(ClientWish wish)
    {
        await BeginAsync(wish);
        var end = await Eventually.GetAsync("a refusal", Limit, () => Of("refused").Concat(Of("closed")).FirstOrDefault(), seen => seen.ValueKind == JsonValueKind.Object, _ => Said);
        Assert.Empty(SessionsPresent);
        return end.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.Number ? reason.GetInt32() : null;
    }

    public override async Task PublishAsync(string topic, string payload, int qos, bool retain = false, int? expirySeconds = null)
    {
        int key = await SendAsync(topic, payload, qos, retain, expirySeconds);
        await Eventually.TrueAsync($"{payload} is acknowledged", Limit, () => Acknowledged.Contains(key), () => Said);
    }

    /// <summary>Hands a message to the client program and does not wait.</summary>
    /// <returns>Its key in <see cref="Acknowledged"/>.</returns>
    public async Task<int> SendAsync(string topic, string payload, int qos, bool retain = false, int? expirySeconds = null)
    {
        int key = ++_lastKey;
        await TellAsync("publish", new JsonObject { ["key"] = key, ["topic"] = topic, ["payload"] = payload, ["qos"] = qos, ["retain"] = retain, ["expirySeconds"] = expirySeconds });
        return key;
    }

    public override async Task DisconnectAsync()
    {
        int before = Of("closed").Count();
        await TellAsync("disconnect", []);
        await WaitAsync("closed", before + 1);
    }

    public override Task KillAsync() => _process.KillAsync();

    public override async Task<int> DismissedAsync() => (await WaitAsync("dismissed", 1)).GetProperty("reason").GetInt32();

    /// <summary>Waits until it has connected so many times.</summary>
    public Task ConnectedAsync(int times) => WaitAsync("connected", times);

    public override ValueTask DisposeAsync() => _process.DisposeAsync();

    private Task BeginAsync(ClientWish wish)
    {
        var will = wish.Will is { } w ? new JsonObject { ["topic"] = w.Topic, ["payload"] = w.Payload, ["delaySeconds"] = w.DelaySeconds } : null;
        var tls = wish.Tls is { } t ? new JsonObject { ["ca"] = t.CaFile, ["certificate"] = t.CertificateFile, ["key"] = t.KeyFile } : null;
        return TellAsync("connect", new JsonObject
        {
            ["id"] = wish.Id, ["port"] = Port, ["version"] = IsV5 ? 5 : 4, ["keepSeconds"] = wish.KeepSeconds, ["will"] = will, ["aliases"] = wish.Aliases,
            ["returns"] = wish.Returns, ["user"] = wish.Login?.User, ["password"] = wish.Login?.Password, ["tls"] = tls, ["webSocket"] = wish.WebSocket,
        });
    }

    private Task TellAsync(string verb, JsonObject what)
    {
        what["do"] = verb;
        return _process.TellAsync(what.ToJsonString());
    }

    private Task<JsonElement> WaitAsync(string what, int times) => Eventually.GetAsync($"{what} ({times}) from {script}", Limit, () => Of(what).Skip(times - 1).FirstOrDefault(),
        seen => seen.ValueKind == JsonValueKind.Object, _ => Said);

    private IEnumerable<JsonElement> Of(string what)
    {
        var lines = _process.Output;
        lock (_told)
        {
            for (; _linesRead < lines.Count; _linesRead++)
            {
                using var json = JsonDocument.Parse(lines[_linesRead]);
                _told.Add(json.RootElement.Clone());
            }
            return [.. _told.Where(t => t.GetProperty("is").GetString() == what)];
        }
    }
}

using System.Text.Json.Nodes;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>A broker of somebody else's in a folder of its own: started, killed, started again on the same data.</summary>
internal abstract class Broker : IAsyncDisposable
{
    public const string Id = "yard";

    private ChildProcess? _process;

    /// <summary>The port anybody may connect to.</summary>
    public int Port { get; } = FreePort.Next();

    protected ScratchFolder Folder { get; } = new();

    public string Said => _process?.Said ?? "";

    /// <summary>The gateway's entry for it.</summary>
    public JsonObject Entry(string version = "3.1.1", params (string Name, JsonNode Value)[] more)
    {
        var entry = new JsonObject { ["Id"] = Id, ["Host"] = "127.0.0.1", [nameof(Port)] = Port, ["Version"] = version };
        foreach (var (name, value) in more) entry[name] = value;
        return entry;
    }

    public async Task StartAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        var process = _process = Launch();
        await Eventually.GetAsync($"{GetType().Name} takes connections", TimeSpan.FromSeconds(20), async () =>
        {
            Assert.False(process.HasExited, $"{GetType().Name} ended at its start:\n{process.Said}");
            await using var probe = new MqttDevice("probe", Port);
            await probe.ConnectAsync();
            return true;
        }, up => up);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Folder.Dispose();
    }

    protected abstract ChildProcess Launch();
}

/// <summary>mosquitto that saves what it holds after each round of its loop.</summary>
/// <param name="secure">Further lines of the configuration, as a second listener.</param>
/// <param name="persistence">False: killed, it comes back empty.</param>
internal sealed class MosquittoBroker(string secure = "", bool persistence = true) : Broker
{
    protected override ChildProcess Launch()
    {
        // It would give up root, and with it the right to this folder.
        // No bound on what is on its way or waits: what a bound of the broker drops is not the gateway's loss.
        File.WriteAllText(Folder["mosquitto.conf"], $"""
            user root
            per_listener_settings true
            persistence {(persistence ? "true" : "false")}
            persistence_location {Folder.Path}/
            autosave_interval 1
            autosave_on_changes true
            max_inflight_messages 0
            max_queued_messages 0
            set_tcp_nodelay true
            listener {Port} 127.0.0.1
            allow_anonymous true
            {secure}
            """);
        return ChildProcess.Start("mosquitto", ["-c", Folder["mosquitto.conf"]]);
    }
}

/// <summary>nats-server that syncs each message before it acknowledges it.</summary>
internal sealed class NatsBroker : Broker
{
    private readonly int _natsPort = FreePort.Next();

    protected override ChildProcess Launch()
    {
        File.WriteAllText(Folder["nats.conf"], $$"""
            server_name: "e2e"
            listen: "127.0.0.1:{{_natsPort}}"
            jetstream { store_dir: "{{Folder["data"]}}" }
            mqtt { listen: "127.0.0.1:{{Port}}" }
            """);
        return ChildProcess.Start("nats-server", ["-c", Folder["nats.conf"]]);
    }
}

using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>The published gateway in a folder of its own: written down, started, killed, started again on the same data.</summary>
internal sealed partial class GatewayUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly ScratchFolder _folder = new();
    private ChildProcess? _process;

    public GatewayUnderTest(JsonObject ledger, params JsonObject[] targets)
    {
        (MqttPort, Hj212Port, ConsolePort) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        Ledger = ledger;
        Configuration = SiteFiles.Configuration(MqttPort, Hj212Port, ConsolePort, targets);
        Console = new ConsoleClient(ConsolePort);
    }

    public int MqttPort { get; }

    /// <summary>Makes it a client of a broker.</summary>
    public GatewayUnderTest With(JsonObject broker)
    {
        if (Configuration["Brokers"] is null) Configuration["Brokers"] = new JsonArray();
        Configuration["Brokers"]!.AsArray().Add(broker);
        return this;
    }

    public int Hj212Port { get; }

    public int ConsolePort { get; }

    /// <summary>What will be written as <c>ledger.json</c> at the next start.</summary>
    public JsonObject Ledger { get; }

    /// <summary>What will be written as <c>gateway.json</c> at the next start.</summary>
    public JsonObject Configuration { get; }

    public ConsoleClient Console { get; }

    public Uri Page => new($"http://127.0.0.1:{ConsolePort}/");

    /// <summary>A path in the folder of the configuration.</summary>
    public string this[string name] => _folder[name];

    public ChildProcess Process => _process ?? throw new InvalidOperationException("the gateway was not started");

    /// <summary>Runs a command of the program with this configuration, to its end.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunToEndAsync(params string[] command)
    {
        Write();
        await using var process = ChildProcess.Start(Repository.GatewayFile, [.. command, "--config", this["gateway.json"]]);
        int code = await process.WaitForExitAsync(StartLimit);
        return (code, string.Join('\n', process.Output), string.Join('\n', process.Errors));
    }

    /// <summary>Starts and waits until it is ready.</summary>
    public async Task StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = await LaunchAsync(environment);
        await Eventually.GetAsync("the gateway is ready", StartLimit, async () =>
        {
            Assert.False(process.HasExited, $"the gateway ended at its start:\n{process.Said}");
            return await Console.StatusAsync("/readyz");
        }, status => status == HttpStatusCode.OK, status => $"/readyz answers {status}");
    }

    /// <summary>Starts; whether it gets ready is another matter.</summary>
    public async Task<ChildProcess> LaunchAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        Write();
        if (_process is not null) await _process.DisposeAsync();
        return _process = ChildProcess.Start(Repository.GatewayFile, ["run", "--config", this["gateway.json"]], environment);
    }

    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> StopAsync()
    {
        Process.Terminate();
        return Process.WaitForExitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>The one-time link the first start prints.</summary>
    public async Task<Uri> SetUpLinkAsync()
    {
        var link = await Eventually.GetAsync("the set-up link is in the log", TimeSpan.FromSeconds(5),
            () => Process.Output.Select(l => Link().Match(l)).FirstOrDefault(m => m.Success), m => m is not null, _ => Process.Said);
        return new Uri(link!.Value);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Console.Dispose();
        _folder.Dispose();
    }

    private void Write()
    {
        File.WriteAllText(this["ledger.json"], Ledger.ToJsonString());
        File.WriteAllText(this["gateway.json"], Configuration.ToJsonString());
    }

    [GeneratedRegex(@"http://\S+#link=\S+")]
    private static partial Regex Link();
}

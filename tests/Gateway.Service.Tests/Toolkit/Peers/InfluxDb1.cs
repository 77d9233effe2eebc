using System.Net;
using System.Text.Json;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>An InfluxDB 1.x of its own with one empty database, <c>site</c>.</summary>
internal sealed class InfluxDb1 : IAsyncDisposable
{
    public const string Database = "site";

    private readonly ScratchFolder _folder = new();
    private readonly HttpClient _http;
    private readonly ChildProcess _process;

    private InfluxDb1()
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}/") };
        File.WriteAllText(_folder["influxdb.conf"], $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{FreePort.Next()}"
            [meta]
            dir = "{_folder["meta"]}"
            [data]
            dir = "{_folder["data"]}"
            wal-dir = "{_folder["wal"]}"
            [http]
            bind-address = "127.0.0.1:{Port}"
            [monitor]
            store-enabled = false
            """);
        _process = ChildProcess.Start("influxd", ["-config", _folder["influxdb.conf"]]);
    }

    public int Port { get; } = FreePort.Next();

    public static Task<InfluxDb1> StartAsync() => Peer.UpAsync(new InfluxDb1(), async store =>
    {
        await Eventually.GetAsync("InfluxDB is up", TimeSpan.FromSeconds(20), async () => (await store._http.GetAsync("ping")).StatusCode, status => status == HttpStatusCode.NoContent);
        using var created = await store._http.PostAsync($"query?q={Uri.EscapeDataString($"CREATE DATABASE {Database}")}", null);
        created.EnsureSuccessStatusCode();
    });

    /// <summary>Rows of the first series that answers; times in ms.</summary>
    public async Task<IReadOnlyList<JsonElement>> RowsAsync(string query)
    {
        string body = await _http.GetStringAsync($"query?db={Database}&epoch=ms&q={Uri.EscapeDataString(query)}");
        using var answer = JsonDocument.Parse(body);
        var result = answer.RootElement.GetProperty("results")[0];
        return result.TryGetProperty("series", out var series) ? [.. series[0].GetProperty("values").EnumerateArray().Select(v => v.Clone())] : [];
    }

    /// <summary>Runs a statement that changes something.</summary>
    public async Task DoAsync(string statement)
    {
        using var done = await _http.PostAsync($"query?db={Database}&q={Uri.EscapeDataString(statement)}", null);
        string said = await done.Content.ReadAsStringAsync();
        Assert.True(done.IsSuccessStatusCode && !said.Contains("\"error\"", StringComparison.Ordinal), $"{statement}: {said}");
    }

    /// <summary>Lines written past the gateway.</summary>
    public async Task WriteAsync(string lines)
    {
        using var written = await _http.PostAsync($"write?db={Database}", new StringContent(lines));
        written.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }
}

using System.Net;
using System.Text.Json;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>A VictoriaMetrics of its own, empty.</summary>
internal sealed class VictoriaMetrics : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly HttpClient _http;
    private ChildProcess _process;

    private VictoriaMetrics()
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}/") };
        _process = Launch();
    }

    public int Port { get; } = FreePort.Next();

    public static Task<VictoriaMetrics> StartAsync() => Peer.UpAsync(new VictoriaMetrics(), store =>
        Eventually.GetAsync("VictoriaMetrics is up", Eventually.Seconds(20), async () => (await store._http.GetAsync("health")).StatusCode, status => status == HttpStatusCode.OK));

    /// <summary>kill -9, and at once a new process on what was on its disk.</summary>
    public async Task KillAndStartAsync()
    {
        await _process.KillAsync();
        _process = Launch();
        await Eventually.GetAsync("VictoriaMetrics is up again", Eventually.Seconds(20), async () => (await _http.GetAsync("health")).StatusCode, status => status == HttpStatusCode.OK);
    }

    /// <summary>Somebody deletes series behind everybody's back.</summary>
    public async Task DeleteAsync(string selector)
    {
        await _http.GetAsync("internal/force_flush");
        using var gone = await _http.PostAsync($"api/v1/admin/tsdb/delete_series?match[]={Uri.EscapeDataString(selector)}", null);
        gone.EnsureSuccessStatusCode();
    }

    /// <summary>All points of a series as (ms, value).</summary>
    public async Task<IReadOnlyList<(long AtMs, double Value)>> PointsAsync(string selector)
    {
        await _http.GetAsync("internal/force_flush");
        string lines = await _http.GetStringAsync($"api/v1/export?match[]={Uri.EscapeDataString(selector)}&start=2020-01-01T00:00:00Z&end=2099-01-01T00:00:00Z");
        var points = new List<(long, double)>();
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var series = JsonDocument.Parse(line);
            var values = series.RootElement.GetProperty("values").EnumerateArray().Select(v => v.GetDouble());
            points.AddRange(series.RootElement.GetProperty("timestamps").EnumerateArray().Select(t => t.GetInt64()).Zip(values));
        }
        return points;
    }

    private ChildProcess Launch() => ChildProcess.Start("victoria-metrics",
        [$"-storageDataPath={_folder.Path}", $"-httpListenAddr=127.0.0.1:{Port}", "-retentionPeriod=10y", "-search.latencyOffset=0s", "-memory.allowedPercent=10"]);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }
}

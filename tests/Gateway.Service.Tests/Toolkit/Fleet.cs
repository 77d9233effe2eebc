using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Many devices that report at a steady pace, two messages in each millisecond they speak in; every message is known by (device, seq).</summary>
internal sealed class Fleet(int devices, int port, TimeSpan pace) : IAsyncDisposable
{
    private readonly MqttDevice[] _devices = [.. Enumerable.Range(1, devices).Select(n => new MqttDevice(NameOf(n), port))];

    private readonly ConcurrentDictionary<string, long> _next = new(Enumerable.Range(1, devices).ToDictionary(NameOf, _ => 1L));

    /// <summary>Everything acknowledged so far.</summary>
    public IEnumerable<(string Device, long Seq)> Acknowledged => _devices.SelectMany(d => d.Acknowledged.Select(seq => (d.Id, seq)));

    /// <summary>The same, and when each was acknowledged.</summary>
    public IEnumerable<((string Device, long Seq) Message, long AtMs)> AcknowledgedAt => _devices.SelectMany(d => d.AcknowledgedAt.Select(a => ((d.Id, a.Key), a.AtMs)));

    /// <summary>While set, devices do not keep their pace but send whenever their window has room: then there is always something on its way.</summary>
    public bool Hurry { get; set; }

    public long AcknowledgedCount => _devices.Sum(d => d.AcknowledgedCount);

    public long Redelivered => _devices.Sum(d => d.Redelivered);

    /// <summary>The same devices as the ledger must list them.</summary>
    public static JsonObject[] LedgerOf(int devices) => [.. Enumerable.Range(1, devices).Select(n => SiteFiles.Crane(NameOf(n), expectedSeconds: 60))];

    public async Task ConnectAsync()
    {
        foreach (var device in _devices) await device.ConnectAsync();
        foreach (var device in _devices) device.KeepConnected();
    }

    /// <summary>Reports until the time is over, then waits until everything is acknowledged.</summary>
    public async Task ReportAsync(TimeSpan time)
    {
        await Task.WhenAll(_devices.Select(d => Task.Run(() => ReportAsync(d, time))));
        foreach (var device in _devices) await device.AllAcknowledgedAsync(Eventually.Seconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices) await device.DisposeAsync();
    }

    private async Task ReportAsync(MqttDevice device, TimeSpan time)
    {
        using var timer = new PeriodicTimer(pace);
        var clock = Stopwatch.StartNew();
        long seq = _next[device.Id];
        while (clock.Elapsed < time && (Hurry || await timer.WaitForNextTickAsync()))
        {
            long ts = Words.NowMs;
            for (int i = 0; i < 2; i++, seq++) await device.PublishAsync(Words.Telemetry(device.Id), Words.CraneJson(ts, seq), key: seq);
        }
        _next[device.Id] = seq;
    }

    private static string NameOf(int number) => $"load-{number:00}";
}

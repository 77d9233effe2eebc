using System.Text.Json.Nodes;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Devices that do what they should while something bad goes on beside them: QoS 1, ten messages a second each, every acknowledgement timed.</summary>
internal sealed class HealthyDevices(int devices, int port) : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly MqttDevice[] _devices = [.. Enumerable.Range(1, devices).Select(n => new MqttDevice(NameOf(n), port))];
    private readonly CancellationTokenSource _stop = new();
    private Task _reporting = Task.CompletedTask;

    public int Count => devices;

    /// <summary>The longest a message waited for its PUBACK since <see cref="ForgetTimes"/>, those that still wait included.</summary>
    public TimeSpan SlowestAcknowledgement => _devices.Max(d => d.SlowestAcknowledgement);

    public long Acknowledged => _devices.Sum(d => d.AcknowledgedCount);

    /// <summary>The same devices as the ledger must list them. Three seconds of silence would be noticed.</summary>
    public static JsonObject[] LedgerOf(int devices) => [.. Enumerable.Range(1, devices).Select(n => SiteFiles.Crane(NameOf(n), expectedSeconds: 1, offlineAfterSeconds: 3))];

    public async Task StartAsync()
    {
        foreach (var device in _devices) await device.ConnectAsync();
        _reporting = Task.WhenAll(_devices.Select(d => Task.Run(() => ReportAsync(d))));
    }

    public void ForgetTimes()
    {
        foreach (var device in _devices) device.ForgetTimes();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var device in _devices) await device.DisposeAsync();
        await _reporting;
        _stop.Dispose();
    }

    private async Task ReportAsync(MqttDevice device)
    {
        using var timer = new PeriodicTimer(Pace);
        try
        {
            for (long seq = 1; await timer.WaitForNextTickAsync(_stop.Token); seq++) await device.PublishAsync(Words.Telemetry(device.Id), Words.CraneJson(Words.NowMs, seq), key: seq);
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static string NameOf(int number) => $"healthy-{number:00}";
}

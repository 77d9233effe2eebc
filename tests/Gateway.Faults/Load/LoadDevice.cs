using System.Diagnostics;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Load;

/// <summary>A crane that reports at a steady pace and keeps an exact record of what it said and what was acknowledged.</summary>
internal sealed class LoadDevice(string id, int port, TimeSpan pace) : IAsyncDisposable
{
    private readonly MqttDevice _mqtt = new(id, port);
    private readonly List<Sent> _sent = [];

    public string Id => id;

    /// <summary>When, from the beginning of the load, its one overload is reported; null: never.</summary>
    public TimeSpan? OverloadAt { get; init; }

    /// <summary>All it said, in order.</summary>
    public IReadOnlyList<Sent> Sent => _sent;

    public IReadOnlyList<long> Acknowledged => _mqtt.Acknowledged;

    /// <summary>Sequence numbers in the order they were sent once more, one entry for each time.</summary>
    public IReadOnlyList<long> SentAgain => _mqtt.SentAgain;

    /// <summary>Connects as soon as somebody listens, and stays.</summary>
    public void KeepConnected() => _mqtt.KeepConnected();

    /// <summary>Its connection is gone without a word; it comes back at once.</summary>
    public void Reset() => _mqtt.Reset();

    public async Task ReportAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(pace);
        var clock = Stopwatch.StartNew();
        var overloadAt = OverloadAt;
        long lastMs = 0;
        for (long seq = 1; clock.Elapsed < time; seq++)
        {
            bool overload = clock.Elapsed >= overloadAt;
            if (overload) overloadAt = null;
            lastMs = Math.Max(Words.NowMs, lastMs + 1);
            var message = new Sent(id, seq, lastMs, overload ? Load.Sent.Overload : Load.Sent.Calm(seq));
            _sent.Add(message);
            await _mqtt.PublishAsync(Words.Telemetry(id), Words.CraneJson(message.AtMs, seq, message.Moment), key: seq);
            await timer.WaitForNextTickAsync();
        }
    }

    public Task AllAcknowledgedAsync(TimeSpan limit) => _mqtt.AllAcknowledgedAsync(limit);

    public ValueTask DisposeAsync() => _mqtt.DisposeAsync();
}

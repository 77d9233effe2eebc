using FirmwareSim.Devices;

namespace FirmwareSim.Wire.Boxes;

/// <summary>One black box: measures on schedule whether it is connected or not, says what is due, hears what is for it.</summary>
/// <param name="heartbeat">How often it says that it is there while connected.</param>
internal abstract class BoxUnit(Device device, TimeSpan interval, TimeSpan heartbeat, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _now = new();
    private long _heartbeatAt;

    public Device Device => device;

    protected KeptFrames Kept { get; } = new(device.Traffic, time);

    /// <summary>True while what it measures can leave at once.</summary>
    protected bool IsConnected => device.Traffic.Connected;

    /// <summary>Measures until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (device.Effects.IsSpeaking) Measure();
            await Task.Delay(interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A connection stands.</summary>
    public void Open()
    {
        device.Traffic.Connected = true;
        lock (_gate) _now.Clear();
        Kept.Rewind();
        _heartbeatAt = time.GetTimestamp();
        Greet();
    }

    public void Close() => device.Traffic.Connected = false;

    /// <summary>What leaves now.</summary>
    public IReadOnlyList<byte[]> TakeDue()
    {
        if (!device.Effects.IsSpeaking) return [];
        if (time.GetElapsedTime(_heartbeatAt) >= heartbeat)
        {
            _heartbeatAt = time.GetTimestamp();
            Heartbeat();
        }
        var due = new List<byte[]>();
        lock (_gate)
            while (_now.TryDequeue(out byte[]? frame)) due.Add(frame);
        if (Kept.TakeDue() is { } kept) due.Add(kept);
        return due;
    }

    /// <summary>A frame of the other side.</summary>
    public abstract void Hear(byte[] frame);

    protected abstract void Measure();

    /// <summary>The first words on a connection.</summary>
    protected abstract void Greet();

    protected abstract void Heartbeat();

    protected void Say(byte[] frame)
    {
        lock (_gate) _now.Enqueue(frame);
    }
}

namespace FirmwareSim.Devices;

/// <summary>What went over a device's link. Written by the link, read by the control port.</summary>
internal sealed class Traffic
{
    private long _sent;
    private long _acknowledged;
    private long _dropped;
    private volatile bool _connected;

    public bool Connected { get => _connected; set => _connected = value; }

    /// <summary>Measurements that left for the first time, or Modbus replies; repetitions are not counted again.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Measurements the other side confirmed. Modbus has no such thing: 0.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Measurements given up: the store was full, or every repetition stayed unanswered, or the other side refused.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountAcknowledged() => Interlocked.Increment(ref _acknowledged);

    public void CountDropped() => Interlocked.Increment(ref _dropped);
}

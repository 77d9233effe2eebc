namespace Gateway.Links.MqttClient;

/// <summary>What one broker's link counted since the process began.</summary>
internal sealed class BrokerTally
{
    private long _connects;
    private long _received;
    private long _oversized;
    private long _sent;
    private long _notSent;

    /// <summary>Times it was connected.</summary>
    public long Connects => Interlocked.Read(ref _connects);

    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages larger than PacketBytesMax, acknowledged unread.</summary>
    public long Oversized => Interlocked.Read(ref _oversized);

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Messages we were to publish and the broker did not take: too large for it, or refused.</summary>
    public long NotSent => Interlocked.Read(ref _notSent);

    public void CountConnect() => Interlocked.Increment(ref _connects);

    public void CountReceived() => Interlocked.Increment(ref _received);

    public void CountOversized() => Interlocked.Increment(ref _oversized);

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountNotSent() => Interlocked.Increment(ref _notSent);
}

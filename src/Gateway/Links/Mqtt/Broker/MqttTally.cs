namespace Gateway.Links.Mqtt.Broker;

/// <summary>What the listener counts; every drop and refusal has its number here and on the metrics page.</summary>
public sealed class MqttTally
{
    private long _received;
    private long _sent;
    private long _queueFull;
    private long _expired;
    private long _tooLarge;
    private long _notRetained;
    private long _notAllowed;
    private long _accepted;
    private long _rejected;
    private long _throttled;
    private long _cutOff;

    /// <summary>PUBLISH packets taken in.</summary>
    public long PublishReceived => Interlocked.Read(ref _received);

    /// <summary>PUBLISH packets written to subscribers.</summary>
    public long PublishSent => Interlocked.Read(ref _sent);

    /// <summary>Messages not queued because the subscriber's queue was full.</summary>
    public long DroppedQueueFull => Interlocked.Read(ref _queueFull);

    /// <summary>Messages whose expiry came before their delivery.</summary>
    public long DroppedExpired => Interlocked.Read(ref _expired);

    /// <summary>Messages larger than the subscriber's maximum packet size.</summary>
    public long DroppedTooLarge => Interlocked.Read(ref _tooLarge);

    /// <summary>Retained messages delivered but not kept: no room.</summary>
    public long NotRetained => Interlocked.Read(ref _notRetained);

    /// <summary>Publications and subscriptions to topics the client has no right to.</summary>
    public long NotAllowed => Interlocked.Read(ref _notAllowed);

    /// <summary>CONNECTs accepted since the process began.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections turned away: too many, no CONNECT in time, against the protocol, not signed in.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Times a connection was not read for a while because it sent more than its rate.</summary>
    public long Throttled => Interlocked.Read(ref _throttled);

    /// <summary>Connections cut off because they did not read what was owed to them.</summary>
    public long CutOff => Interlocked.Read(ref _cutOff);

    internal void Received() => Interlocked.Increment(ref _received);

    internal void Sent() => Interlocked.Increment(ref _sent);

    internal void QueueFull() => Interlocked.Increment(ref _queueFull);

    internal void Expired() => Interlocked.Increment(ref _expired);

    internal void TooLarge() => Interlocked.Increment(ref _tooLarge);

    internal void RetainRefused() => Interlocked.Increment(ref _notRetained);

    internal void Denied() => Interlocked.Increment(ref _notAllowed);

    internal void ConnectAccepted() => Interlocked.Increment(ref _accepted);

    internal void ConnectRejected() => Interlocked.Increment(ref _rejected);

    internal void CutOffSlow() => Interlocked.Increment(ref _cutOff);

    internal void Slowed() => Interlocked.Increment(ref _throttled);
}

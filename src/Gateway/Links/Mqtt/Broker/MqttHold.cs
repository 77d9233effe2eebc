namespace Gateway.Links.Mqtt.Broker;

/// <summary>What all sessions hold together — queued messages, subscriptions, Wills that wait — in bytes of memory by estimate, under one limit: each has its own too, but there are many.</summary>
/// <remarks><b>Threading</b>: safe for all.</remarks>
internal sealed class MqttHold(long bytesMax)
{
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>False when there is no room.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax) return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>What was held before a start is held again, room or not.</summary>
    public void Take(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Give(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}

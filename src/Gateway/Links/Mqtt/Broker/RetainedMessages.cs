using System.Text;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>The last retained message of each topic [§3.3.1.3], bounded in number and bytes.</summary>
/// <remarks><b>Threading</b>: none of its own; the broker's lock guards it.</remarks>
internal sealed class RetainedMessages(int messagesMax, long bytesMax)
{
    private readonly Dictionary<string, MqttMessage> _byTopic = new(StringComparer.Ordinal);

    public int Count => _byTopic.Count;

    public long Bytes { get; private set; }

    /// <summary>Keeps the first message of its topic. False when there is no room for one more: it is delivered, but not kept.</summary>
    public bool TryAdd(MqttMessage message)
    {
        if (Bytes + message.Bytes > bytesMax || _byTopic.Count >= messagesMax) return false;
        _byTopic.Add(message.TopicText, message);
        Bytes += message.Bytes;
        return true;
    }

    /// <summary>True when there was one.</summary>
    public bool Forget(ReadOnlySpan<byte> topic)
    {
        if (!_byTopic.Remove(Encoding.UTF8.GetString(topic), out var old)) return false;
        Bytes -= old.Bytes;
        return true;
    }

    public IEnumerable<MqttMessage> Matching(string filter, long nowMs)
    {
        if (filter.AsSpan().IndexOfAny('#', '+') < 0) return _byTopic.TryGetValue(filter, out var one) && !one.IsExpired(nowMs) ? [one] : [];
        byte[] utf8 = Encoding.UTF8.GetBytes(filter);
        return _byTopic.Values.Where(m => !m.IsExpired(nowMs) && MqttTopic.Matches(utf8, m.Topic));
    }

    /// <summary>Takes out what has expired.</summary>
    public List<MqttMessage> TakeExpired(long nowMs)
    {
        var expired = _byTopic.Values.Where(m => m.IsExpired(nowMs)).ToList();
        foreach (var message in expired) Forget(message.Topic);
        return expired;
    }
}

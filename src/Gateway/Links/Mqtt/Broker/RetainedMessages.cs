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

    /// <summary>False when there is no room for one more: the message is delivered, but not kept.</summary>
    public bool Keep(MqttMessage message)
    {
        string topic = message.TopicText;
        _byTopic.TryGetValue(topic, out var old);
        long bytes = Bytes - (old?.Bytes ?? 0) + message.Bytes;
        if (bytes > bytesMax || (old is null && _byTopic.Count >= messagesMax)) return false;
        _byTopic[topic] = message;
        Bytes = bytes;
        return true;
    }

    /// <summary>True when there was one.</summary>
    public bool Forget(ReadOnlySpan<byte> topic)
    {
        if (!_byTopic.Remove(Encoding.UTF8.GetString(topic), out var old)) return false;
        Bytes -= old.Bytes;
        return true;
    }

    public List<MqttMessage> Matching(string filter, long nowMs)
    {
        var found = new List<MqttMessage>();
        if (filter.AsSpan().IndexOfAny('#', '+') < 0)
        {
            if (_byTopic.TryGetValue(filter, out var one) && !one.IsExpired(nowMs)) found.Add(one);
            return found;
        }
        byte[] utf8 = Encoding.UTF8.GetBytes(filter);
        foreach (var message in _byTopic.Values)
            if (!message.IsExpired(nowMs) && MqttTopic.Matches(utf8, message.Topic)) found.Add(message);
        return found;
    }

    /// <summary>Takes out what has expired.</summary>
    public List<MqttMessage> TakeExpired(long nowMs)
    {
        var expired = _byTopic.Values.Where(m => m.IsExpired(nowMs)).ToList();
        foreach (var message in expired) Forget(message.Topic);
        return expired;
    }
}

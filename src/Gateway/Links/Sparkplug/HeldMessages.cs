using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>A message that came before its turn.</summary>
/// <param name="Device">Device ID; empty when it is the node's own.</param>
/// <param name="SentMs">Time of the payload, ms of Unix time; 0 = not said.</param>
internal sealed record HeldMessage(byte Seq, ulong Hash, SparkplugMessageType Type, string Device, byte[] Payload, ulong SentMs, long ReceivedAtMs);

/// <summary>The early messages of one node, at most one for each sequence number. Looked at with every message, and nearly always empty.</summary>
internal sealed class HeldMessages
{
    private readonly List<HeldMessage> _messages = [];

    public int Count => _messages.Count;

    /// <summary>When the one that waits longest came; null when none waits.</summary>
    public long? OldestMs => _messages.Count == 0 ? null : _messages.Min(static m => m.ReceivedAtMs);

    public void Add(HeldMessage message) => _messages.Add(message);

    public void Remove(HeldMessage message) => _messages.Remove(message);

    public HeldMessage? Find(byte seq)
    {
        foreach (var message in _messages)
            if (message.Seq == seq) return message;
        return null;
    }

    /// <summary>The one whose turn comes first when <paramref name="next"/> is due.</summary>
    public HeldMessage? First(byte next) => FirstBefore(next, null);

    /// <summary>The same, of those the node sent before a time; null = of all. One that says no time cannot be told to be later, so it is before.</summary>
    public HeldMessage? FirstBefore(byte next, ulong? sentMs)
    {
        HeldMessage? first = null;
        foreach (var message in _messages)
            if ((sentMs is null || message.SentMs < sentMs) && (first is null || (byte)(message.Seq - next) < (byte)(first.Seq - next))) first = message;
        return first;
    }

    /// <summary>Whether a message cannot be of one session with those that wait: it was sent later than one that comes after it, or earlier than one before it.</summary>
    public bool Contradict(byte next, byte seq, ulong sentMs)
    {
        foreach (var message in _messages)
            if ((byte)(seq - next) < (byte)(message.Seq - next) ? SparkplugTimes.IsBefore(message.SentMs, sentMs) : SparkplugTimes.IsBefore(sentMs, message.SentMs)) return true;
        return false;
    }

    /// <summary>The one that is furthest from its turn.</summary>
    public HeldMessage? Last(byte next) => _messages.Count == 0 ? null : _messages.MaxBy(m => (byte)(m.Seq - next));
}

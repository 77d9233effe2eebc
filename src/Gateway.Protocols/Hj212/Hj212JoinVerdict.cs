namespace Gateway.Protocols.Hj212;

/// <summary>What became of a packet that was offered to a <see cref="Hj212PacketJoiner"/>.</summary>
public enum Hj212JoinVerdict
{
    /// <summary>Not one of several packets, or not to be joined: a message by itself.</summary>
    Alone,

    /// <summary>Kept; others are missing.</summary>
    Held,

    /// <summary>It was the last one missing: the message is complete.</summary>
    Whole,

    /// <summary>It belongs to another message than the one at hand; nothing was taken. End that one and offer it again.</summary>
    EndFirst,
}

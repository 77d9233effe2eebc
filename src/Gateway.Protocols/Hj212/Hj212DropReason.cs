namespace Gateway.Protocols.Hj212;

/// <summary>Why bytes that began like a frame did not become one; the caller counts by it.</summary>
public enum Hj212DropReason
{
    /// <summary>Nothing was dropped.</summary>
    None,

    /// <summary>The next header came before a tail: the sender or the line lost the end of this frame.</summary>
    Truncated,

    /// <summary>No tail within <see cref="Hj212Limits.FrameBytesMax"/> bytes.</summary>
    TooLong,
}

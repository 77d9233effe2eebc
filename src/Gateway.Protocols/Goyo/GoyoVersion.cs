namespace Gateway.Protocols.Goyo;

/// <summary>The dialects of the vendor's black boxes, told apart by the first bytes of each frame.</summary>
/// <remarks><b>source</b> FORMAT.md; frames <c>7E 7E 0E</c> exist, but nothing is known of them.</remarks>
public enum GoyoVersion : byte
{
    /// <summary><c>A5 5A 02 13 03 … EE FF</c>.</summary>
    V021303,

    /// <summary><c>7E 7E 01 … 7D 7D</c>.</summary>
    V01,

    /// <summary><c>7E 7E 11 … 7D 7D</c>.</summary>
    V11,
}

namespace Gateway.Protocols.Goyo;

/// <summary>What the checksum of a frame is worth.</summary>
public enum GoyoChecksumVerdict : byte
{
    Right,

    /// <summary>Version 01: the byte is 00, as the vendor's own server leaves it; nothing vouches for the content.</summary>
    LeftZero,

    /// <summary>Version 11: nobody has said how it is computed, so it is not looked at.</summary>
    RuleUnknown,
}

/// <summary>Whether the length field told the truth.</summary>
public enum GoyoLengthVerdict : byte
{
    Exact,

    /// <summary>The vendor's own test frames carry 0000 with a payload; tail and checksum found the end.</summary>
    Lies,

    /// <summary>Versions 01 and 11: the command gives the length, the field is not needed.</summary>
    NotUsed,
}

/// <summary>Why bytes that began like a frame did not become one; the caller counts by it.</summary>
public enum GoyoDropReason : byte
{
    /// <summary>Nothing was dropped.</summary>
    None,

    /// <summary>Another frame began and ended before this one did.</summary>
    Truncated,

    /// <summary>Everything is in its place but the checksum is another.</summary>
    ChecksumWrong,

    /// <summary>No tail where the length says, and none within the longest frame.</summary>
    NoTail,

    /// <summary>Version 0E: seen in the vendor's code, its layout is not known.</summary>
    UnknownVersion,
}

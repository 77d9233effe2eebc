namespace Gateway.Protocols.Tx101;

/// <summary>Sizes, in bytes.</summary>
public static class Tx101Limits
{
    /// <summary>Around what the length byte counts: two start bytes, the length, the checksum, the end byte.</summary>
    public const int EnvelopeBytes = 5;

    /// <summary>Control, address, version and function: what every frame counts at least.</summary>
    public const int HeadBytes = 8;

    /// <summary>What a split frame counts more: how many there are, and which this one is.</summary>
    public const int SplitBytes = 4;

    public const int FrameBytesMax = byte.MaxValue + EnvelopeBytes;

    /// <summary>Packets of one message; the device's own receiver holds as many.</summary>
    public const int PacketsMax = 16;

    /// <summary>Data of one message put together from packets.</summary>
    public const int JoinedBytesMax = PacketsMax * (byte.MaxValue - HeadBytes - SplitBytes);
}

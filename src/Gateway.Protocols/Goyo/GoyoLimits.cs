namespace Gateway.Protocols.Goyo;

/// <summary>Sizes, in bytes.</summary>
public static class GoyoLimits
{
    /// <summary>Longest payload of 02 13 03 that is waited for: eight hooks take 269; the vendor states no limit.</summary>
    public const int PayloadBytesMax = 1024;

    /// <summary>Head, command, length, checksum and tail around a payload of 02 13 03.</summary>
    public const int EnvelopeBytes = 12;

    /// <summary>Longest frame of any version that is waited for.</summary>
    public const int FrameBytesMax = PayloadBytesMax + EnvelopeBytes;

    /// <summary>Longest frame of versions 01 and 11 whose length the command does not fix; the longest known one has 86.</summary>
    public const int ShortFrameBytesMax = 512;

    /// <summary>Bytes of a station's id in 02 13 03 and 11.</summary>
    public const int StationBytes = 8;
}

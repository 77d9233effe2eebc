namespace Gateway.Protocols.Hj212;

/// <summary>The sizes of HJ 212, all in bytes; where the field goes beyond the standard both numbers are here.</summary>
/// <remarks>
/// <b>source</b> HJ 212-2017 tables 2 and 3; segments of 1025 and 1623 bytes were seen on real lines, hence the wider reading limit.
/// </remarks>
public static class Hj212Limits
{
    /// <summary>Longest data segment the standard allows and the writer produces.</summary>
    public const int DataBytesMax = 1024;

    /// <summary>Longest data area between the two <c>&amp;&amp;</c> of <c>CP</c>.</summary>
    public const int CpBytesMax = 950;

    /// <summary>Longest frame the scanner waits for, header and CRC included, line end excluded.</summary>
    public const int FrameBytesMax = 4096;

    /// <summary><c>##</c> and four digits.</summary>
    public const int HeaderBytes = 6;

    /// <summary>Four hex digits.</summary>
    public const int CrcBytes = 4;
}

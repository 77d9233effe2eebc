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

    /// <summary>How long an answer may take before the request is repeated, seconds (OverTime of a cellular line).</summary>
    public const int OverTimeSeconds = 10;

    /// <summary>How often a request or a report is repeated before it is given up (ReCount).</summary>
    public const int ReCount = 3;

    /// <summary>RtdInterval, seconds.</summary>
    public const int RtdIntervalMin = 30;

    /// <inheritdoc cref="RtdIntervalMin"/>
    public const int RtdIntervalMax = 3600;

    /// <summary>True for the values MinInterval may have, minutes: whole parts of an hour.</summary>
    public static bool IsMinInterval(int minutes) => minutes is 1 or 2 or 3 or 4 or 5 or 6 or 10 or 12 or 15 or 20 or 30;
}

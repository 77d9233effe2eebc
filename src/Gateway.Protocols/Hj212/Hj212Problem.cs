namespace Gateway.Protocols.Hj212;

/// <summary>What a data segment breaks, as a set; none of it stops the reading, and the caller decides which a device may break.</summary>
/// <remarks>A missing key is not here: see <see cref="Hj212Segment.Present"/>.</remarks>
[Flags]
public enum Hj212Problem
{
    None = 0,

    /// <summary><c>CN</c> is not a number of at most four digits.</summary>
    CnNotANumber = 1,

    /// <summary><c>Flag</c> is not a number from 0 to 255.</summary>
    FlagNotANumber = 1 << 1,

    /// <summary><c>PNUM</c> or <c>PNO</c> is not a number of at most four digits.</summary>
    PacketNotANumber = 1 << 2,

    /// <summary>A key came twice; the first one counts.</summary>
    KeyTwice = 1 << 3,

    /// <summary>A key this codec does not know, or text without <c>=</c>; passed over.</summary>
    ForeignKey = 1 << 4,

    /// <summary><c>Flag</c> stood inside <c>CP</c>.</summary>
    FlagInsideCp = 1 << 5,

    /// <summary>No closing <c>&amp;&amp;</c>.</summary>
    NotClosed = 1 << 6,

    /// <summary>Something stood between the <c>&amp;&amp;</c> that closes <c>CP</c> and the end; passed over.</summary>
    TextAfterCp = 1 << 7,
}

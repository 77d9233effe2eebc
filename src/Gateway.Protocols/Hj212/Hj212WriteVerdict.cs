namespace Gateway.Protocols.Hj212;

/// <summary>Whether a frame was written, and if not, which field forbids it; nothing is written then.</summary>
public enum Hj212WriteVerdict
{
    Written,

    /// <summary>Not 17 digits of a real time; in a reply: missing, or not writable.</summary>
    Qn,

    /// <summary>Not two letters or digits.</summary>
    St,

    /// <summary>Not 1000..9999.</summary>
    Cn,

    /// <summary>Empty, longer than 6, or with a character other than letters and digits; in a reply: not writable.</summary>
    Pw,

    /// <summary>Empty, longer than 24, or with a character other than letters and digits; in a reply: not writable.</summary>
    Mn,

    /// <summary>Missing, or not 0..255.</summary>
    Flag,

    /// <summary>PNUM and PNO missing although Flag says split, present although it does not, or not 1 ≤ PNO ≤ PNUM ≤ 9999.</summary>
    Packet,

    /// <summary>
    /// Longer than <see cref="Hj212Limits.CpBytesMax"/>, or with <c>&amp;&amp;</c>, <c>##</c> or a control character inside.
    /// </summary>
    Cp,

    /// <summary>The data segment would be longer than <see cref="Hj212Limits.DataBytesMax"/>.</summary>
    TooLong,
}

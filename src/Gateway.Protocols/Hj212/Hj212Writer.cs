using System.Buffers;

namespace Gateway.Protocols.Hj212;

/// <summary>Writes frames exactly as the standard describes them, or says which field forbids it and writes nothing.</summary>
/// <remarks>
/// <b>shape</b> keys in the standard's order, standard CRC in upper-case hex, CR LF. <b>errors</b> <see cref="Hj212WriteVerdict"/>.
/// <b>threading</b> stateless. <b>source</b> HJ 212-2017 tables 2 and 3.
/// </remarks>
public static class Hj212Writer
{
    /// <summary>
    /// Writes one frame from the fields of <paramref name="segment"/>; <see cref="Hj212Segment.Present"/> is not looked at.
    /// </summary>
    public static Hj212WriteVerdict Write(IBufferWriter<byte> output, in Hj212Segment segment)
    {
        if (Judge(segment) is var verdict and not Hj212WriteVerdict.Written)
            return verdict;

        var frame = new Hj212Composer(output);
        frame.Pair("QN="u8, segment.Qn);
        frame.Pair("ST="u8, segment.St);
        frame.Pair("CN="u8, (int)segment.Cn);
        frame.Pair("PW="u8, segment.Pw);
        frame.Pair("MN="u8, segment.Mn);
        frame.Pair("Flag="u8, segment.Flag!.Value);
        if (segment.IsSplit)
        {
            frame.Pair("PNUM="u8, segment.Pnum!.Value);
            frame.Pair("PNO="u8, segment.Pno!.Value);
        }
        frame.Text("CP=&&"u8);
        frame.Text(segment.Cp);
        frame.Text("&&"u8);
        return frame.Finish();
    }

    private static Hj212WriteVerdict Judge(in Hj212Segment segment)
    {
        if (segment.Qn.Length != 17 || Hj212Time.Parse(segment.Qn, out _) != Hj212TimeVerdict.Ok)
            return Hj212WriteVerdict.Qn;
        if (segment.St.Length != 2 || !IsWord(segment.St, 2))
            return Hj212WriteVerdict.St;
        if ((int)segment.Cn is < 1000 or > 9999)
            return Hj212WriteVerdict.Cn;
        if (!IsWord(segment.Pw, 6))
            return Hj212WriteVerdict.Pw;
        if (!IsWord(segment.Mn, 24))
            return Hj212WriteVerdict.Mn;
        if (segment.Flag is null or < 0 or > 255)
            return Hj212WriteVerdict.Flag;
        if (!PacketFits(segment))
            return Hj212WriteVerdict.Packet;
        return IsWritableCp(segment.Cp) ? Hj212WriteVerdict.Written : Hj212WriteVerdict.Cp;
    }

    private static bool PacketFits(in Hj212Segment segment) => segment.IsSplit
        ? segment.Pnum is >= 1 and <= 9999 && segment.Pno >= 1 && segment.Pno <= segment.Pnum
        : segment.Pnum is null && segment.Pno is null;

    private static bool IsWord(ReadOnlySpan<byte> text, int max)
    {
        foreach (var b in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)b))
                return false;
        }
        return !text.IsEmpty && text.Length <= max;
    }

    private static bool IsWritableCp(ReadOnlySpan<byte> cp) =>
        cp.Length <= Hj212Limits.CpBytesMax
        && cp.IndexOf("&&"u8) < 0 && !cp.StartsWith("&"u8) && !cp.EndsWith("&"u8)
        && cp.IndexOf("##"u8) < 0 && !cp.ContainsAnyInRange((byte)0, (byte)0x1F);
}

using System.Buffers.Text;
using System.Text;

namespace Gateway.Protocols.Hj212;

/// <summary>Walks <c>key=value;</c> pairs up to <c>CP</c>, keys in any case and any order.</summary>
internal static class Hj212SegmentParser
{
    internal static Hj212Segment Parse(ReadOnlySpan<byte> data)
    {
        var segment = new Hj212Segment();
        if (data.EndsWith("&&"u8))
            data = data[..^2];
        else
            segment.Problems |= Hj212Problem.NotClosed;

        while (!data.IsEmpty && !segment.Has(Hj212Keys.Cp))
        {
            var key = Trim(data[..IndexOrEnd(data, "=;"u8)]);
            if (Ascii.EqualsIgnoreCase(key, "CP"u8))
            {
                TakeCp(ref segment, data[IndexOrEnd(data, "=;"u8)..]);
                break;
            }
            var end = IndexOrEnd(data, ";"u8);
            TakePair(ref segment, key, data[..end]);
            data = data[Math.Min(end + 1, data.Length)..];
        }
        if (!segment.Has(Hj212Keys.Flag))
            FindFlagInsideCp(ref segment);
        return segment;
    }

    private static void TakePair(ref Hj212Segment segment, ReadOnlySpan<byte> key, ReadOnlySpan<byte> pair)
    {
        var equals = pair.IndexOf((byte)'=');
        if (equals < 0)
        {
            if (!Trim(pair).IsEmpty)
                segment.Problems |= Hj212Problem.ForeignKey;
            return;
        }
        var name = NameOf(key);
        if (name == Hj212Keys.None)
            segment.Problems |= Hj212Problem.ForeignKey;
        else if (segment.Has(name))
            segment.Problems |= Hj212Problem.KeyTwice;
        else
            Set(ref segment, name, Trim(pair[(equals + 1)..]));
    }

    private static void Set(ref Hj212Segment segment, Hj212Keys name, ReadOnlySpan<byte> value)
    {
        segment.Present |= name;
        switch (name)
        {
            case Hj212Keys.Qn: segment.Qn = value; break;
            case Hj212Keys.St: segment.St = value; break;
            case Hj212Keys.Pw: segment.Pw = value; break;
            case Hj212Keys.Mn: segment.Mn = value; break;
            case Hj212Keys.Cn: segment.Cn = (Hj212Command)(Number(ref segment, value, 9999, Hj212Problem.CnNotANumber) ?? 0); break;
            case Hj212Keys.Flag: segment.Flag = Number(ref segment, value, 255, Hj212Problem.FlagNotANumber); break;
            case Hj212Keys.Pnum: segment.Pnum = Number(ref segment, value, 9999, Hj212Problem.PacketNotANumber); break;
            case Hj212Keys.Pno: segment.Pno = Number(ref segment, value, 9999, Hj212Problem.PacketNotANumber); break;
        }
    }

    private static void TakeCp(ref Hj212Segment segment, ReadOnlySpan<byte> fromEquals)
    {
        segment.Present |= Hj212Keys.Cp;
        var content = fromEquals.IsEmpty ? fromEquals : fromEquals[1..];
        if (content.StartsWith("&&"u8))
            content = content[2..];
        var closing = content.IndexOf("&&"u8);
        if (closing >= 0)
        {
            segment.Problems |= Hj212Problem.TextAfterCp;
            content = content[..closing];
        }
        segment.Cp = content;
    }

    private static void FindFlagInsideCp(ref Hj212Segment segment)
    {
        foreach (var item in new Hj212ItemReader(segment.Cp))
        {
            if (item.Suffix != Hj212Suffix.None || !item.Is("Flag"u8))
                continue;
            segment.Problems |= Hj212Problem.FlagInsideCp;
            Set(ref segment, Hj212Keys.Flag, item.Value);
            return;
        }
    }

    private static int? Number(ref Hj212Segment segment, ReadOnlySpan<byte> text, int max, Hj212Problem otherwise)
    {
        if (Utf8Parser.TryParse(text, out ushort value, out var used) && used == text.Length && value <= max)
            return value;
        segment.Problems |= otherwise;
        return null;
    }

    private static Hj212Keys NameOf(ReadOnlySpan<byte> key) =>
        Ascii.EqualsIgnoreCase(key, "QN"u8) ? Hj212Keys.Qn
        : Ascii.EqualsIgnoreCase(key, "ST"u8) ? Hj212Keys.St
        : Ascii.EqualsIgnoreCase(key, "CN"u8) ? Hj212Keys.Cn
        : Ascii.EqualsIgnoreCase(key, "PW"u8) ? Hj212Keys.Pw
        : Ascii.EqualsIgnoreCase(key, "MN"u8) ? Hj212Keys.Mn
        : Ascii.EqualsIgnoreCase(key, "Flag"u8) ? Hj212Keys.Flag
        : Ascii.EqualsIgnoreCase(key, "PNUM"u8) ? Hj212Keys.Pnum
        : Ascii.EqualsIgnoreCase(key, "PNO"u8) ? Hj212Keys.Pno
        : Hj212Keys.None;

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim((byte)' ');

    private static int IndexOrEnd(ReadOnlySpan<byte> text, ReadOnlySpan<byte> any) =>
        text.IndexOfAny(any) is var at and >= 0 ? at : text.Length;
}

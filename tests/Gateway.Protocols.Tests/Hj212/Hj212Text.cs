using System.Globalization;
using System.Text;
using Gateway.Protocols.Hj212;

namespace Gateway.Protocols.Tests.Hj212;

/// <summary>Writes a decoded frame in the form of the <c>.expected</c> files.</summary>
internal static class Hj212Text
{
    public static string Of(in Hj212Frame frame)
    {
        var segment = Hj212Segment.Parse(frame.Contiguous(new byte[Hj212Limits.FrameBytesMax]));
        var text = new StringBuilder();
        Line(text, $"crc {frame.Crc}");
        Line(text, $"length {frame.Length} {frame.DeclaredLength} of {frame.Data.Length}");
        Key(text, "QN", segment, Hj212Keys.Qn, segment.Qn);
        Key(text, "ST", segment, Hj212Keys.St, segment.St);
        Line(text, $"CN {(int)segment.Cn}");
        Key(text, "PW", segment, Hj212Keys.Pw, segment.Pw);
        Key(text, "MN", segment, Hj212Keys.Mn, segment.Mn);
        var flag = segment.Flag?.ToString(CultureInfo.InvariantCulture) ?? "-";
        Line(text, $"Flag {flag}: edition {segment.Version}{(segment.WantsAck ? ", ack" : "")}{(segment.IsSplit ? ", split" : "")}");
        var packet = segment.Pno is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{segment.Pno} of {segment.Pnum}");
        Line(text, $"packet {packet}");
        var verdict = segment.ReadDataTime(out var time);
        var shown = verdict == Hj212TimeVerdict.Ok ? time.ToCivil().ToString("yyyy-MM-ddTHH:mm:ss.fff", null) : verdict.ToString();
        Line(text, $"time {shown}");
        foreach (var item in new Hj212ItemReader(segment.Cp))
            Line(text, $"{item.Group} {Ascii(item.Code)} {item.Suffix} {Ascii(item.Value)} {item.Flag}");
        return text.ToString();
    }

    public static string Ascii(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static void Key(StringBuilder text, string key, in Hj212Segment segment, Hj212Keys name, ReadOnlySpan<byte> value) =>
        Line(text, $"{key} {(!segment.Has(name) ? "-" : value.IsEmpty ? "(empty)" : Ascii(value))}");

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

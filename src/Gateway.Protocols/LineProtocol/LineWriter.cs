using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Gateway.Protocols.LineProtocol;

/// <summary>
/// Writes one line of InfluxDB line protocol at a time into a caller's buffer. <b>Shape</b>: <see cref="Begin"/>, tags, fields, <see cref="End"/>;
/// <b>errors</b>: values a store cannot hold (NaN, infinity, empty tag) are left out, a line without fields is taken back.
/// </summary>
public sealed class LineWriter(IBufferWriter<byte> output)
{
    private static readonly SearchValues<byte> NameSpecials = SearchValues.Create(",= \\\r\n"u8);
    private static readonly SearchValues<byte> TextSpecials = SearchValues.Create("\"\\\r\n"u8);

    private readonly ArrayBufferWriter<byte> _line = new(512);
    private bool _anyField;

    public void Begin(string measurement)
    {
        _line.ResetWrittenCount();
        _anyField = false;
        EscapeName(_line, measurement);
    }

    public void Tag(string name, string value)
    {
        if (value.Length == 0) return;
        _line.Write(","u8);
        EscapeName(_line, name);
        _line.Write("="u8);
        EscapeName(_line, value);
    }

    public void Field(string name, double value)
    {
        if (!double.IsFinite(value)) return;
        FieldName(name);
        Number(_line, value);
    }

    public void Field(string name, long value)
    {
        FieldName(name);
        Integer(_line, value);
    }

    /// <returns>False when the line had no field and was taken back.</returns>
    public bool End(long timeUs)
    {
        if (!_anyField) return false;
        Timestamp(_line, timeUs);
        output.Write(_line.WrittenSpan);
        return true;
    }

    /// <summary>A name or tag value with the characters that have a meaning escaped.</summary>
    public static void EscapeName(IBufferWriter<byte> to, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Escape(to, utf8, NameSpecials);
    }

    /// <summary>A text field's value, quotes included.</summary>
    public static void QuotedText(IBufferWriter<byte> to, ReadOnlySpan<byte> utf8)
    {
        to.Write("\""u8);
        Escape(to, utf8, TextSpecials);
        to.Write("\""u8);
    }

    public static void Number(IBufferWriter<byte> to, double value)
    {
        Utf8Formatter.TryFormat(value, to.GetSpan(32), out int written);
        to.Advance(written);
    }

    public static void Integer(IBufferWriter<byte> to, long value)
    {
        var span = to.GetSpan(24);
        Utf8Formatter.TryFormat(value, span, out int written);
        span[written] = (byte)'i';
        to.Advance(written + 1);
    }

    /// <summary>Space, nanoseconds, line end.</summary>
    public static void Timestamp(IBufferWriter<byte> to, long timeUs)
    {
        var span = to.GetSpan(32);
        to.Advance(Timestamp(span, timeUs));
    }

    /// <inheritdoc cref="Timestamp(IBufferWriter{byte}, long)"/>
    /// <returns>Bytes written, at most 26.</returns>
    public static int Timestamp(Span<byte> to, long timeUs)
    {
        to[0] = (byte)' ';
        Utf8Formatter.TryFormat(timeUs, to[1..], out int written);
        "000\n"u8.CopyTo(to[(1 + written)..]);
        return written + 5;
    }

    private static void Escape(IBufferWriter<byte> to, ReadOnlySpan<byte> utf8, SearchValues<byte> specials)
    {
        bool quoted = specials == TextSpecials;
        for (int special; (special = utf8.IndexOfAny(specials)) >= 0; utf8 = utf8[(special + 1)..])
        {
            to.Write(utf8[..special]);
            byte b = utf8[special];
            if (b is (byte)'\r' or (byte)'\n') to.Write(quoted ? " "u8 : "\\ "u8);
            // A backslash in a name escapes what follows and cannot itself be escaped: it is written as a slash.
            else if (b == '\\' && !quoted) to.Write("/"u8);
            else to.Write([(byte)'\\', b]);
        }
        to.Write(utf8);
    }

    private void FieldName(string name)
    {
        _line.Write(_anyField ? ","u8 : " "u8);
        EscapeName(_line, name);
        _line.Write("="u8);
        _anyField = true;
    }
}

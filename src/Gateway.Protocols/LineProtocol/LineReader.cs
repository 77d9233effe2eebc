using System.Buffers.Text;

namespace Gateway.Protocols.LineProtocol;

/// <summary>Reads lines that <see cref="LineWriter"/> wrote; used to judge again what was stored but not yet judged when the process died.</summary>
public static class LineReader
{
    /// <summary>Splits one line (without its line end).</summary>
    /// <param name="prefix">Measurement and tags with the closing space, escapes as written.</param>
    /// <param name="fields">Field part, escapes as written.</param>
    /// <param name="timeUs">Time in whole microseconds.</param>
    public static bool TrySplit(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> prefix, out ReadOnlySpan<byte> fields, out long timeUs)
    {
        prefix = fields = default;
        timeUs = 0;
        int head = IndexOfPlain(line, (byte)' ', quotes: false);
        if (head < 0) return false;
        prefix = line[..(head + 1)];
        var rest = line[(head + 1)..];
        int tail = IndexOfPlain(rest, (byte)' ', quotes: true);
        if (tail <= 0) return false;
        fields = rest[..tail];
        var time = rest[(tail + 1)..];
        if (!Utf8Parser.TryParse(time, out long ns, out int used) || used != time.Length) return false;
        timeUs = ns / 1000;
        return true;
    }

    /// <summary>Takes the next <c>name=value</c> off the field part.</summary>
    /// <returns>False at the end, or where it is no field.</returns>
    public static bool TryNext(ref ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (fields.IsEmpty) return false;
        int equals = IndexOfPlain(fields, (byte)'=', quotes: false);
        if (equals <= 0) return false;
        name = fields[..equals];
        fields = fields[(equals + 1)..];
        int comma = IndexOfPlain(fields, (byte)',', quotes: true);
        value = comma < 0 ? fields : fields[..comma];
        fields = comma < 0 ? default : fields[(comma + 1)..];
        return true;
    }

    /// <summary>A float or integer value.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> value, out double number)
    {
        if (value.Length > 0 && value[^1] == 'i') value = value[..^1];
        return DecimalText.TryParse(value, out number);
    }

    /// <summary>A text value without quotes and escapes.</summary>
    /// <returns>Bytes written, −1 when it is no text or does not fit.</returns>
    public static int Text(ReadOnlySpan<byte> value, Span<byte> to)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"' || value.Length > to.Length) return -1;
        int written = 0;
        for (int i = 1; i < value.Length - 1; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length - 1) i++;
            to[written++] = value[i];
        }
        return written;
    }

    private static int IndexOfPlain(ReadOnlySpan<byte> text, byte wanted, bool quotes)
    {
        bool inside = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == '\\') i++;
            else if (quotes && b == '"') inside = !inside;
            else if (b == wanted && !inside) return i;
        }
        return -1;
    }
}

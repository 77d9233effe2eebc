using System.Buffers;
using System.Buffers.Text;
using Gateway.Decoding;

namespace Gateway.Uplink.Checking;

/// <summary>One line of line protocol, walked through once: where its parts are, and whether a store would take it as it is meant. No allocation.</summary>
internal ref struct LineScan
{
    private static readonly SearchValues<byte> PrefixMarks = SearchValues.Create(", \\"u8);
    private static readonly SearchValues<byte> NameMarks = SearchValues.Create("=\\"u8);
    private static readonly SearchValues<byte> TextMarks = SearchValues.Create("\"\\"u8);

    private readonly ReadOnlySpan<byte> _line;
    private int _at;

    /// <param name="line">Without its line end.</param>
    public LineScan(ReadOnlySpan<byte> line)
    {
        _line = line;
        Fault = !TryPrefix() ? LineFault.Malformed : Fields();
    }

    public LineFault Fault { get; }

    public int MeasurementEnd { get; private set; }

    /// <summary>Behind the space after the tags.</summary>
    public int FieldsStart { get; private set; }

    /// <summary>At the space before the time.</summary>
    public int FieldsEnd { get; private set; }

    public int Tags { get; private set; }

    public int Numbers { get; private set; }

    public int Texts { get; private set; }

    /// <summary>Of measurement and names of the numeric fields, in their order.</summary>
    public ulong Shape { get; private set; }

    public long TimeNs { get; private set; }

    /// <summary>Of measurement and tags.</summary>
    public readonly ulong Series => DecodedMessage.Hash(_line[..FieldsStart]);

    /// <summary>Takes the next <c>name=value</c> off a field part that was scanned before.</summary>
    public static bool TryField(ref ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        if (fields.IsEmpty) return false;
        int equals = End(fields, 0, NameMarks, (byte)'=');
        name = fields[..equals];
        int end = fields[equals + 1] == '"' ? End(fields, equals + 2, TextMarks, (byte)'"') + 1 : equals + 1 + Plain(fields[(equals + 1)..]);
        value = fields[(equals + 1)..end];
        fields = end < fields.Length ? fields[(end + 1)..] : default;
        return true;
    }

    private bool TryPrefix()
    {
        int end = 0;
        while (true)
        {
            int mark = _line[end..].IndexOfAny(PrefixMarks);
            if (mark < 0) return false;
            end += mark;
            if (_line[end] == '\\')
            {
                end += 2;
                if (end > _line.Length) return false;
                continue;
            }
            if (end == 0) return false;
            if (MeasurementEnd == 0) MeasurementEnd = end;
            if (_line[end] == ' ') break;
            Tags++;
            end++;
        }
        FieldsStart = _at = end + 1;
        Shape = DecodedMessage.Hash(_line[..MeasurementEnd]);
        return true;
    }

    private LineFault Fields()
    {
        while (true)
        {
            int equals = End(_line, _at, NameMarks, (byte)'=');
            if (equals <= _at || equals + 1 >= _line.Length) return LineFault.Malformed;
            var name = _line[_at..equals];
            _at = equals + 1;
            if (_line[_at] == '"')
            {
                _at = End(_line, _at + 1, TextMarks, (byte)'"') + 1;
                if (_at == 0) return LineFault.Malformed;
                Texts++;
            }
            else
            {
                int length = Plain(_line[_at..]);
                if (!Numeric.IsFinite(_line.Slice(_at, length))) return LineFault.NotANumber;
                _at += length;
                Numbers++;
                Shape = (Shape ^ DecodedMessage.Hash(name)) * 0x9E3779B97F4A7C15;
            }
            if (_at >= _line.Length) return LineFault.Malformed;
            if (_line[_at] == ' ') return Time();
            if (_line[_at++] != ',') return LineFault.Malformed;
        }
    }

    private LineFault Time()
    {
        FieldsEnd = _at;
        var time = _line[(_at + 1)..];
        if (!Utf8Parser.TryParse(time, out long ns, out int used) || used != time.Length) return LineFault.Malformed;
        TimeNs = ns;
        return LineFault.None;
    }

    /// <summary>Where a value without quotes ends.</summary>
    private static int Plain(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny((byte)',', (byte)' ');
        return end < 0 ? text.Length : end;
    }

    /// <returns>Where the mark stands that nothing escapes, −1 = nowhere.</returns>
    private static int End(ReadOnlySpan<byte> text, int from, SearchValues<byte> marks, byte wanted)
    {
        while (from < text.Length)
        {
            int mark = text[from..].IndexOfAny(marks);
            if (mark < 0) return -1;
            from += mark;
            if (text[from] == wanted) return from;
            from += 2;
        }
        return -1;
    }
}

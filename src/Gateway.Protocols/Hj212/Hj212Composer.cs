using System.Buffers;
using System.Buffers.Text;

namespace Gateway.Protocols.Hj212;

/// <summary>Fills one frame in the writer's own memory, then sets length, CRC and line end around it.</summary>
internal ref struct Hj212Composer(IBufferWriter<byte> output)
{
    private const int FrameBytes = Hj212Limits.HeaderBytes + Hj212Limits.DataBytesMax + Hj212Limits.CrcBytes + 2;

    private readonly Span<byte> _frame = output.GetSpan(FrameBytes);
    private int _end = Hj212Limits.HeaderBytes;
    private bool _overflowed;

    internal void Pair(scoped ReadOnlySpan<byte> keyAndEquals, scoped ReadOnlySpan<byte> value)
    {
        Text(keyAndEquals);
        Text(value);
        Text(";"u8);
    }

    internal void Pair(scoped ReadOnlySpan<byte> keyAndEquals, int value)
    {
        Text(keyAndEquals);
        Number(value);
        Text(";"u8);
    }

    internal void Text(scoped ReadOnlySpan<byte> text)
    {
        _overflowed |= text.Length > Hj212Limits.HeaderBytes + Hj212Limits.DataBytesMax - _end;
        if (_overflowed)
            return;
        text.CopyTo(_frame[_end..]);
        _end += text.Length;
    }

    internal void Number(int value)
    {
        Span<byte> digits = stackalloc byte[11];
        _ = Utf8Formatter.TryFormat(value, digits, out var written);
        Text(digits[..written]);
    }

    internal readonly Hj212WriteVerdict Finish()
    {
        if (_overflowed)
            return Hj212WriteVerdict.TooLong;
        var length = _end - Hj212Limits.HeaderBytes;
        var crc = Hj212Crc.Standard(_frame[Hj212Limits.HeaderBytes.._end]);
        "##"u8.CopyTo(_frame);
        _ = Utf8Formatter.TryFormat(length, _frame[2..], out _, new StandardFormat('D', 4));
        _ = Utf8Formatter.TryFormat(crc, _frame[_end..], out _, new StandardFormat('X', 4));
        "\r\n"u8.CopyTo(_frame[(_end + Hj212Limits.CrcBytes)..]);
        output.Advance(_end + Hj212Limits.CrcBytes + 2);
        return Hj212WriteVerdict.Written;
    }
}

using System.Buffers;

namespace Gateway.Protocols.Hj212;

/// <summary>One frame as it stands in the caller's buffer, with the verdicts on its checksum and its length field.</summary>
/// <remarks>
/// <b>shape</b> the slices belong to the caller's buffer and live until the caller advances past them; nothing is copied.
/// </remarks>
public readonly struct Hj212Frame
{
    /// <summary>From <c>##</c> to the last CRC digit; the line end is not part of it.</summary>
    public required ReadOnlySequence<byte> Whole { get; init; }

    /// <summary>The data segment: between the length field and the CRC, closing <c>&amp;&amp;</c> included.</summary>
    public required ReadOnlySequence<byte> Data { get; init; }

    /// <summary>What the length field says, 0..9999.</summary>
    public required int DeclaredLength { get; init; }

    public required Hj212LengthVerdict Length { get; init; }

    public required Hj212CrcVerdict Crc { get; init; }

    /// <summary>
    /// True when the data segment is longer than the standard's <see cref="Hj212Limits.DataBytesMax"/>; it is readable all the same.
    /// </summary>
    public bool IsOverStandardLimit => Data.Length > Hj212Limits.DataBytesMax;

    /// <summary>
    /// The data segment as one span: the buffer's own memory when it lies in one piece, otherwise a copy in <paramref name="scratch"/>.
    /// </summary>
    /// <param name="scratch">At least <see cref="Hj212Limits.FrameBytesMax"/> bytes, used only when the segment is scattered.</param>
    public ReadOnlySpan<byte> Contiguous(Span<byte> scratch)
    {
        if (Data.IsSingleSegment)
            return Data.FirstSpan;
        Data.CopyTo(scratch);
        return scratch[..(int)Data.Length];
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;

namespace Gateway.Protocols.Hj212;

/// <summary>Cuts a byte stream into frames; the same bytes give the same frames however they were split on the way.</summary>
/// <remarks>
/// <b>errors</b> foreign bytes, broken frames, wrong checksums and wrong lengths are all answers, see <see cref="Hj212Scan"/>; nothing
/// throws. <b>threading</b> stateless. <b>shape</b> reads without allocating; a window is copied to the stack only when the buffer is
/// scattered. <b>source</b> HJ 212-2017 table 2; tolerance rules in FORMAT.md.
/// </remarks>
public static class Hj212Scanner
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <summary>Reads the first frame of <paramref name="input"/>, skipping what is foreign in front of it.</summary>
    [SkipLocalsInit]
    public static Hj212Scan Read(in ReadOnlySequence<byte> input)
    {
        Span<byte> scratch = input.IsSingleSegment ? [] : stackalloc byte[Hj212Limits.FrameBytesMax];
        var rest = input;
        var skipped = 0L;
        var window = Window(rest, scratch);
        while (Hj212Boundary.FindHeader(window) is var foreign and > 0)
        {
            skipped += CountWithoutLineEnds(window[..foreign]);
            rest = rest.Slice(foreign);
            window = Window(rest, scratch);
        }
        if (window.Length < Hj212Limits.HeaderBytes)
            return Wait(input, rest, skipped);

        return Hj212Boundary.FindEnd(window, out var end) switch
        {
            Hj212Boundary.End.Frame => Take(input, rest, window, end, skipped),
            Hj212Boundary.End.NextHeader => Drop(input, rest, end, skipped, Hj212DropReason.Truncated),
            _ when window.Length == Hj212Limits.FrameBytesMax =>
                Drop(input, rest, 1 + Hj212Boundary.FindHeader(window[1..]), skipped, Hj212DropReason.TooLong),
            _ => Wait(input, rest, skipped),
        };
    }

    private static ReadOnlySpan<byte> Window(in ReadOnlySequence<byte> rest, Span<byte> scratch)
    {
        var length = (int)Math.Min(rest.Length, Hj212Limits.FrameBytesMax);
        if (rest.FirstSpan.Length >= length)
            return rest.FirstSpan[..length];
        rest.Slice(0, length).CopyTo(scratch);
        return scratch[..length];
    }

    private static Hj212Scan Take(
        in ReadOnlySequence<byte> input, in ReadOnlySequence<byte> rest, ReadOnlySpan<byte> window, int dataEnd, long skipped)
    {
        var data = window[Hj212Limits.HeaderBytes..dataEnd];
        var declared = Hj212Boundary.DeclaredLength(window);
        _ = Hj212Crc.TryReadField(window.Slice(dataEnd, Hj212Limits.CrcBytes), out var sent);
        var end = rest.GetPosition(dataEnd + Hj212Limits.CrcBytes);
        return new Hj212Scan
        {
            Status = OperationStatus.Done,
            Frame = new Hj212Frame
            {
                Whole = rest.Slice(0, end),
                Data = rest.Slice(Hj212Limits.HeaderBytes, data.Length),
                DeclaredLength = declared,
                Length = declared == data.Length ? Hj212LengthVerdict.Exact
                    : declared < data.Length ? Hj212LengthVerdict.DeclaredTooShort : Hj212LengthVerdict.DeclaredTooLong,
                Crc = Hj212Crc.Judge(data, sent),
            },
            SkippedBytes = skipped,
            Refuse = input.Slice(0, rest.Start),
            Consumed = end,
            Examined = end,
        };
    }

    private static Hj212Scan Drop(
        in ReadOnlySequence<byte> input, in ReadOnlySequence<byte> rest, int dropped, long skipped, Hj212DropReason reason)
    {
        var end = rest.GetPosition(dropped);
        return new Hj212Scan
        {
            Status = OperationStatus.InvalidData,
            Drop = reason,
            SkippedBytes = skipped,
            DroppedBytes = dropped,
            Refuse = input.Slice(0, end),
            Consumed = end,
            Examined = end,
        };
    }

    private static Hj212Scan Wait(in ReadOnlySequence<byte> input, in ReadOnlySequence<byte> rest, long skipped) => new()
    {
        Status = OperationStatus.NeedMoreData,
        SkippedBytes = skipped,
        Refuse = input.Slice(0, rest.Start),
        Consumed = rest.Start,
        Examined = input.End,
    };

    // The line end belongs to the frame before it, which was handed over without waiting for it.
    private static int CountWithoutLineEnds(ReadOnlySpan<byte> foreign)
    {
        var count = foreign.Length;
        for (int at; (at = foreign.IndexOfAny(LineEnds)) >= 0; foreign = foreign[(at + 1)..])
            count--;
        return count;
    }
}

using System.Buffers;
using Gateway.Protocols.Framing;

namespace Gateway.Protocols.Goyo;

/// <summary>Cuts a stream of bytes into frames of any version; the same bytes give the same frames however they were split on the way.</summary>
/// <remarks>
/// <b>errors</b> foreign bytes, torn frames, wrong checksums and lying lengths are all answers, see <see cref="GoyoScan"/>; nothing throws. <b>threading</b> stateless, allocates
/// nothing. <b>source</b> FORMAT.md, "Where a frame ends".
/// </remarks>
public static class GoyoScanner
{
    /// <summary>Reads the first frame of <paramref name="window"/>.</summary>
    /// <param name="window">What came and is not consumed; room for <see cref="GoyoLimits.FrameBytesMax"/> bytes is always enough.</param>
    public static GoyoScan Read(ReadOnlySpan<byte> window)
    {
        var found = FrameSearch.Next<GoyoRule>(window);
        int consumed = found.Skipped + found.Length;
        return found.Kind switch
        {
            FrameFindKind.Frame => new GoyoScan { Status = OperationStatus.Done, Frame = FrameOf(window[found.Skipped..consumed]), Skipped = found.Skipped, Consumed = consumed },
            FrameFindKind.Dropped => new GoyoScan
            {
                Status = OperationStatus.InvalidData,
                Drop = found.CutShort ? GoyoDropReason.Truncated : (GoyoDropReason)found.Reason,
                Skipped = found.Skipped,
                Dropped = found.Length,
                Consumed = consumed,
            },
            _ => new GoyoScan { Status = OperationStatus.NeedMoreData, Skipped = found.Skipped, Consumed = consumed },
        };
    }

    private static GoyoFrame FrameOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == GoyoRule.LongHead[0])
        {
            bool exact = GoyoRule.DeclaredLength(bytes) == bytes.Length - GoyoLimits.EnvelopeBytes;
            return new GoyoFrame { Bytes = bytes, Version = GoyoVersion.V021303, Checksum = GoyoChecksumVerdict.Right, Length = exact ? GoyoLengthVerdict.Exact : GoyoLengthVerdict.Lies };
        }
        bool is01 = bytes[2] == GoyoRule.Short01;
        var checksum = !is01 ? GoyoChecksumVerdict.RuleUnknown : bytes[^3] == GoyoChecksum.Negated(bytes[4..^3]) ? GoyoChecksumVerdict.Right : GoyoChecksumVerdict.LeftZero;
        return new GoyoFrame { Bytes = bytes, Version = is01 ? GoyoVersion.V01 : GoyoVersion.V11, Checksum = checksum, Length = GoyoLengthVerdict.NotUsed };
    }
}

using System.Buffers;
using Gateway.Protocols.Framing;

namespace Gateway.Protocols.Tx101;

/// <summary>Cuts a stream of bytes into frames; the same bytes give the same frames however they were split on the way.</summary>
/// <remarks>
/// <b>errors</b> foreign bytes, torn frames and wrong checksums are all answers, see <see cref="Tx101Scan"/>; nothing throws. <b>threading</b> stateless, allocates
/// nothing. <b>source</b> FORMAT.md.
/// </remarks>
public static class Tx101Scanner
{
    internal const byte StartByte = 0x68;
    internal const byte EndByte = 0x16;
    private const byte SplitBit = 0x40;

    /// <summary>Reads the first frame of <paramref name="window"/>.</summary>
    /// <param name="window">What came and is not consumed; room for <see cref="Tx101Limits.FrameBytesMax"/> bytes is always enough.</param>
    public static Tx101Scan Read(ReadOnlySpan<byte> window)
    {
        var found = FrameSearch.Next<Rule>(window);
        int consumed = found.Skipped + found.Length;
        return found.Kind switch
        {
            FrameFindKind.Frame => new Tx101Scan { Status = OperationStatus.Done, Frame = new Tx101Frame(window[found.Skipped..consumed]), Skipped = found.Skipped, Consumed = consumed },
            FrameFindKind.Dropped => new Tx101Scan
            {
                Status = OperationStatus.InvalidData,
                Drop = found.CutShort ? Tx101DropReason.Truncated : (Tx101DropReason)found.Reason,
                Skipped = found.Skipped,
                Dropped = found.Length,
                Consumed = consumed,
            },
            _ => new Tx101Scan { Status = OperationStatus.NeedMoreData, Skipped = found.Skipped, Consumed = consumed },
        };
    }

    private readonly struct Rule : IFrameRule
    {
        public static int FindHead(ReadOnlySpan<byte> window, int from)
        {
            for (int at = from; at < window.Length; at++)
            {
                int next = window[at..].IndexOf(StartByte);
                if (next < 0) break;
                at += next;
                if (CouldBeHead(window[at..])) return at;
            }
            return window.Length;
        }

        public static FrameEnd Judge(ReadOnlySpan<byte> from)
        {
            if (from.Length < 2 || from.Length < from[1] + Tx101Limits.EnvelopeBytes) return FrameEnd.Open;
            int length = from[1] + Tx101Limits.EnvelopeBytes;
            if (from[length - 1] != EndByte) return new FrameEnd(FrameEndKind.Broken, length, (byte)Tx101DropReason.NoEnd);
            bool right = Tx101Crc.Of(from[3..(length - 2)]) == from[length - 2];
            return right ? new FrameEnd(FrameEndKind.Whole, length) : new FrameEnd(FrameEndKind.Broken, length, (byte)Tx101DropReason.ChecksumWrong);
        }

        private static bool CouldBeHead(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length >= 2 && bytes[1] < Tx101Limits.HeadBytes || bytes.Length >= 3 && bytes[2] != StartByte) return false;
            return bytes.Length < 4 || (bytes[3] & SplitBit) == 0 || bytes[1] >= Tx101Limits.HeadBytes + Tx101Limits.SplitBytes;
        }
    }
}

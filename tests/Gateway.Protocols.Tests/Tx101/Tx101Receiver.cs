using System.Buffers;
using Gateway.Protocols.Tests.Framing;
using Gateway.Protocols.Tx101;

namespace Gateway.Protocols.Tests.Tx101;

/// <summary>The scanner behind a receiver.</summary>
internal static class Tx101Receiver
{
    public static FrameReceiver Make(bool noting = true) => new(Scan) { Noting = noting };

    public static FrameReceiver After(params byte[][] chunks) => Make().Take(chunks);

    private static Scanned Scan(ReadOnlySpan<byte> bytes, bool noting, out string? words)
    {
        var scan = Tx101Scanner.Read(bytes);
        bool done = scan.Status == OperationStatus.Done;
        words = !noting || scan.Status == OperationStatus.NeedMoreData ? null : done ? Tx101Text.Of(scan.Frame) : $"{scan.Drop} {scan.Dropped}";
        return new Scanned(scan.Status, scan.Consumed, scan.Skipped, scan.Dropped, done ? scan.Frame.Bytes.Length : 0);
    }
}

using System.Buffers;
using Gateway.Protocols.Hj212;

namespace Gateway.Protocols.Tests.Hj212;

/// <summary>Feeds a scanner chunk by chunk as a socket would, keeps what it asks to keep, and writes down every answer.</summary>
internal sealed class Hj212Receiver
{
    private byte[] _kept = [];

    public List<string> Events { get; } = [];
    public long Skipped { get; private set; }
    public long Dropped { get; private set; }
    public long FrameBytes { get; private set; }
    public int Kept => _kept.Length;

    public static Hj212Receiver After(params byte[][] chunks)
    {
        var receiver = new Hj212Receiver();
        foreach (var chunk in chunks)
            receiver.Feed(chunk);
        return receiver;
    }

    public void Feed(byte[] chunk) => Feed(_kept.Length == 0 || chunk.Length == 0
        ? new ReadOnlySequence<byte>([.. _kept, .. chunk])
        : Scattered.At([.. _kept, .. chunk], _kept.Length));

    public void Feed(ReadOnlySequence<byte> input)
    {
        while (true)
        {
            var scan = Hj212Scanner.Read(input);
            Skipped += scan.SkippedBytes;
            Dropped += scan.DroppedBytes;
            input = input.Slice(scan.Consumed);
            if (scan.Status == OperationStatus.NeedMoreData)
                break;
            Note(scan);
        }
        _kept = input.ToArray();
    }

    private void Note(in Hj212Scan scan)
    {
        if (scan.Status == OperationStatus.InvalidData)
        {
            Events.Add($"{scan.Drop} {scan.DroppedBytes}");
            return;
        }
        FrameBytes += scan.Frame.Whole.Length;
        Events.Add($"{scan.Frame.Crc} {scan.Frame.Length} {Hj212Text.Ascii(scan.Frame.Data.ToArray())}");
    }
}

using System.Buffers;
using Gateway.Protocols.Tx101;

namespace Gateway.Protocols.Tests.Tx101;

/// <summary>Feeds the scanner chunk by chunk as a socket would and writes down every answer.</summary>
internal sealed class Tx101Receiver
{
    private readonly byte[] _kept = new byte[4096];
    private int _used;

    public List<string> Events { get; } = [];

    public long Skipped { get; private set; }

    public long Dropped { get; private set; }

    public long FrameBytes { get; private set; }

    public int Kept => _used;

    public bool Noting { get; init; } = true;

    public static Tx101Receiver After(params byte[][] chunks)
    {
        var receiver = new Tx101Receiver();
        foreach (byte[] chunk in chunks) receiver.Feed(chunk);
        return receiver;
    }

    public void Feed(ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            int part = Math.Min(chunk.Length, _kept.Length - _used);
            chunk[..part].CopyTo(_kept.AsSpan(_used));
            chunk = chunk[part..];
            _used += part;
            Scan();
        }
    }

    private void Scan()
    {
        int start = 0;
        while (true)
        {
            var scan = Tx101Scanner.Read(_kept.AsSpan(start, _used - start));
            start += scan.Consumed;
            Skipped += scan.Skipped;
            Dropped += scan.Dropped;
            if (scan.Status == OperationStatus.NeedMoreData) break;
            if (scan.Status == OperationStatus.Done) FrameBytes += scan.Frame.Bytes.Length;
            if (Noting || Events.Count < 1000) Events.Add(scan.Status == OperationStatus.Done ? Tx101Text.Of(scan.Frame) : $"{scan.Drop} {scan.Dropped}");
        }
        _kept.AsSpan(start, _used - start).CopyTo(_kept);
        _used -= start;
    }
}

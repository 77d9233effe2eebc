using System.Buffers;

namespace Gateway.Protocols.Tests.Framing;

/// <summary>What a scanner said of the bytes it was shown.</summary>
internal readonly record struct Scanned(OperationStatus Status, int Consumed, long Skipped, long Dropped, int FrameBytes);

/// <summary>Shows a scanner the bytes in front of it; <paramref name="words"/> are asked for only where they are kept.</summary>
internal delegate Scanned FrameScan(ReadOnlySpan<byte> bytes, bool noting, out string? words);

/// <summary>Feeds a scanner chunk by chunk as a socket would and writes down every answer.</summary>
internal sealed class FrameReceiver(FrameScan scan)
{
    private const int EventsMax = 1000;

    private readonly byte[] _kept = new byte[4096];
    private int _used;

    public List<string> Events { get; } = [];

    public long Skipped { get; private set; }

    public long Dropped { get; private set; }

    public long FrameBytes { get; private set; }

    public int Kept => _used;

    /// <summary>Every answer is written down, not only the first ones.</summary>
    public bool Noting { get; init; } = true;

    public FrameReceiver Take(params byte[][] chunks)
    {
        foreach (byte[] chunk in chunks) Feed(chunk);
        return this;
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
            var seen = scan(_kept.AsSpan(start, _used - start), Noting || Events.Count < EventsMax, out string? words);
            start += seen.Consumed;
            Skipped += seen.Skipped;
            Dropped += seen.Dropped;
            if (seen.Status == OperationStatus.NeedMoreData) break;
            FrameBytes += seen.FrameBytes;
            if (words is not null) Events.Add(words);
        }
        _kept.AsSpan(start, _used - start).CopyTo(_kept);
        _used -= start;
    }
}

using System.Buffers;
using Gateway.Ingest;

namespace Gateway.Engine;

/// <summary>What was judged but is not on disk: its lines, in order, and who waits for an answer. Bounded: when it is full no further batch is taken, and the links stop reading.</summary>
internal sealed class WithheldRounds
{
    /// <summary>As much again as the open batch may hold.</summary>
    public const int BytesMax = IngestBuffer.DefaultLinesBytesMax;

    /// <summary>What becomes one segment when the disk takes it.</summary>
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>A segment has one time of receipt: its lines came within this of each other.</summary>
    private const long ChunkMs = 10_000;

    private readonly LinkedList<Chunk> _chunks = [];
    private readonly List<(IAcknowledge Sink, long Token)> _acks = [];
    private long _bytes;

    public bool Lines => _chunks.Count > 0;

    public bool IsFull => _bytes >= BytesMax;

    public long LineCount => _chunks.Sum(c => (long)c.Count);

    public IReadOnlyList<(IAcknowledge Sink, long Token)> Acks => _acks;

    public void KeepLines(IngestBatch batch)
    {
        if (batch.LineCount == 0) return;
        if (_chunks.Last?.Value is not { } chunk || chunk.Lines.WrittenCount >= ChunkBytes || batch.FirstReceivedMs - chunk.ReceivedMs > ChunkMs) _chunks.AddLast(chunk = new Chunk(batch.FirstReceivedMs));
        chunk.Lines.Write(batch.Lines);
        chunk.Count += batch.LineCount;
        _bytes += batch.LineBytes;
    }

    public void KeepAcks(IngestBatch batch) => _acks.AddRange(batch.Acks);

    /// <summary>Offers the oldest lines first; what is taken is forgotten.</summary>
    /// <param name="take">False: not now.</param>
    /// <returns>True when none is left.</returns>
    public bool Offer(Func<Chunk, bool> take)
    {
        while (_chunks.First?.Value is { } chunk)
        {
            if (!take(chunk)) return false;
            _bytes -= chunk.Lines.WrittenCount;
            _chunks.RemoveFirst();
        }
        return true;
    }

    public void Acknowledged() => _acks.Clear();

    /// <summary>Lines that will be one segment.</summary>
    internal sealed class Chunk(long receivedMs)
    {
        public ArrayBufferWriter<byte> Lines { get; } = new(64 * 1024);

        public int Count { get; set; }

        public long ReceivedMs { get; } = receivedMs;
    }
}

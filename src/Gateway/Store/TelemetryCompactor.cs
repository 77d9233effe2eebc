using System.Buffers;
using System.Collections.Concurrent;

namespace Gateway.Store;

/// <summary>
/// Compresses what was not settled soon: runs of raw segments become one gzip member of about 5 000 lines, about a sixth of the bytes. It reads and compresses on a thread of
/// its own, over a connection of its own; the engine's thread takes finished members and puts them in the place of the rows.
/// </summary>
internal sealed class TelemetryCompactor(string path) : IDisposable
{
    /// <summary>Lines live uncompressed so long: most are settled and gone by then.</summary>
    public const long AgeMs = 45_000;

    /// <summary>A run too short to be worth a member is taken all the same when it is so old.</summary>
    public const long OldMs = 600_000;

    public const int LinesOfMember = 5_000;
    public const int LinesMin = 2_000;
    private const int BytesMax = 4 * 1024 * 1024;
    private const int ReadyMax = 4;

    private readonly ConcurrentQueue<CompressedRun> _ready = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly ArrayBufferWriter<byte> _proof = new();
    private readonly Lock _gate = new();
    private Thread? _thread;
    private (long Before, long NowMs) _asked;
    private long _next;
    private volatile bool _ended;

    public void Start()
    {
        _thread = new Thread(Run) { Name = "compactor", IsBackground = true };
        _thread.Start();
    }

    /// <param name="before">Only lines before this one: what is behind it may be judged again, by its times of receipt.</param>
    public void Wake(long before, long nowMs)
    {
        lock (_gate) _asked = (before, nowMs);
        _wake.Set();
    }

    public bool TryTake(out CompressedRun run)
    {
        if (!_ready.TryDequeue(out run!)) return false;
        // There is room for the next one.
        _wake.Set();
        return true;
    }

    public void Dispose()
    {
        _ended = true;
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        TelemetryReader? reader = null;
        while (true)
        {
            _wake.WaitOne();
            if (_ended) break;
            (long before, long nowMs) asked;
            lock (_gate) asked = _asked;
            try
            {
                reader ??= new TelemetryReader(path);
                while (!_ended && _ready.Count < ReadyMax && Next(reader, asked.before, asked.nowMs)) { }
            }
            catch (StoreException)
            {
                // A file that cannot be read now is no worse uncompressed; the writer meets the same and says so.
                reader?.Dispose();
                reader = null;
            }
        }
        reader?.Dispose();
    }

    /// <returns>False when there is nothing to do for now.</returns>
    private bool Next(TelemetryReader reader, long before, long nowMs)
    {
        _lines.ResetWrittenCount();
        SegmentHead? first = null;
        long end = 0;
        int segments = 0;
        bool cut = false;
        reader.ReadStoredFrom(_next, (head, body) =>
        {
            bool fits = head.Form == SegmentForm.Raw && head.EndLine <= before && nowMs - head.ReceivedMs >= AgeMs && (first is null || head.FirstLine == end);
            if (!fits)
            {
                // A member that is there already, or a hole, ends a run for good; lines that are too young do not.
                cut = head.Form != SegmentForm.Raw || (first is not null && head.FirstLine != end);
                if (first is null && cut) _next = head.EndLine;
                return first is null && cut;
            }
            first ??= head;
            _lines.Write(body);
            (end, segments) = (head.EndLine, segments + 1);
            return end - first.Value.FirstLine < LinesOfMember && _lines.WrittenCount < BytesMax;
        });
        if (first is not { } start) return false;
        long lines = end - start.FirstLine;
        bool full = lines >= LinesOfMember || _lines.WrittenCount >= BytesMax;
        if (!full && lines < LinesMin && !cut && nowMs - start.ReceivedMs < OldMs) return false;
        _next = end;
        byte[] member = SegmentForms.Compress(_lines.WrittenSpan);
        _proof.ResetWrittenCount();
        if (SegmentForms.TryExpand(member, _proof) && _proof.WrittenSpan.SequenceEqual(_lines.WrittenSpan) && SegmentForms.Holds(_proof.WrittenSpan, lines))
            _ready.Enqueue(new CompressedRun(start.FirstLine, (int)lines, start.ReceivedMs, segments, _lines.WrittenCount, member));
        return true;
    }
}

/// <summary>Raw segments that follow each other, as one gzip member.</summary>
/// <param name="ReceivedMs">Of the first line.</param>
/// <param name="Segments">How many rows it was made of.</param>
internal sealed record CompressedRun(long FirstLine, int Lines, long ReceivedMs, int Segments, long RawBytes, byte[] Body)
{
    public long EndLine => FirstLine + Lines;
}

using Gateway.Decoding;
using Gateway.Domain.Readings;
using Gateway.Engine;

namespace Gateway.Ingest;

/// <summary>
/// Where all links meet: decoded messages are appended to one open batch under a short lock, and the engine stage takes the whole batch at once. No queue and no
/// object per message; what piles up while a commit runs is the next group.
/// </summary>
public sealed class IngestBuffer(int linesBytesMax = IngestBuffer.DefaultLinesBytesMax) : IDisposable
{
    /// <summary>8 MiB: about 40 000 lines; beyond it the links stop reading, and TCP tells the devices to wait.</summary>
    public const int DefaultLinesBytesMax = 8 * 1024 * 1024;

    /// <summary>Device time is believed up to this far from ours; beyond it a point carries the time of receipt.</summary>
    public const long SkewMaxMs = 60_000;

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _arrived = new(false, 0);
    private IngestBatch _open = new();
    private IngestBatch _spare = new();
    private TaskCompletionSource? _space;
    private long _received;

    /// <summary>Messages taken in since the process began: the frontier <i>received</i>.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Lines waiting in the open batch.</summary>
    public int OpenLines => _open.LineCount;

    /// <summary>Set while the open batch holds anything.</summary>
    public ManualResetEventSlim Arrived => _arrived;

    /// <summary>Takes in one message.</summary>
    /// <param name="prefix">Another series of the same device than its own; null = its own.</param>
    /// <param name="rest">A further reading of a message whose first one was taken: never refused, or half a message would be kept.</param>
    /// <returns>False when the batch is full: wait for <see cref="SpaceAsync"/> and offer it again.</returns>
    public bool TryAppend(DeviceRoute route, DecodedMessage message, ReadingKind kind, ReadingFlags flags, long receivedAtMs, IAcknowledge? sink = null, long token = 0, byte[]? prefix = null, bool rest = false)
    {
        ulong content = message.ContentHash();
        // An interval's start lies in the past by nature; it is what the point is about.
        bool told = (flags & ReadingFlags.Backfill) != 0 || kind == ReadingKind.Aggregate;
        bool believed = message.MeasuredAtMs != 0 && Math.Abs(message.MeasuredAtMs - receivedAtMs) <= SkewMaxMs;
        bool marked = (flags & ReadingFlags.Backfill) != 0;
        lock (_gate)
        {
            if (_open.LineBytes >= linesBytesMax && !rest) return false;
            // Who tells something once more, live or late, tells what stands there already: it keeps its time and its mark.
            if (message.MeasuredAtMs != 0 && kind != ReadingKind.Aggregate && route.Clock.Knows(message.MeasuredAtMs, BackfillMark.Content(content, !marked))) marked = !marked;
            ulong said = BackfillMark.Content(content, marked);
            bool measured = message.MeasuredAtMs != 0 && (believed || told || route.Clock.Knows(message.MeasuredAtMs, said));
            // An interval is known by its start, in a series of its own: the same one again, or a better one, takes its place.
            long pointUs = kind == ReadingKind.Aggregate && measured ? message.MeasuredAtMs * 1000 : route.Clock.PointUs(measured ? message.MeasuredAtMs : receivedAtMs, said);
            _open.Add(new Reading
            {
                Device = route.Index, Kind = kind, Flags = flags, SpanMinutes = message.SpanMinutes, MeasuredAtMs = message.MeasuredAtMs, ReceivedAtMs = receivedAtMs, PointAtUs = pointUs,
            }, message.Samples);
            if (!message.Fields.IsEmpty) _open.AddLine(prefix ?? route.LinePrefix, message.Fields, marked ? BackfillMark.Field : default, pointUs);
            if (sink is not null) _open.AddAck(sink, token);
            _received++;
            if (_open.ReadingCount == 1) _arrived.Set();
        }
        return true;
    }

    /// <summary>An acknowledgement without a reading: a message that says nothing we keep is still answered, and in its turn.</summary>
    public void AppendAck(IAcknowledge sink, long token)
    {
        lock (_gate)
        {
            _open.AddAck(sink, token);
            _arrived.Set();
        }
    }

    /// <summary>Lets the engine go round although nothing was appended: another store has work for it.</summary>
    public void Wake() => _arrived.Set();

    public void AppendEvent(LinkEventKind kind, long atMs, int device = -1, string text = "", string cause = "", string reason = "", UnregisteredDevice? stranger = null)
    {
        lock (_gate)
        {
            _open.Events.Add(new LinkEvent(kind, device, text, cause, atMs, _open.ReadingCount, reason, stranger));
            _arrived.Set();
        }
    }

    /// <summary>Completes when there is room again.</summary>
    public Task SpaceAsync()
    {
        lock (_gate)
        {
            if (_open.LineBytes < linesBytesMax) return Task.CompletedTask;
            _space ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _space.Task;
        }
    }

    /// <summary>Takes the open batch; the caller owns it until it gives it back.</summary>
    public IngestBatch Take()
    {
        TaskCompletionSource? waiting;
        IngestBatch taken;
        lock (_gate)
        {
            taken = _open;
            _open = _spare;
            (waiting, _space) = (_space, null);
            _arrived.Reset();
        }
        waiting?.SetResult();
        return taken;
    }

    public void Dispose() => _arrived.Dispose();

    /// <summary>Gives a batch back once everything in it is committed, judged and acknowledged.</summary>
    public void Return(IngestBatch batch)
    {
        batch.Clear();
        _spare = batch;
    }
}

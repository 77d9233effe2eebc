using Gateway.History.Blocks;
using Gateway.Store.Sqlite;

namespace Gateway.History;

/// <summary>One question in one read transaction: goes through the spans of the window in order of time, a few blocks in memory at once.</summary>
internal sealed class ReadSession
{
    private readonly SqliteDatabase _db;
    private readonly SqliteStatement _blocks;
    private readonly HistoryQuery _query;
    private readonly long _gapUs;
    private readonly long _device;
    private readonly int[] _fieldIds;
    private readonly HashSet<int> _wanted;
    private readonly List<BlockTable> _memory = [];
    private readonly List<(long FromMs, long ToMs)> _unreadable = [];
    private readonly BlockTable _table = new(), _combined = new();
    private byte[] _unpacked = [];

    public ReadSession(SqliteDatabase db, DeviceSeries device, HistoryQuery query, IReadOnlyList<(long Generation, OpenRows Rows)> memory, long gapUs)
    {
        (_db, _query, _gapUs) = (db, query, gapUs);
        _blocks = db.Prepare("SELECT id, first_us, last_us, body FROM block WHERE resolution = ? AND span = ? AND device = ? ORDER BY id");
        _device = IdOf(device.Id) ?? -1;
        // A field no block knows yet may stand in memory all the same, under a number of its own.
        _fieldIds = [.. query.Fields.Select((f, i) => IdOf(f) ?? int.MaxValue - i)];
        _wanted = [.. _fieldIds];
        int[] columns = [.. device.Fields.Select(f => Place(query.Fields, f) is >= 0 and var i ? _fieldIds[i] : -1)];
        long written = Meta("generation");
        foreach (var (generation, rows) in memory)
        {
            if (generation <= written) continue;
            var table = new BlockTable();
            rows.AddTo(table, columns);
            _memory.Add(table);
        }
    }

    /// <summary>Up to when the budget has taken blocks of this resolution, ms; 0 when it has not.</summary>
    public long DroppedToMs(Resolution resolution) => 1000 * Meta(HistoryStore.DroppedTo(resolution));

    /// <returns>False when it is more than the query's points; the frame is then worth nothing.</returns>
    public bool TryRead(Resolution resolution, long stepMs, out HistoryFrame frame)
    {
        frame = new HistoryFrame(resolution.Word, stepMs, _query.Fields);
        var builder = new FrameBuilder(frame, _fieldIds, _gapUs, _query.Points);
        var memory = resolution.IsRollUp ? _memory.ConvertAll(m => RolledUp(m, resolution)) : _memory;
        _unreadable.Clear();
        long fromUs = resolution.IsRollUp ? RollUp.StartOf(_query.FromMs * 1000, resolution.StepUs) : _query.FromMs * 1000, toUs = _query.ToMs * 1000;
        for (long spanUs = resolution.SpanOf(fromUs); spanUs < toUs && !builder.IsFull; spanUs += resolution.SpanUs)
            foreach (var table in Tables(resolution, spanUs, memory))
            {
                builder.Add(table, fromUs, toUs);
                if (builder.IsFull) break;
            }
        frame.Unreadable = [.. _unreadable];
        return !builder.IsFull;
    }

    /// <summary>The span's rows, in order of time: raw ones a run of overlapping blocks at a time, so that a busy hour need not be held whole.</summary>
    private IEnumerable<BlockTable> Tables(Resolution resolution, long spanUs, IReadOnlyList<BlockTable> memory)
    {
        var parts = Parts(resolution, spanUs, memory);
        for (int from = 0, to; from < parts.Count; from = to)
        {
            long lastUs = parts[from].LastUs;
            for (to = from + 1; to < parts.Count && (resolution.IsRollUp || parts[to].FirstUs <= lastUs); to++) lastUs = Math.Max(lastUs, parts[to].LastUs);
            yield return Together(resolution, spanUs, parts[from..to]);
        }
    }

    private List<Part> Parts(Resolution resolution, long spanUs, IReadOnlyList<BlockTable> memory)
    {
        var parts = new List<Part>();
        _blocks.Bind(1, resolution.Number).Bind(2, spanUs / 1_000_000).Bind(3, _device);
        while (_blocks.Step()) parts.Add(new Part(_blocks.Long(0), _blocks.Long(1), _blocks.Long(2), _blocks.Blob(3).ToArray(), null, 0, 0));
        _blocks.Reset();
        foreach (var table in memory)
        {
            int from = table.RowAt(spanUs), to = table.RowAt(spanUs + resolution.SpanUs);
            if (from < to) parts.Add(new Part(long.MaxValue, table.TimesUs[from], table.TimesUs[to - 1], [], table, from, to));
        }
        return [.. parts.OrderBy(p => p.FirstUs)];
    }

    private BlockTable Together(Resolution resolution, long spanUs, List<Part> parts)
    {
        _table.Clear();
        foreach (var part in parts.OrderBy(p => p.Id))
        {
            if (part.Table is { } open) _table.Add(open, part.From, part.To);
            else if (!BlockEnvelope.TryUnpack(part.Body, ref _unpacked, out var body) || !BlockCodec.TryRead(body, spanUs, resolution.IsRollUp, _wanted, _table))
                _unreadable.Add((part.FirstUs / 1000, (part.LastUs + resolution.StepUs) / 1000 + 1));
        }
        if (parts.Count == 1) return _table;
        _table.Sort();
        if (resolution.IsRollUp)
        {
            RollUp.Combine(_table, resolution.StepUs, _combined);
            return _combined;
        }
        _table.Collapse();
        return _table;
    }

    private static BlockTable RolledUp(BlockTable raw, Resolution resolution)
    {
        var rolled = new BlockTable();
        RollUp.OfRaw(raw, resolution.StepUs, rolled);
        return rolled;
    }

    private long Meta(string key)
    {
        using var read = _db.Prepare("SELECT value FROM meta WHERE key = ?").Bind(1, key);
        return read.Step() ? read.Long(0) : 0;
    }

    private int? IdOf(string name)
    {
        using var find = _db.Prepare("SELECT id FROM name WHERE text = ?").Bind(1, name);
        return find.Step() ? (int)find.Long(0) : null;
    }

    private static int Place(IReadOnlyList<string> fields, string field)
    {
        for (int i = 0; i < fields.Count; i++)
            if (fields[i] == field) return i;
        return -1;
    }

    /// <summary>A block on disk, or rows of an open table.</summary>
    private sealed record Part(long Id, long FirstUs, long LastUs, byte[] Body, BlockTable? Table, int From, int To);
}

using Gateway.History.Blocks;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.History;

/// <summary>Merging parts, and letting the oldest go.</summary>
internal sealed partial class HistoryStore
{
    /// <summary>Parts of one place that are merged although its span is still open: a chart of it must not read hundreds.</summary>
    public const int PartsMax = 64;

    /// <summary>Rows merged into one block at most: bounds what a reader and a merge hold in memory.</summary>
    private const int MergedRowsMax = 32_768;

    /// <summary>After its end a span is left alone for so long, seconds: late readings come now.</summary>
    private const long LateSeconds = 120;

    private const int DeletedAtOnce = 256;

    private SqliteStatement _partsOf = null!;
    private SqliteStatement _count = null!;
    private SqliteStatement _replace = null!;
    private SqliteStatement _delete = null!;
    private SqliteStatement _oldest = null!;
    private byte[] _unpacked = [];

    /// <summary>Key in <c>meta</c>: before this second of Unix time the budget has taken blocks of the resolution.</summary>
    public static string DroppedTo(Resolution resolution) => $"dropped_to_{resolution.Word}";

    /// <summary>Places with parts that were not merged yet, and how many each has.</summary>
    public Dictionary<PartKey, int> Parts { get; } = [];

    /// <summary>Blocks let go because of the budget, ever.</summary>
    public long DroppedBlocks { get; private set; }

    /// <summary>Bytes of the file that hold something.</summary>
    public long UsedBytes => (_db.ReadLong("PRAGMA page_count") - _db.ReadLong("PRAGMA freelist_count")) * _db.ReadLong("PRAGMA page_size");

    /// <summary>Merges what is due, at most so many places, in one transaction.</summary>
    /// <returns>True when more is due.</returns>
    /// <exception cref="StoreException">Nothing changed.</exception>
    public bool Merge(long nowMs, int most)
    {
        var due = Parts.Where(p => p.Value > 1 && (p.Value >= PartsMax || IsClosed(p.Key, nowMs))).Take(most).Select(p => p.Key).ToList();
        if (due.Count > 0)
        {
            _db.InTransaction(() => due.ForEach(Merge));
            foreach (var place in due) Parts[place] = 1;
        }
        foreach (var done in Parts.Where(p => p.Value <= 1 && IsClosed(p.Key, nowMs)).Select(p => p.Key).ToList()) Parts.Remove(done);
        return due.Count == most;
    }

    /// <summary>Lets go what is older than the options say, then what is beyond the budget; gives the space back.</summary>
    /// <returns>Blocks that went because of the budget.</returns>
    /// <exception cref="StoreException">The disk refused; the rest stays for the next time.</exception>
    public long Trim(HistoryOptions options, long nowMs)
    {
        long rawFrom = nowMs / 1000 - options.RawHours * 3600L, rollUpFrom = nowMs / 1000 - options.Days * 86_400L;
        bool any = TrimBefore(Resolution.Raw, rawFrom) | TrimBefore(Resolution.Minute, rollUpFrom) | TrimBefore(Resolution.Quarter, rollUpFrom);
        long dropped = 0, budget = options.MiBMax * 1024L * 1024L;
        foreach (var resolution in Resolution.All)
            while (UsedBytes > budget && Delete(resolution, long.MaxValue, dropped: true) is > 0 and var gone) dropped += gone;
        if (dropped > 0)
        {
            DroppedBlocks += dropped;
            Set("dropped_blocks", DroppedBlocks);
        }
        if (any || dropped > 0) _db.Execute("PRAGMA incremental_vacuum");
        return dropped;
    }

    private void PrepareUpkeep()
    {
        _partsOf = _db.Prepare("SELECT id, rows, body FROM block WHERE resolution = ? AND span = ? AND device = ? ORDER BY id");
        _count = _db.Prepare("SELECT count(*) FROM block WHERE resolution = ? AND span = ? AND device = ?");
        _replace = _db.Prepare("UPDATE block SET first_us = ?, last_us = ?, rows = ?, body = ? WHERE id = ?");
        _delete = _db.Prepare("DELETE FROM block WHERE id = ?");
        _oldest = _db.Prepare("SELECT id, resolution, span, device FROM block WHERE resolution = ? AND span < ? ORDER BY span, device LIMIT ?");
    }

    private void FindParts()
    {
        using var parts = _db.Prepare("SELECT resolution, span, device, count(*) FROM block GROUP BY resolution, span, device HAVING count(*) > 1");
        while (parts.Step()) Parts[new PartKey((int)parts.Long(0), parts.Long(1), parts.Long(2))] = (int)parts.Long(3);
    }

    /// <summary>A place has one part more; of one that was merged long ago the file knows what is there.</summary>
    private void Count(PartKey place)
    {
        if (Parts.TryGetValue(place, out int known))
        {
            Parts[place] = known + 1;
            return;
        }
        _count.Bind(1, place.Resolution).Bind(2, place.SpanSeconds).Bind(3, place.Device);
        Parts[place] = _count.Step() ? (int)_count.Long(0) : 0;
        _count.Reset();
    }

    private static bool IsClosed(PartKey place, long nowMs) => place.SpanSeconds + Resolution.All[place.Resolution].SpanUs / 1_000_000 + LateSeconds <= nowMs / 1000;

    /// <summary>Makes one block of neighbouring parts as long as it stays within bounds. What cannot be read is left as it is, to be told of.</summary>
    private void Merge(PartKey place)
    {
        var resolution = Resolution.All[place.Resolution];
        long spanUs = place.SpanSeconds * 1_000_000;
        var merged = new List<long>();
        var whole = new List<(long Last, List<long> Others, byte[] Body, long FirstUs, long LastUs, int Rows)>();
        _raw.Clear();
        _partsOf.Bind(1, place.Resolution).Bind(2, place.SpanSeconds).Bind(3, place.Device);
        while (_partsOf.Step())
        {
            if (_raw.Rows + _partsOf.Long(1) > MergedRowsMax) Close();
            if (BlockEnvelope.TryUnpack(_partsOf.Blob(2), ref _unpacked, out var body) && BlockCodec.TryRead(body, spanUs, resolution.IsRollUp, null, _raw)) merged.Add(_partsOf.Long(0));
            else Close();
        }
        _partsOf.Reset();
        Close();
        foreach (var (last, others, body, firstUs, lastUs, rows) in whole)
        {
            // Under the number of its newest part: what became known later still overwrites.
            _replace.Bind(1, firstUs).Bind(2, lastUs).Bind(3, rows).Bind(4, body).Bind(5, last).Run();
            foreach (long other in others) _delete.Bind(1, other).Run();
        }

        void Close()
        {
            if (merged.Count > 1)
            {
                var table = Together(resolution);
                _body.Clear();
                BlockCodec.Write(table, 0, table.Rows, spanUs, resolution.IsRollUp, _body);
                byte[] packed = BlockEnvelope.Pack(_body.Written, BlockEnvelope.LastingQuality, ref _packed).ToArray();
                whole.Add((merged[^1], [.. merged.SkipLast(1)], packed, table.TimesUs[0], table.TimesUs[^1], table.Rows));
            }
            merged.Clear();
            _raw.Clear();
        }
    }

    private BlockTable Together(Resolution resolution)
    {
        _raw.Sort();
        if (resolution.IsRollUp)
        {
            RollUp.Combine(_raw, resolution.StepUs, _minutes);
            return _minutes;
        }
        _raw.Collapse();
        return _raw;
    }

    /// <summary>Lets go spans of which nothing is younger.</summary>
    private bool TrimBefore(Resolution resolution, long seconds)
    {
        bool any = false;
        while (Delete(resolution, seconds - resolution.SpanUs / 1_000_000 + 1) > 0) any = true;
        return any;
    }

    /// <param name="dropped">For want of room: readers must know how far back this resolution still goes.</param>
    private long Delete(Resolution resolution, long spanBefore, bool dropped = false)
    {
        var gone = new List<(long Id, PartKey Place)>();
        _oldest.Bind(1, resolution.Number).Bind(2, spanBefore).Bind(3, DeletedAtOnce);
        while (_oldest.Step()) gone.Add((_oldest.Long(0), new PartKey((int)_oldest.Long(1), _oldest.Long(2), _oldest.Long(3))));
        _oldest.Reset();
        if (gone.Count == 0) return 0;
        _db.InTransaction(() =>
        {
            gone.ForEach(g => _delete.Bind(1, g.Id).Run());
            if (dropped) Set(DroppedTo(resolution), gone[^1].Place.SpanSeconds + resolution.SpanUs / 1_000_000);
        });
        foreach (var (_, place) in gone) Parts.Remove(place);
        return gone.Count;
    }
}

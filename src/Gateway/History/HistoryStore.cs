using Gateway.History.Blocks;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.History;

/// <summary><c>history.db</c> as its one writer sees it: parts in, parts merged, the oldest out. One owner thread.</summary>
internal sealed partial class HistoryStore : IDisposable
{
    private readonly SqliteDatabase _db;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _setMeta;
    private readonly SqliteStatement _addName;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly BlockTable _raw = new(), _minutes = new(), _quarters = new();
    private readonly BlockWriter _body = new();
    private byte[] _packed = [];

    private HistoryStore(SqliteDatabase db)
    {
        _db = db;
        _insert = db.Prepare("INSERT INTO block(resolution, span, device, first_us, last_us, rows, body) VALUES(?,?,?,?,?,?,?)");
        _setMeta = db.Prepare("INSERT INTO meta(key, value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value = excluded.value");
        _addName = db.Prepare("INSERT OR IGNORE INTO name(text) VALUES(?)");
        PrepareUpkeep();
        using (var names = db.Prepare("SELECT id, text FROM name"))
            while (names.Step()) _names[names.Text(1)] = (int)names.Long(0);
        (Frontier, Generation) = (Meta("frontier"), Meta("generation"));
        (DroppedBlocks, MissedLines) = (Meta("dropped_blocks"), Meta("missed_lines"));
        FindParts();
    }

    /// <summary>Line of the telemetry store up to which everything is here.</summary>
    public long Frontier { get; private set; }

    /// <summary>Newest flight that is here.</summary>
    public long Generation { get; private set; }

    /// <summary>Lines that the telemetry store no longer had when they were to be read from it, ever.</summary>
    public long MissedLines { get; private set; }

    public string Path => _db.Path;

    /// <exception cref="StoreException">Not a database, damaged, or of a newer version.</exception>
    public static HistoryStore Open(string path)
    {
        var db = HistorySchema.Open(path);
        try
        {
            return new HistoryStore(db);
        }
        catch (StoreException)
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Writes rows and the frontier they reach in one synced transaction: a crash finds both or neither, so that nothing is counted twice.</summary>
    /// <param name="generation">Of the flight; 0 for lines read again, which were never shown from memory.</param>
    /// <param name="missed">Lines before the frontier that could not be had.</param>
    /// <exception cref="StoreException">Nothing of it was kept.</exception>
    public void Append(IReadOnlyList<(DeviceSeries Device, OpenRows Rows)> rows, long frontier, long generation = 0, long missed = 0)
    {
        var parts = new List<PartKey>();
        try
        {
            _db.InTransaction(() =>
            {
                foreach (var (device, open) in rows)
                    if (open.Rows > 0) Append(device, open, parts);
                Set("frontier", frontier);
                if (generation > 0) Set("generation", generation);
                if (missed > 0) Set("missed_lines", MissedLines + missed);
            });
        }
        catch (StoreException)
        {
            // Names of a transaction that is gone are numbers of nothing.
            ReadNames();
            _insert.Reset();
            throw;
        }
        (Frontier, Generation, MissedLines) = (frontier, Math.Max(Generation, generation), MissedLines + missed);
        foreach (var part in parts) Count(part);
    }

    public void Dispose() => _db.Dispose();

    private void Append(DeviceSeries device, OpenRows open, List<PartKey> parts)
    {
        int id = NameOf(device.Id);
        int[] fields = [.. device.Fields.Select(NameOf)];
        _raw.Clear();
        open.AddTo(_raw, fields);
        RollUp.OfRaw(_raw, Resolution.Minute.StepUs, _minutes);
        RollUp.Combine(_minutes, Resolution.Quarter.StepUs, _quarters);
        Append(id, Resolution.Raw, _raw, parts);
        Append(id, Resolution.Minute, _minutes, parts);
        Append(id, Resolution.Quarter, _quarters, parts);
    }

    /// <summary>One part for each span the rows lie in.</summary>
    private void Append(int device, Resolution resolution, BlockTable table, List<PartKey> parts)
    {
        for (int from = 0, to; from < table.Rows; from = to)
        {
            long spanUs = resolution.SpanOf(table.TimesUs[from]);
            to = table.RowAt(spanUs + resolution.SpanUs);
            _body.Clear();
            BlockCodec.Write(table, from, to, spanUs, resolution.IsRollUp, _body);
            _insert.Bind(1, resolution.Number).Bind(2, spanUs / 1_000_000).Bind(3, device).Bind(4, table.TimesUs[from]).Bind(5, table.TimesUs[to - 1]).Bind(6, to - from)
                .Bind(7, BlockEnvelope.Pack(_body.Written, BlockEnvelope.QuickQuality, ref _packed)).Run();
            parts.Add(new PartKey(resolution.Number, spanUs / 1_000_000, device));
        }
    }

    private int NameOf(string text)
    {
        if (_names.TryGetValue(text, out int known)) return known;
        _addName.Bind(1, text).Run();
        using var find = _db.Prepare("SELECT id FROM name WHERE text = ?").Bind(1, text);
        find.Step();
        return _names[text] = (int)find.Long(0);
    }

    private void ReadNames()
    {
        _names.Clear();
        using var names = _db.Prepare("SELECT id, text FROM name");
        while (names.Step()) _names[names.Text(1)] = (int)names.Long(0);
    }

    private long Meta(string key)
    {
        using var read = _db.Prepare("SELECT value FROM meta WHERE key = ?").Bind(1, key);
        return read.Step() ? read.Long(0) : 0;
    }

    private void Set(string key, long value) => _setMeta.Bind(1, key).Bind(2, value).Run();
}

/// <summary>Where parts of one device lie together.</summary>
/// <param name="SpanSeconds">Start of the span, seconds of Unix time.</param>
internal readonly record struct PartKey(int Resolution, long SpanSeconds, long Device);

using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary>The telemetry lane on disk: numbered lines in segments, one segment a commit. One owner thread writes.</summary>
public sealed class TelemetryStore : IDisposable
{
    public const string Name = "telemetry.db";

    public const int SchemaVersion = 3;

    /// <summary>Number of the next line: behind the newest segment, or what is written down where the segments are gone.</summary>
    internal const string NextLineSql = """
        SELECT max(coalesce((SELECT first_line + lines FROM segment ORDER BY first_line DESC LIMIT 1), 0), coalesce((SELECT value FROM meta WHERE key = 'next_line'), 0))
        """;

    private readonly SqliteDatabase _db;
    private readonly SqliteStatement _run;
    private readonly SqliteStatement _deleteRun;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _oldest;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _setMeta;
    private readonly WalCopier _copier;

    private TelemetryStore(SqliteDatabase db)
    {
        _db = db;
        _insert = db.Prepare("INSERT INTO segment(first_line, lines, received_ms, body, form, sum) VALUES(?,?,?,?,?,?)");
        _oldest = db.Prepare("SELECT first_line, lines, received_ms, length(body), form FROM segment ORDER BY first_line LIMIT 1");
        _delete = db.Prepare("DELETE FROM segment WHERE first_line = ?");
        _run = db.Prepare("SELECT count(*), sum(lines) FROM segment WHERE first_line >= ? AND first_line < ? AND form = 0");
        _deleteRun = db.Prepare("DELETE FROM segment WHERE first_line >= ? AND first_line < ?");
        _setMeta = db.Prepare("INSERT INTO meta(key, value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value = excluded.value");
        PageBytes = db.ReadLong("PRAGMA page_size");
        NextLine = db.ReadLong(NextLineSql);
        DroppedLines = db.ReadLong("SELECT value FROM meta WHERE key = 'dropped_lines'");
        BodyBytes = db.ReadLong("SELECT coalesce(sum(length(body)), 0) FROM segment");
        _copier = new WalCopier(db);
    }

    public string Path => _db.Path;

    /// <summary>Number of the next line: how many were ever committed, the frontier <i>committed</i>.</summary>
    public long NextLine { get; private set; }

    /// <summary>Lines given up under the disk budget since the store began.</summary>
    public long DroppedLines { get; private set; }

    /// <summary>Bytes of all bodies as they lie on disk.</summary>
    public long BodyBytes { get; private set; }

    /// <exception cref="StoreException">Not a store, or of a newer version.</exception>
    public static TelemetryStore Open(string path)
    {
        var db = SqliteDatabase.OpenWriter(path, SchemaVersion);
        try
        {
            SchemaMigration.Run(db, SchemaVersion, """
                CREATE TABLE segment(first_line INTEGER PRIMARY KEY, lines INTEGER NOT NULL, received_ms INTEGER NOT NULL, body BLOB NOT NULL);
                CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
                """,
                "ALTER TABLE segment ADD COLUMN form INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE segment ADD COLUMN sum INTEGER NOT NULL DEFAULT 0");
            SchemaMigration.Expect(db, "segment");
            return new TelemetryStore(db);
        }
        catch (StoreException)
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Appends one commit's lines and returns when they are synced to disk.</summary>
    /// <exception cref="StoreException">Nothing was kept; offer the same lines again.</exception>
    public void Append(ReadOnlySpan<byte> lines, int count, long receivedMs)
    {
        // One statement outside a transaction is its own, synced commit.
        try
        {
            Insert(NextLine, count, receivedMs, SegmentForm.Raw, lines);
        }
        catch (StoreException)
        {
            _insert.Reset();
            throw;
        }
        NextLine += count;
        BodyBytes += lines.Length;
        Written(lines.Length);
    }

    /// <summary>Call between commits, when nobody waits: a WAL copied beside us is begun anew.</summary>
    /// <exception cref="StoreException">The disk refuses; the WAL holds everything.</exception>
    public void KeepWal() => _copier.End();

    /// <summary>Lets numbers go on at a line that was certainly committed, where the file that held it is gone.</summary>
    public void NumberFrom(long line)
    {
        _setMeta.Bind(1, "next_line").Bind(2, line).Run();
        NextLine = line;
    }

    /// <summary>The same, for now: the file does not know it before <see cref="NumberFrom"/> or the next line.</summary>
    public void GoOnAt(long line) => NextLine = line;

    /// <summary>Oldest segment, or null.</summary>
    public SegmentHead? Oldest()
    {
        SegmentHead? head = _oldest.Step() ? new SegmentHead(_oldest.Long(0), (int)_oldest.Long(1), _oldest.Long(2), _oldest.Long(3)) { Form = (SegmentForm)_oldest.Long(4) } : null;
        _oldest.Reset();
        return head;
    }

    /// <summary>Removes whole segments from the old end while the predicate holds, at most <paramref name="most"/>.</summary>
    /// <param name="dropped">True when nobody else holds these lines: they are counted as lost.</param>
    public IReadOnlyList<SegmentHead> Trim(Func<SegmentHead, bool> mayGo, int most, bool dropped)
    {
        if (Oldest() is not { } oldest || !mayGo(oldest)) return [];
        var gone = new List<SegmentHead>();
        _db.InTransaction(() =>
        {
            // The predicate may keep a tally: it is asked once for each segment.
            SegmentHead? next = oldest;
            while (next is { } head)
            {
                _delete.Bind(1, head.FirstLine).Run();
                gone.Add(head);
                next = gone.Count < most && Oldest() is { } following && mayGo(following) ? following : null;
            }
            _setMeta.Bind(1, "next_line").Bind(2, NextLine).Run();
            if (dropped) _setMeta.Bind(1, "dropped_lines").Bind(2, DroppedLines + gone.Sum(s => (long)s.Lines)).Run();
        });
        BodyBytes -= gone.Sum(s => s.Bytes);
        if (dropped) DroppedLines += gone.Sum(s => (long)s.Lines);
        Written(gone.Count * PageBytes);
        return gone;
    }

    /// <summary>Puts a compressed member in the place of the raw segments it was made of, in one synced transaction.</summary>
    /// <returns>False when they are no longer all there: then it is worthless.</returns>
    internal bool TryReplace(CompressedRun run)
    {
        bool there = _run.Bind(1, run.FirstLine).Bind(2, run.EndLine).Step() && _run.Long(0) == run.Segments && _run.Long(1) == run.Lines;
        _run.Reset();
        if (!there) return false;
        _db.InTransaction(() =>
        {
            _deleteRun.Bind(1, run.FirstLine).Bind(2, run.EndLine).Run();
            Insert(run.FirstLine, run.Lines, run.ReceivedMs, SegmentForm.Gzip, run.Body);
        });
        BodyBytes += run.Body.Length - run.RawBytes;
        Written(run.Body.Length + run.Segments * PageBytes);
        return true;
    }

    /// <summary>What the database and its WAL take on disk; pages that are free within the file count as given back.</summary>
    public long FileBytes() => (_db.ReadLong("PRAGMA page_count") - FreePages()) * PageBytes + _db.WalBytes();

    /// <inheritdoc cref="SqliteDatabase.GiveBack"/>
    public void GiveBack(bool everything) => _db.GiveBack(everything);

    public void Dispose()
    {
        _copier.Dispose();
        _db.Dispose();
    }

    private void Insert(long firstLine, int lines, long receivedMs, SegmentForm form, ReadOnlySpan<byte> body) =>
        _insert.Bind(1, firstLine).Bind(2, lines).Bind(3, receivedMs).Bind(4, body).Bind(5, (long)form).Bind(6, SegmentSum.Of(firstLine, lines, receivedMs, form, body)).Run();

    /// <summary>Pages of the file that hold nothing.</summary>
    public long FreePages() => _db.ReadLong("PRAGMA freelist_count");

    private long PageBytes { get; }

    /// <summary>Besides the pages its bytes fill a commit writes the end of the tree and what is free.</summary>
    private void Written(long bytes) => _copier.Written(bytes / PageBytes + 3);
}

public readonly record struct SegmentHead(long FirstLine, int Lines, long ReceivedMs, long Bytes)
{
    public long EndLine => FirstLine + Lines;

    public SegmentForm Form { get; init; }
}

using SQLitePCL;

namespace Gateway.Store.Sqlite;

/// <summary>One connection to one SQLite file, one owner thread. Thin: prepared statements over the native library, no ADO.NET in the hot loop.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>So long a statement waits for another process that holds the file.</summary>
    public const int BusyMs = 5_000;

    /// <summary>4 MiB, and 64 MiB in a large file.</summary>
    private const int PagesKept = 1_024;
    private const int PagesKeptMax = 16_384;

    /// <summary>4 MiB a round: some milliseconds of the engine's thread.</summary>
    private const int PagesOfRound = 1_024;
    private const long WalBytesMax = 16 * 1024 * 1024;

    private readonly sqlite3 _handle;
    private readonly int _incarnation;
    private readonly List<SqliteStatement> _statements = [];

    /// <summary>Only in a simulation, for what its thread opens.</summary>
    [ThreadStatic]
    private static IDiskWitness? s_witness;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle, string path) => (_handle, Path, _incarnation) = (handle, path, StoreFiles.Incarnation(path));

    public string Path { get; }

    internal static IDiskWitness? WitnessOfThread
    {
        set => s_witness = value;
    }

    internal IDiskWitness? Witness { get; } = s_witness;

    /// <summary>Rows the last statement changed.</summary>
    public long Changes => raw.sqlite3_changes(_handle);

    /// <summary>Opens for writing (created when missing): WAL, every commit synced to disk.</summary>
    /// <param name="newest">Newest schema version that is known; a file beyond it is refused before anything is written to it.</param>
    /// <exception cref="StoreException">The file cannot be opened, is no database, or is of a newer version.</exception>
    public static SqliteDatabase OpenWriter(string path, long newest = long.MaxValue)
    {
        var db = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        try
        {
            SchemaMigration.RefuseNewer(db, newest);
            Configure(db);
            return db;
        }
        catch (StoreException)
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Loads SQLite and the code that calls it, on a database in memory: the time a start needs for that passes beside other work.</summary>
    public static void WarmUp()
    {
        using var db = Open(":memory:", raw.SQLITE_OPEN_READWRITE);
        db.InTransaction(() => db.Execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB, c TEXT)"));
        using var insert = db.Prepare("INSERT INTO t(a, b, c) VALUES(?,?,?)");
        insert.Bind(1, 1).Bind(2, "b"u8).Bind(3, "c").Run();
        using var read = db.Prepare("SELECT a, b, c FROM t");
        while (read.Step()) _ = (read.Long(0), read.Blob(1).Length, read.Text(2));
    }

    private static void Configure(SqliteDatabase db)
    {
        db.Execute("PRAGMA auto_vacuum=INCREMENTAL");
        db.Execute("PRAGMA journal_mode=WAL");
        // FULL: the WAL is synced at each commit. NORMAL would lose acknowledged messages in a power cut.
        db.Execute("PRAGMA synchronous=FULL");
        db.Execute("PRAGMA foreign_keys=ON");
    }

    /// <summary>Opens for reading beside the writer.</summary>
    public static SqliteDatabase OpenReader(string path) => Open(path, raw.SQLITE_OPEN_READONLY);

    /// <summary>Opens beside the writer for what only somebody who may write can do.</summary>
    public static SqliteDatabase OpenBeside(string path) => Open(path, raw.SQLITE_OPEN_READWRITE);

    /// <summary>Copies what it can of the WAL into the database and syncs both; waits for nobody.</summary>
    /// <returns>Pages that stay to be copied.</returns>
    public long Checkpoint()
    {
        Check(raw.sqlite3_wal_checkpoint_v2(_handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out int pages, out int copied), "checkpoint");
        return Math.Max(0, pages - copied);
    }

    /// <summary>Opens a damaged file for what can still be read of it; the file stays as it is.</summary>
    public static SqliteDatabase OpenSalvage(string path)
    {
        var db = Open(path, raw.SQLITE_OPEN_READONLY);
        try
        {
            // Otherwise a file that is shorter than its header says cannot be opened at all.
            db.Execute("PRAGMA writable_schema=ON");
            db.Execute("PRAGMA cell_size_check=ON");
            return db;
        }
        catch (StoreException)
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>Returns free pages to the file system, a bounded part at a time. While a store lives from hand to mouth a few are kept: they are written again at once.</summary>
    /// <param name="everything">Keep none: room is short.</param>
    public void GiveBack(bool everything)
    {
        long free = ReadLong("PRAGMA freelist_count");
        if (free > 0 && (everything || free > Math.Clamp(ReadLong("PRAGMA page_count") / 4, PagesKept, PagesKeptMax))) Execute($"PRAGMA incremental_vacuum({PagesOfRound})");
        if (WalBytes() <= (everything ? 0 : WalBytesMax)) return;
        // Readers may stand in its way; they are not waited for.
        raw.sqlite3_busy_timeout(_handle, 0);
        try
        {
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        finally
        {
            raw.sqlite3_busy_timeout(_handle, BusyMs);
        }
    }

    public long WalBytes() => new FileInfo(Path + "-wal") is { Exists: true } wal ? wal.Length : 0;

    /// <summary>Ends what another thread runs on this connection, with an error there.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var handle), sql);
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql)
    {
        Witness?.Before(Path, writes: true);
        Check(raw.sqlite3_exec(_handle, sql), sql);
        Witness?.After(Path, writes: true);
    }

    public long ReadLong(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>Runs the action in one transaction; nothing of it stays when it fails.</summary>
    public void InTransaction(Action action)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            action();
            Execute("COMMIT");
        }
        catch (StoreException)
        {
            // The cause is already on its way; after some errors SQLite has rolled back by itself.
            if (raw.sqlite3_get_autocommit(_handle) == 0) raw.sqlite3_exec(_handle, "ROLLBACK");
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.ToArray()) statement.Dispose();
        raw.sqlite3_close_v2(_handle);
    }

    internal void Check(int code, string what)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        var refused = new StoreException(code & 0xFF, $"{Path}: {raw.sqlite3_errmsg(_handle).utf8_to_string()} (SQLite {raw.sqlite3_extended_errcode(_handle)}) at: {(what.Length > 80 ? what[..80] : what)}");
        // Whoever meets it, the writer has to know; unless it is of a file that was replaced meanwhile.
        if (refused.IsDamage && StoreFiles.Incarnation(Path) == _incarnation) StoreFiles.Suspect(Path, refused.Message);
        throw refused;
    }

    internal void Forget(SqliteStatement statement) => _statements.Remove(statement);

    private static SqliteDatabase Open(string path, int flags)
    {
        int code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            string words = handle is null ? "no memory" : raw.sqlite3_errmsg(handle).utf8_to_string();
            handle?.Dispose();
            throw new StoreException(code & 0xFF, $"{path}: {words}");
        }
        raw.sqlite3_busy_timeout(handle, BusyMs);
        return new SqliteDatabase(handle, path);
    }
}

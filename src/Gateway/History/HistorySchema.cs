using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.History;

/// <summary>Tables of <c>history.db</c>; what they hold is in FORMAT.md.</summary>
internal static class HistorySchema
{
    public const int Version = 1;

    private const string Version1 = """
        CREATE TABLE name(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
        CREATE TABLE block(id INTEGER PRIMARY KEY, resolution INTEGER NOT NULL, span INTEGER NOT NULL, device INTEGER NOT NULL,
            first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, rows INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX block_place ON block(resolution, span, device);
        CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <exception cref="StoreException">Not a database, damaged, or of a newer version.</exception>
    public static SqliteDatabase Open(string path)
    {
        var db = SqliteDatabase.OpenWriter(path, Version);
        try
        {
            SchemaMigration.Run(db, Version, Version1);
            return db;
        }
        catch (StoreException)
        {
            db.Dispose();
            throw;
        }
    }
}

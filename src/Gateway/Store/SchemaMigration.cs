using Gateway.Store.Sqlite;

namespace Gateway.Store;

/// <summary>Brings a file to the schema version this program knows; a newer file is refused, not touched.</summary>
internal static class SchemaMigration
{
    /// <exception cref="StoreException">The file is newer than this program.</exception>
    public static void RefuseNewer(SqliteDatabase db, long newest)
    {
        long found = db.ReadLong("PRAGMA user_version");
        if (found == 0 && db.ReadLong("SELECT count(*) FROM sqlite_schema") > 0) throw StoreException.NotOurs(db.Path, "a database of another program");
        if (found > newest)
            throw new StoreException(0, $"{db.Path}: schema version {found} was written by a newer gateway; this one knows up to {newest}. Upgrade the gateway, or restore the backup made before the upgrade");
    }

    /// <exception cref="StoreException">A database that only looks like ours: the table is not there.</exception>
    public static void Expect(SqliteDatabase db, string table)
    {
        using var found = db.Prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
        if (!found.Bind(1, table).Step()) throw StoreException.NotOurs(db.Path, $"a database without table {table}");
    }

    /// <param name="steps">One script for each version, the first makes version 1.</param>
    public static void Run(SqliteDatabase db, int version, params ReadOnlySpan<string> steps)
    {
        for (int next = (int)db.ReadLong("PRAGMA user_version"); next < version; next++)
        {
            string script = steps[next];
            int before = next;
            db.InTransaction(() =>
            {
                // Another process may have taken this step while we waited for our turn.
                if (db.ReadLong("PRAGMA user_version") != before) return;
                db.Execute(script);
                db.Execute($"PRAGMA user_version={before + 1}");
            });
        }
    }
}

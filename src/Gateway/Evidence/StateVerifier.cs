using Gateway.Domain.Configuration;
using Gateway.Domain.Evidence;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Evidence;

/// <summary>Verifies the chain of a <c>state.db</c>, and that the tables made from it say the same. Reads only, in one transaction: the gateway may run meanwhile.</summary>
public static class StateVerifier
{
    private const string Rows = "SELECT seq, at_ms, kind, body, hash FROM journal ORDER BY seq";

    /// <param name="outside">Checkpoints of this gateway that were kept elsewhere.</param>
    /// <exception cref="StoreException">The file cannot be opened, or is no store.</exception>
    public static ChainReport Verify(string path, string gateway, IEnumerable<Checkpoint> outside)
    {
        using var db = SqliteDatabase.OpenReader(path);
        db.Execute("BEGIN");
        var walk = new ChainWalk(gateway, outside);
        using var rows = db.Prepare(Rows);
        using var derived = new DerivedTables(db, walk);
        long last = 0;
        try
        {
            while (rows.Step())
            {
                last = rows.Long(0);
                // Before anything is taken out: SQLite converts in place what it is asked for.
                bool wellFormed = IsWellFormed(rows);
                var row = new ChainRow(last, rows.Long(1), rows.Blob(2), rows.Blob(3), rows.Blob(4), wellFormed);
                walk.Take(row);
                derived.Take(row);
            }
            derived.End();
        }
        catch (StoreException broken)
        {
            walk.Add(new ChainFinding(ChainFault.Unreadable, last + 1, last + 1, new LocalText($"第 {last} 行之后文件无法读取：{broken.Message}", $"the file cannot be read behind row {last}: {broken.Message}")));
        }
        return walk.End();
    }

    /// <summary>Types too: SQLite gives 1000 for a column that holds 1000.5.</summary>
    private static bool IsWellFormed(SqliteStatement row) => row.IsInteger(1) && row.IsText(2) && row.IsBlob(3) && row.IsBlob(4);
}

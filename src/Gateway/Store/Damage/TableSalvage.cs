using Gateway.Store.Sqlite;

namespace Gateway.Store.Damage;

/// <summary>
/// Copies what can be read of a damaged table, row by row: from both ends up to what cannot be read, then from the middle of what is left, again and again, until the rest is
/// unreadable or not worth another attempt.
/// </summary>
/// <param name="keep">Gets each row that was read; the columns start at 0.</param>
/// <param name="alive">Called now and then: a large file takes long, and a supervisor watches.</param>
internal sealed class TableSalvage(SqliteDatabase from, Action<SqliteStatement> keep, Action alive)
{
    /// <summary>Attempts to enter an unreadable region of one table; each costs a descent of the tree.</summary>
    private const int ProbesMax = 4_000;

    private const int RowsBetweenSigns = 500;

    private int _probes;

    public long Rows { get; private set; }

    /// <summary>Every row that was ever there could be read.</summary>
    public bool Whole { get; private set; } = true;

    /// <summary>A table with row ids.</summary>
    /// <param name="columns">Comma-separated; each row that is kept has them in this order.</param>
    /// <param name="highest">About the highest row id there was.</param>
    public void ByRowId(string table, string columns, long highest)
    {
        try
        {
            using var up = from.Prepare($"SELECT {columns}, rowid FROM {table} WHERE rowid BETWEEN ? AND ? ORDER BY rowid");
            using var down = from.Prepare($"SELECT {columns}, rowid FROM {table} WHERE rowid BETWEEN ? AND ? ORDER BY rowid DESC");
            int id = columns.Count(',') + 1;
            var left = new Queue<(long Low, long High)>([(long.MinValue, long.MaxValue)]);
            while (left.TryDequeue(out var range))
            {
                var (low, high) = range;
                if (Run(up.Bind(1, low).Bind(2, high), row => low = row.Long(id) + 1)) continue;
                Whole = false;
                if (Run(down.Bind(1, low).Bind(2, high), row => high = row.Long(id) - 1)) continue;
                if (high == long.MaxValue) high = Math.Max(highest, low);
                low = Math.Max(low, 0);
                if (low >= high || ++_probes > ProbesMax) continue;
                long middle = low + (high - low) / 2;
                left.Enqueue((low, middle));
                left.Enqueue((middle + 1, high));
            }
        }
        catch (StoreException unreadable) when (unreadable.IsDamage || unreadable.Code == Error)
        {
            // The table itself is not there any more: its entry of the schema cannot be read.
            Whole = false;
        }
    }

    /// <summary>A table without row ids: from both ends of its key.</summary>
    public void ByKey(string table, string columns, string key)
    {
        try
        {
            using var up = from.Prepare($"SELECT {columns} FROM {table} ORDER BY {key}");
            if (Run(up, _ => { })) return;
            Whole = false;
            using var down = from.Prepare($"SELECT {columns} FROM {table} ORDER BY {string.Join(", ", key.Split(',').Select(k => k + " DESC"))}");
            Run(down, _ => { });
        }
        catch (StoreException unreadable) when (unreadable.IsDamage || unreadable.Code == Error)
        {
            Whole = false;
        }
    }

    /// <summary>SQLITE_ERROR: no such table or column.</summary>
    private const int Error = 1;

    /// <returns>True when it came to the end of the range.</returns>
    private bool Run(SqliteStatement rows, Action<SqliteStatement> passed)
    {
        try
        {
            while (rows.Step())
            {
                keep(rows);
                passed(rows);
                if (++Rows % RowsBetweenSigns == 0) alive();
            }
            return true;
        }
        catch (StoreException unreadable) when (unreadable.IsDamage)
        {
            return false;
        }
        finally
        {
            rows.Reset();
        }
    }
}

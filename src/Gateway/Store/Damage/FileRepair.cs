using Gateway.Store.Sqlite;

namespace Gateway.Store.Damage;

/// <summary>Moves a damaged file aside and fills a new one with every row that can be read: what is the same for each file of the store.</summary>
/// <param name="alive">Called now and then while it works.</param>
internal sealed class FileRepair(string path, string found, DateTimeOffset now, Action alive)
{
    /// <summary>Rows of one transaction: a crash in the middle costs a second repair, not the rows.</summary>
    private const int RowsOfCommit = 2_000;

    private readonly List<TableCount> _tables = [];
    private readonly Dictionary<string, long> _highest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<SqliteStatement, bool>> _sound = new(StringComparer.Ordinal);

    /// <summary>About the highest row id a table can have: from there it is searched when its end cannot be read.</summary>
    public FileRepair Highest(string table, long row)
    {
        _highest[table] = row;
        return this;
    }

    /// <summary>What a row of a table must be like; others are not kept. Columns in the order of the table.</summary>
    public FileRepair Sound(string table, Func<SqliteStatement, bool> sound)
    {
        _sound[table] = sound;
        return this;
    }

    /// <param name="create">Makes the new, empty file.</param>
    /// <param name="mend">Puts what refers to each other in order once everything is copied.</param>
    /// <exception cref="StoreException">The new file cannot be written.</exception>
    public FileDamage Run(Action create, Func<SqliteDatabase, FileDamage, FileDamage> mend)
    {
        string? folder = DamageFolder.Unfinished(path);
        // What the recovery that was cut short had made so far is made again.
        if (folder is not null) foreach (string half in (string[])[path, path + "-wal", path + "-shm"]) File.Delete(half);
        else folder = DamageFolder.Take(path, now);
        create();
        string name = Path.GetFileName(path);
        string? moved = folder is null ? null : Path.Combine(folder, name);
        using var target = SqliteDatabase.OpenWriter(path);
        if (moved is not null && new FileInfo(moved) is { Exists: true, Length: > 0 }) Copy(moved, target);
        var damage = mend(target, new FileDamage(name, found, folder is null ? null : $"{DamageFolder.Root}/{Path.GetFileName(folder)}", moved is null ? null : DamageFolder.HashOf(moved), _tables));
        damage = damage with { Forgotten = DamageFolder.Bound(Path.GetDirectoryName(path)!) };
        if (folder is not null)
        {
            DamageReport.Write(damage with { MovedTo = folder }, now);
            DamageFolder.Finished(folder);
        }
        StoreFiles.Replaced(path);
        return damage;
    }

    private void Copy(string moved, SqliteDatabase target)
    {
        string headed = moved + ".headed";
        var tables = Tables(target);
        try
        {
            using var source = TryOpen(moved) ?? (SoundHead.TryGive(moved, headed, target) ? TryOpen(headed) : null);
            foreach (var table in tables)
            {
                if (source is not null) Copy(source, target, table);
                else _tables.Add(new TableCount(table.Name, 0, false));
            }
        }
        finally
        {
            File.Delete(headed);
        }
    }

    /// <returns>Null when not even the schema can be read.</returns>
    private static SqliteDatabase? TryOpen(string file)
    {
        SqliteDatabase? source = null;
        try
        {
            source = SqliteDatabase.OpenSalvage(file);
            if (source.ReadLong("SELECT count(*) FROM sqlite_schema") > 0) return source;
        }
        catch (StoreException unreadable) when (unreadable.IsDamage)
        {
            // The first page is wrong; another way in may be found.
        }
        source?.Dispose();
        return null;
    }

    private void Copy(SqliteDatabase source, SqliteDatabase target, Table table)
    {
        string columns = string.Join(',', table.Columns);
        using var insert = target.Prepare($"INSERT OR IGNORE INTO {table.Name}({columns}) VALUES({string.Join(',', table.Columns.Select(_ => "?"))})");
        long kept = 0, pending = 0, read = 0;
        target.Execute("BEGIN IMMEDIATE");
        var salvage = new TableSalvage(source, row =>
        {
            read++;
            if (_sound.TryGetValue(table.Name, out var sound) && !sound(row)) return;
            for (int i = 0; i < table.Columns.Count; i++) row.CopyTo(insert, i, i + 1);
            insert.Run();
            kept += target.Changes;
            if (++pending % RowsOfCommit == 0) target.Execute("COMMIT; BEGIN IMMEDIATE");
        }, alive);
        if (table.Key is { } key) salvage.ByKey(table.Name, columns, key);
        else salvage.ByRowId(table.Name, columns, _highest.GetValueOrDefault(table.Name, 1_000_000));
        target.Execute("COMMIT");
        _tables.Add(new TableCount(table.Name, kept, salvage.Whole && kept == read));
    }

    /// <summary>The tables as they must be, which the new file knows.</summary>
    private static List<Table> Tables(SqliteDatabase target)
    {
        var tables = new List<Table>();
        using var names = target.Prepare("SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
        while (names.Step())
        {
            using var info = target.Prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid").Bind(1, names.Text(0));
            var columns = info.All(r => (Name: r.Text(0), Key: r.Long(1)));
            string? key = names.Long(1) == 1 ? string.Join(',', columns.Where(c => c.Key > 0).OrderBy(c => c.Key).Select(c => c.Name)) : null;
            tables.Add(new Table(names.Text(0), [.. columns.Select(c => c.Name)], key));
        }
        return tables;
    }

    /// <param name="Key">Columns of the key of a table without row ids, else null.</param>
    private sealed record Table(string Name, IReadOnlyList<string> Columns, string? Key);
}

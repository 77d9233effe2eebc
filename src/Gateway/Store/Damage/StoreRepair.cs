using Gateway.Store.Sqlite;

namespace Gateway.Store.Damage;

/// <summary>What a recovered file needs so that the store can go on with it: one method for each file.</summary>
internal static class StoreRepair
{
    /// <summary>Lines left out after an end that could not be read: the state's frontier may be so far behind what was acknowledged, and more.</summary>
    public const long Room = 100_000;

    /// <summary>What is wrong with a file before anything is opened, in words; null when nothing is to be seen from outside.</summary>
    public static string? SeenFromOutside(string path)
    {
        if (DamageFolder.Unfinished(path) is { } unfinished) return $"{path}: its recovery from {unfinished} was cut short";
        if (Directory.Exists(path)) return $"{path}: expected a file, saw a folder";
        var (file, wal) = (new FileInfo(path), new FileInfo(path + "-wal"));
        if (!wal.Exists || wal.Length == 0) return null;
        // SQLite would delete such a WAL without a word.
        if (!file.Exists || file.Length == 0) return $"{path}: a WAL of {wal.Length} bytes without its database";
        Span<byte> magic = stackalloc byte[4];
        using var stream = wal.OpenRead();
        bool known = stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic[0] == 0x37 && magic[1] == 0x7f && magic[2] == 0x06 && magic[3] is 0x82 or 0x83;
        // A header of zeros is what a crash at the very beginning of a WAL leaves.
        return known || magic.IndexOfAnyExcept((byte)0) < 0 ? null : $"{path}: its WAL is none (SQLite WALs begin with 377f0682 or 377f0683, this one with {Convert.ToHexStringLower(magic)})";
    }

    /// <summary>Opens a file; a damaged one is recovered first.</summary>
    public static (T Store, FileDamage? Damage) Open<T>(string path, Func<string, T> open, Func<string, FileDamage> repair)
    {
        string? found = SeenFromOutside(path) ?? StoreFiles.Suspicion(path);
        if (found is null)
        {
            try
            {
                return (open(path), null);
            }
            catch (StoreException damage) when (damage.IsDamage)
            {
                found = damage.Message;
            }
        }
        var repaired = repair(found);
        return (open(path), repaired);
    }

    /// <param name="known">Lines before this were certainly committed: the state's frontier, the cursors, the mark.</param>
    /// <param name="settled">Lines before this are with every target, or were given up and recorded: not missed. Null: nobody knows where the history began.</param>
    public static FileDamage Telemetry(string path, string found, DateTimeOffset now, long known, long? settled, Action alive) =>
        new FileRepair(path, found, now, alive).Highest("segment", known + Room).Sound("segment", SegmentForms.IsSound).Run(
            () => TelemetryStore.Open(path).Dispose(),
            (target, damage) => NumberOn(target, damage, known, settled));

    public static FileDamage State(string path, string found, DateTimeOffset now, Action alive) => new FileRepair(path, found, now, alive).Run(
        () => StateStore.Open(path).Dispose(),
        (target, damage) =>
        {
            long last = target.ReadLong("SELECT max(seq) FROM journal");
            // Numbers others have seen are not used again: alarms and intervals carry theirs.
            long seen = Math.Max(target.ReadLong("SELECT max(seq) FROM alarm"), Math.Max(target.ReadLong("SELECT max(seq) FROM presence_interval"), target.ReadLong("SELECT max(seq) FROM work_interval")));
            long next = Math.Max(last, seen) + 1;
            // The last row of the first run without a hole.
            long good = target.ReadLong("SELECT min(seq) FROM journal") == 1 ? target.ReadLong("SELECT min(seq) FROM journal j WHERE NOT EXISTS(SELECT 1 FROM journal WHERE seq = j.seq + 1)") : 0;
            long said = target.ReadLong("SELECT coalesce(sum(json_extract(CAST(body AS TEXT), '$.rowsLost')), 0) FROM journal WHERE kind = 'damage'");
            return damage with { LastGoodSeq = good, RowsLost = Math.Max(0, next - 1 - target.ReadLong("SELECT count(*) FROM journal") - said), NextSeq = next };
        });

    public static FileDamage Mqtt(string path, string found, DateTimeOffset now, Action alive) => new FileRepair(path, found, now, alive).Run(
        () => MqttStore.Open(path).Dispose(),
        (target, damage) =>
        {
            target.Execute("""
                DELETE FROM queue WHERE message NOT IN (SELECT id FROM message) OR client NOT IN (SELECT client FROM session);
                DELETE FROM message WHERE id NOT IN (SELECT message FROM queue);
                DELETE FROM subscription WHERE client NOT IN (SELECT client FROM session);
                DELETE FROM received WHERE client NOT IN (SELECT client FROM session);
                """);
            return damage;
        });

    /// <summary>Numbers go on beyond everything that was ever acknowledged; what is missing before is named.</summary>
    private static FileDamage NumberOn(SqliteDatabase target, FileDamage damage, long known, long? settled)
    {
        var missing = new List<LineRange>();
        long next = settled ?? 0, lastMs = 0;
        using (var rows = target.Prepare("SELECT first_line, lines, received_ms FROM segment ORDER BY first_line"))
        {
            bool first = true;
            while (rows.Step())
            {
                long from = rows.Long(0);
                // Without a cursor nobody knows where the history began.
                if (from > next && !(first && settled is null)) missing.Add(new LineRange(next, from, lastMs, rows.Long(2)));
                (next, lastMs, first) = (Math.Max(next, from + rows.Long(1)), rows.Long(2), false);
            }
        }
        known = Math.Max(known, target.ReadLong("SELECT value FROM meta WHERE key = 'next_line'"));
        if (known > next) missing.Add(new LineRange(next, known, lastMs, lastMs));
        bool whole = damage.Tables.Any(t => t.Table == "segment" && t.Whole) && known <= next;
        // Where the end could not be read, more may have been acknowledged than anybody wrote down.
        long end = Math.Max(next, known) + (whole ? 0 : Room);
        target.Execute($"INSERT INTO meta(key, value) VALUES('next_line', {end}) ON CONFLICT(key) DO UPDATE SET value = excluded.value");
        return damage with { Missing = missing, NumbersFrom = missing.Count > 0 ? missing[0].From : next, NumbersTo = end };
    }
}

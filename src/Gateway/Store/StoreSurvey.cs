using Gateway.Bureau;
using Gateway.Store.Damage;
using Gateway.Store.Sqlite;
using Gateway.Uplink;

namespace Gateway.Store;

/// <summary>What stands in the store at one moment, read beside a running gateway or without one.</summary>
/// <param name="Committed">Lines that were ever acknowledged.</param>
/// <param name="Judged">Lines whose consequences are on disk too.</param>
/// <param name="BudgetBytes">What telemetry may take.</param>
/// <param name="FreeBytesMin">Below this the oldest telemetry goes.</param>
public sealed record StoreSurvey(
    string Directory, DateTimeOffset At, long Committed, long Judged, TelemetrySurvey Telemetry, LaneOneSurvey LaneOne, IReadOnlyList<TargetSurvey> Targets, IReadOnlyList<FileSurvey> Files,
    long BudgetBytes, long FreeBytes, long FreeBytesMin, bool ReserveHeld, long Quarantined, GapSurvey Gaps, long JournalSeq, string JournalHash, IReadOnlyList<string> Damaged)
{
    /// <exception cref="StoreException">A file cannot be read.</exception>
    /// <exception cref="IOException">There is no store.</exception>
    public static StoreSurvey Take(StoreOptions options, IReadOnlyList<string> targets, DateTimeOffset now)
    {
        if (!File.Exists(options.StatePath) || !File.Exists(options.TelemetryPath)) throw new IOException($"{options.Directory}: there is no store");
        using var state = SqliteDatabase.OpenReader(options.StatePath);
        using var telemetry = SqliteDatabase.OpenReader(options.TelemetryPath);
        long committed = telemetry.ReadLong(TelemetryStore.NextLineSql);
        using var head = state.Prepare("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");
        bool any = head.Step();
        return new StoreSurvey(options.Directory, now, committed, state.ReadLong("SELECT value FROM meta WHERE key = 'telemetry_frontier'"),
            new TelemetrySurvey(
                telemetry.ReadLong("SELECT coalesce(sum(lines), 0) FROM segment"), telemetry.ReadLong("SELECT coalesce(sum(length(body)), 0) FROM segment"),
                telemetry.ReadLong("SELECT coalesce(sum(lines), 0) FROM segment WHERE form = 1"), telemetry.ReadLong("SELECT coalesce(sum(length(body)), 0) FROM segment WHERE form = 1"),
                Age(telemetry.ReadLong("SELECT received_ms FROM segment ORDER BY first_line LIMIT 1"), now), telemetry.ReadLong("SELECT value FROM meta WHERE key = 'dropped_lines'")),
            new LaneOneSurvey(state.ReadLong("SELECT count(*) FROM lane_one"), state.ReadLong("SELECT coalesce(sum(lines), 0) FROM lane_one"), state.ReadLong("SELECT coalesce(sum(length(body)), 0) FROM lane_one")),
            [.. targets.Select(t => TargetOf(t, state, telemetry, committed, now))],
            [.. new[] { StateStore.Name, TelemetryStore.Name, MqttStore.Name }.Where(n => File.Exists(Path.Combine(options.Directory, n))).Select(n => FileOf(options.Directory, n))],
            options.TelemetryMiBMax * 1024L * 1024L, FreeSpace.Of(options.Directory), options.FreeMiBMin * 1024L * 1024L, options.ReserveMiB == 0 || File.Exists(options.ReservePath),
            state.ReadLong("SELECT count(*) FROM quarantine"),
            new GapSurvey(state.ReadLong("SELECT count(*) FROM journal WHERE kind = 'gap'"), state.ReadLong("SELECT coalesce(sum(json_extract(CAST(body AS TEXT), '$.lines')), 0) FROM journal WHERE kind = 'gap'")),
            any ? head.Long(0) : 0, any ? Convert.ToHexStringLower(head.Blob(1)) : "", DamagedOf(options.Directory));
    }

    private static TargetSurvey TargetOf(string target, SqliteDatabase state, SqliteDatabase telemetry, long committed, DateTimeOffset now)
    {
        (long Next, long Settled) Cursor(string lane)
        {
            using var row = state.Prepare("SELECT next, settled FROM cursor WHERE target = ? AND lane = ?").Bind(1, target).Bind(2, lane);
            return row.Step() ? (row.Long(0), row.Long(1)) : (0, 0);
        }
        var (next, settled) = Cursor(UplinkLedger.Telemetry);
        long one = Cursor(UplinkLedger.LaneOne).Next;
        using var oldest = telemetry.Prepare("SELECT received_ms FROM segment WHERE first_line + lines > ? ORDER BY first_line LIMIT 1").Bind(1, next);
        using var alarms = state.Prepare("SELECT coalesce(sum(lines), 0) FROM lane_one WHERE seq >= ?").Bind(1, one);
        // A bureau is told of measurements, not of alarms.
        return new TargetSurvey(target, next, settled, Math.Max(0, committed - next), Age(oldest.Number(), now), BureauOptions.IsTarget(target) ? 0 : alarms.Number());
    }

    private static FileSurvey FileOf(string directory, string name)
    {
        string path = Path.Combine(directory, name);
        using var db = SqliteDatabase.OpenReader(path);
        return new FileSurvey(name, db.ReadLong("PRAGMA user_version"), new FileInfo(path).Length, new FileInfo(path + "-wal") is { Exists: true } wal ? wal.Length : 0, db.ReadLong("PRAGMA freelist_count") * db.ReadLong("PRAGMA page_size"));
    }

    private static string[] DamagedOf(string directory)
    {
        string root = Path.Combine(directory, DamageFolder.Root);
        return System.IO.Directory.Exists(root) ? [.. System.IO.Directory.GetDirectories(root).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)] : [];
    }

    private static long? Age(long ms, DateTimeOffset now) => ms == 0 ? null : Math.Max(0, (now.ToUnixTimeMilliseconds() - ms) / 1000);
}

/// <param name="Bytes">Of all bodies as they lie on disk.</param>
/// <param name="OldestSeconds">Age of the oldest line; null without one.</param>
/// <param name="Dropped">Lines that were given up under the budget, ever.</param>
public sealed record TelemetrySurvey(long Lines, long Bytes, long CompressedLines, long CompressedBytes, long? OldestSeconds, long Dropped);

public sealed record LaneOneSurvey(long Rows, long Lines, long Bytes);

/// <param name="Sent">First line not offered live yet.</param>
/// <param name="Settled">First line that may have to be sent yet or again.</param>
/// <param name="LagSeconds">Age of the first line not offered yet; null when it has all.</param>
/// <param name="AlarmLines">Lines of lane one it was not offered yet.</param>
public sealed record TargetSurvey(string Name, long Sent, long Settled, long LagLines, long? LagSeconds, long AlarmLines);

/// <param name="FreeBytes">Pages within the file that hold nothing.</param>
public sealed record FileSurvey(string Name, long SchemaVersion, long Bytes, long WalBytes, long FreeBytes);

public sealed record GapSurvey(long Rows, long Lines);

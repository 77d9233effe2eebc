using Gateway.Domain.Compliance;
using Gateway.Domain.Ledger;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Domain.Reports;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Reports;

/// <summary>Takes from a <c>state.db</c> what a report is made of, and the chain that a report is made again from. Reads only, in one transaction: the gateway may run meanwhile.</summary>
public static class ReportSource
{
    private const string HeartbeatKey = "heartbeat_ms";

    /// <param name="ledger">The one that held at the chain's head: devices, certificates and policies are not in the chain.</param>
    /// <param name="window">Nothing behind the last heartbeat is accounted: nobody knows what came then.</param>
    /// <exception cref="StoreException">The file cannot be read, or holds no chain yet.</exception>
    public static ReportInput Take(string statePath, string gateway, SiteLedger ledger, string ledgerSha256, AccountWindow window)
    {
        using var db = SqliteDatabase.OpenReader(statePath);
        db.Execute("BEGIN");
        var (headSeq, headHash) = Head(db);
        if (headSeq == 0) throw new StoreException(0, $"{statePath}: the chain is empty, there is nothing to report");
        long aliveMs = AliveMs(db);
        return ReportFacts.Of(ledger, new ReportInput(
            ReportFacts.SiteOf(ledger),
            new ReportEvidence(gateway, ledgerSha256, headSeq, headHash),
            window,
            aliveMs,
            new ReportPolicy(UnknownCounts.AsNotOnline, new LifecyclePolicy()),
            [],
            [],
            [],
            [],
            Intervals(db, window),
            Open(db),
            Entries(db),
            Work(db, window),
            Data(db, window, headSeq)) { Measured = Measured(db) });
    }

    /// <summary>The whole chain in its order.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public static IEnumerable<ReportRow> Rows(string statePath)
    {
        using var db = SqliteDatabase.OpenReader(statePath);
        db.Execute("BEGIN");
        using var rows = db.Prepare("SELECT seq, at_ms, kind, body, hash FROM journal ORDER BY seq");
        while (rows.Step()) yield return new ReportRow(rows.Long(0), rows.Long(1), rows.Text(2), rows.Blob(3).ToArray(), rows.Blob(4).ToArray());
    }

    internal static long AliveMs(SqliteDatabase db) => db.ReadLong($"SELECT CAST(value AS INTEGER) FROM meta WHERE key = '{HeartbeatKey}'");

    internal static (long Seq, string Hash) Head(SqliteDatabase db)
    {
        using var row = db.Prepare("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");
        return row.Step() ? (row.Long(0), Convert.ToHexStringLower(row.Blob(1))) : (0, "");
    }

    private static List<AccountInterval> Intervals(SqliteDatabase db, AccountWindow window)
    {
        using var rows = db.Prepare("SELECT device, state, cause, from_ms, to_ms, seq FROM presence_interval WHERE to_ms > ? AND from_ms < ?").Bind(1, window.FromMs).Bind(2, window.ToMs);
        var texts = new TextShelf();
        return rows.All(r => new AccountInterval(texts.Of(r.Blob(0)), (PresenceState)r.Long(1), texts.Of(r.Blob(2)), r.Long(3), r.Long(4), r.Long(5)));
    }

    internal static List<OpenInterval> Open(SqliteDatabase db)
    {
        using var rows = db.Prepare("SELECT device, state, cause, interval_from_ms FROM presence");
        return rows.All(r => new OpenInterval(r.Text(0), (PresenceState)r.Long(1), r.Text(2), r.Long(3)));
    }

    private static List<WorkingInterval> Work(SqliteDatabase db, AccountWindow window)
    {
        if (db.ReadLong("PRAGMA user_version") < StateSchema.WorkSince) return [];
        var texts = new TextShelf();
        using var rows = db.Prepare("SELECT device, from_ms, to_ms, operator, seq FROM work_interval WHERE to_ms > ? AND from_ms < ?").Bind(1, window.FromMs).Bind(2, window.ToMs);
        return rows.All(r => new WorkingInterval(texts.Of(r.Blob(0)), r.Long(1), r.Long(2), r.TextOrNull(3), r.Long(4)));
    }

    /// <summary>Days as the chain counted them. A day is counted once it is over.</summary>
    private static List<DataDay> Data(SqliteDatabase db, AccountWindow window, long headSeq)
    {
        using var rows = db.Prepare($"SELECT body, seq FROM journal WHERE kind = '{DataDayJson.RowKind}' AND seq <= ? AND at_ms >= ? ORDER BY seq").Bind(1, headSeq).Bind(2, window.FromMs);
        return [.. rows.All(r => DataDayJson.Read(r.Blob(0).ToArray(), r.Long(1))).OfType<DataDay>()];
    }

    internal static List<LifecycleEntry> Entries(SqliteDatabase db)
    {
        using var rows = db.Prepare($"SELECT body, seq, at_ms FROM journal WHERE kind = '{LifecycleJson.RowKind}' ORDER BY seq");
        return [.. rows.All(r => LifecycleJson.Read(r.Blob(0).ToArray(), r.Long(1), r.Long(2))).OfType<LifecycleEntry>()];
    }

    private static List<MeasuredSpan> Measured(SqliteDatabase db)
    {
        using var rows = db.Prepare($"SELECT body, seq FROM journal WHERE kind = '{MeasuredJson.RowKind}' ORDER BY seq");
        return [.. rows.All(r => MeasuredJson.Read(r.Blob(0).ToArray(), r.Long(1))).OfType<MeasuredSpan>()];
    }
}

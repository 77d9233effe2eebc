using Gateway.Domain.Compliance;
using Gateway.Domain.Reports;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Reports;

/// <summary>Ties a report to one row of the chain, so that whoever names the row gets the same bytes again.</summary>
/// <remarks>
/// A window that was over when its row was written is accounted up to the row's time; one that was not, up to the gateway's last heartbeat, unless the row is asked for by its number.
/// What a device was in is listed only where it reaches into the window: what began later cannot matter, and would tell two reports of the same rows apart.
/// </remarks>
public static class ReportMoment
{
    /// <param name="taken">From <see cref="ReportSource"/>.</param>
    /// <param name="asOfSeq">The row; null: the head that was taken.</param>
    /// <returns>Null when the chain has no such row yet.</returns>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public static ReportInput? Of(string statePath, ReportInput taken, long? asOfSeq)
    {
        long seq = asOfSeq ?? taken.Evidence.HeadSeq;
        if (seq > taken.Evidence.HeadSeq) return null;
        using var db = SqliteDatabase.OpenReader(statePath);
        using var row = db.Prepare("SELECT at_ms, hash FROM journal WHERE seq = ?").Bind(1, seq);
        if (!row.Step()) return null;
        var (rowMs, hash) = (row.Long(0), Convert.ToHexStringLower(row.Blob(1)));
        long asOfMs = asOfSeq is not null || rowMs >= taken.Window.ToMs ? rowMs : taken.AsOfMs;
        var (closed, open) = AsOf.Row(taken.Presence, taken.Open, seq, Math.Min(asOfMs, taken.Window.ToMs));
        return taken with { Evidence = taken.Evidence with { HeadSeq = seq, HeadHash = hash }, AsOfMs = asOfMs, Presence = closed, Open = open };
    }

    /// <summary>Number of the newest row that a report of this window can rest on: while it stays, an earlier report of a window that is over still holds.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public static long NewestRow(string statePath, AccountWindow window)
    {
        using var db = SqliteDatabase.OpenReader(statePath);
        using var interval = db.Prepare("SELECT coalesce(max(seq), 0) FROM presence_interval WHERE to_ms > ? AND from_ms < ?").Bind(1, window.FromMs).Bind(2, window.ToMs);
        using var entry = db.Prepare("SELECT coalesce(max(seq), 0) FROM journal WHERE kind IN ('lifecycle', 'work', 'measured', 'data-day', 'ledger', 'boot')");
        return Math.Max(interval.Number(), entry.Number());
    }

    /// <summary>When the chain begins, ms: no report has anything of the time before. 0: it is empty.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public static long FirstMs(string statePath)
    {
        using var db = SqliteDatabase.OpenReader(statePath);
        using var row = db.Prepare("SELECT at_ms FROM journal ORDER BY seq LIMIT 1");
        return row.Number();
    }
}

using System.Globalization;
using System.Text.Json;
using Gateway.Domain.Compliance;
using Gateway.Domain.Ledger;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Reports;

/// <summary>What is asked of the intervals: of one device or all (null), that lie in [from, to), ms, behind a cursor.</summary>
public sealed record PresenceAsked(string? Device, long FromMs, long ToMs, PresenceCursor Cursor, int Limit);

/// <summary>Where a page ended: intervals come in order of their end, and of their row where they end together.</summary>
public readonly record struct PresenceCursor(long ToMs, long Seq)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ToMs}.{Seq}");

    /// <summary>Null: no cursor of ours.</summary>
    public static PresenceCursor? Read(string text) =>
        text.Split('.') is [var to, var row] && long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out long toMs) && long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out long seq)
            ? new PresenceCursor(toMs, seq)
            : null;
}

/// <summary>One interval with the states of life it runs through.</summary>
/// <param name="ToMs">Null: it is still open.</param>
/// <param name="Seq">Its row of the chain; 0: it is still open.</param>
public sealed record PresenceRow(string Device, PresenceState State, string Cause, long FromMs, long? ToMs, long Seq, IReadOnlyList<LifecycleState> Lifecycle);

/// <param name="Open">What is open, on the last page: it comes behind everything that is closed.</param>
/// <param name="Next">Null: this was the last page.</param>
/// <param name="AliveMs">Up to when the gateway is known to have watched, ms.</param>
public sealed record PresencePage(IReadOnlyList<PresenceRow> Items, IReadOnlyList<PresenceRow> Open, PresenceCursor? Next, long HeadSeq, string HeadHash, long AliveMs);

/// <summary>Reads presence intervals out of a <c>state.db</c>, page by page. Reads only, in one transaction: the gateway may run meanwhile.</summary>
public static class PresenceQuery
{
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public static PresencePage Page(string statePath, SiteLedger ledger, PresenceAsked asked)
    {
        using var db = SqliteDatabase.OpenReader(statePath);
        db.Execute("BEGIN");
        var (headSeq, headHash) = ReportSource.Head(db);
        long aliveMs = ReportSource.AliveMs(db);
        var zone = ledger.Site.TimeZone;
        var timeline = LifecycleTimeline.Build(ReportSource.Entries(db), aliveMs, ledger.Devices.Select(d => AccountDevice.Of(d, enterprise: null, zone).Service), new LifecyclePolicy());
        var closed = Closed(db, asked);
        PresenceCursor? next = closed.Count > asked.Limit ? new PresenceCursor(closed[asked.Limit - 1].ToMs, closed[asked.Limit - 1].Seq) : null;
        var items = closed.Take(asked.Limit).Select(i => new PresenceRow(i.Device, i.State, i.Cause, i.FromMs, i.ToMs, i.Seq, Lives(timeline, i.Device, i.FromMs, i.ToMs))).ToList();
        var open = next is not null ? [] : ReportSource.Open(db).Where(o => o.FromMs < asked.ToMs && aliveMs > asked.FromMs && (asked.Device is null || o.Device == asked.Device))
            .Select(o => new PresenceRow(o.Device, o.State, o.Cause, o.FromMs, null, 0, Lives(timeline, o.Device, o.FromMs, Math.Max(aliveMs, o.FromMs + 1)))).ToList();
        return new PresencePage(items, open, next, headSeq, headHash, aliveMs);
    }

    /// <summary>The interval of one row of the chain, or null.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public static AccountInterval? Find(string statePath, long seq)
    {
        using var db = SqliteDatabase.OpenReader(statePath);
        using var row = db.Prepare("SELECT body FROM journal WHERE seq = ? AND kind = 'interval'").Bind(1, seq);
        if (!row.Step() || JsonSerializer.Deserialize(row.Blob(0), ViewJson.Default.IntervalRow) is not { } interval) return null;
        return new AccountInterval(interval.Device, interval.State, interval.Cause, interval.From.ToUnixTimeMilliseconds(), interval.To.ToUnixTimeMilliseconds(), seq);
    }

    private static List<AccountInterval> Closed(SqliteDatabase db, PresenceAsked asked)
    {
        string ofDevice = asked.Device is null ? "" : "device = ?6 AND ";
        using var rows = db.Prepare($"SELECT device, state, cause, from_ms, to_ms, seq FROM presence_interval WHERE {ofDevice}to_ms > ?1 AND from_ms < ?2 AND (to_ms, seq) > (?3, ?4) ORDER BY to_ms, seq LIMIT ?5")
            .Bind(1, asked.FromMs).Bind(2, asked.ToMs).Bind(3, asked.Cursor.ToMs).Bind(4, asked.Cursor.Seq).Bind(5, asked.Limit + 1L);
        if (asked.Device is not null) rows.Bind(6, asked.Device);
        return rows.All(r => new AccountInterval(r.Text(0), (PresenceState)r.Long(1), r.Text(2), r.Long(3), r.Long(4), r.Long(5)));
    }

    private static List<LifecycleState> Lives(LifecycleTimeline timeline, string device, long fromMs, long toMs) =>
        [.. timeline.Of(device).Where(s => s.FromMs < toMs && s.ToMs > fromMs).Select(s => s.State)];
}

using Gateway.Domain.Lifecycle;
using Gateway.Store.Sqlite;

namespace Gateway.Lifecycle;

/// <summary>An entry somebody asked for and nobody else has agreed to yet: it counts for nothing.</summary>
/// <param name="Entry">As asked for, without number and approver.</param>
/// <param name="ExpiresMs">Undecided by then it is over, ms.</param>
/// <param name="Decision">Null, <c>approved</c> or <c>declined</c>.</param>
/// <param name="EntrySeq">The row it became.</param>
public sealed record LifecycleRequest(string Id, LifecycleEntry Entry, long AtMs, long ExpiresMs, string? Decision, string? DecidedBy, long? DecidedMs, long? EntrySeq)
{
    public const string Approved = "approved";

    public const string Declined = "declined";

    internal const string Select = "SELECT id, body, at_ms, expires_ms, decision, decided_by, decided_ms, entry_seq FROM lifecycle_request";

    /// <summary>In one word: <c>pending</c>, <c>expired</c>, or the decision.</summary>
    public string StateAt(long nowMs) => Decision ?? (nowMs >= ExpiresMs ? "expired" : "pending");

    internal static LifecycleRequest Read(SqliteStatement row)
    {
        var (id, atMs) = (row.Text(0), row.Long(2));
        var entry = LifecycleJson.Read(row.Blob(1).ToArray(), 0, atMs) ?? throw new InvalidOperationException($"lifecycle request {id} cannot be read");
        return new LifecycleRequest(id, entry, atMs, row.Long(3), row.TextOrNull(4), row.TextOrNull(5), row.IsNull(6) ? null : row.Long(6), row.IsNull(7) ? null : row.Long(7));
    }
}

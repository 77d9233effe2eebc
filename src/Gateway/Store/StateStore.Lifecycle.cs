using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Lifecycle;

namespace Gateway.Store;

/// <summary>The lifecycle log, and requests that wait for a second person.</summary>
public sealed partial class StateStore
{
    /// <summary>Number the next row of the chain will get. Inside <see cref="Commit"/>.</summary>
    public long NextSeq => LastSeq + 1;

    /// <summary>Every entry that can be read, by its row.</summary>
    public IReadOnlyList<LifecycleEntry> LifecycleEntries() =>
        [.. Statement("SELECT body, seq, at_ms FROM journal WHERE kind = 'lifecycle' ORDER BY seq").All(r => LifecycleJson.Read(r.Blob(0).ToArray(), r.Long(1), r.Long(2))).OfType<LifecycleEntry>()];

    /// <summary>Number of the newest row of a kind, 0 = none.</summary>
    public long NewestOf(string kind) => Statement("SELECT coalesce(max(seq), 0) FROM journal WHERE kind = ?").Bind(1, kind).Number();

    /// <summary>Closed intervals that reach behind a moment, of devices that have an index.</summary>
    public IReadOnlyList<PresenceInterval> IntervalsSince(IReadOnlyDictionary<string, int> deviceIndexes, long fromMs)
    {
        var list = new List<PresenceInterval>();
        using var rows = _db.Prepare("SELECT device, state, cause, from_ms, to_ms FROM presence_interval WHERE to_ms > ? ORDER BY seq").Bind(1, fromMs);
        while (rows.Step())
            if (deviceIndexes.TryGetValue(rows.Text(0), out int index)) list.Add(new PresenceInterval(index, (PresenceState)rows.Long(1), rows.Text(2), rows.Long(3), rows.Long(4)));
        return list;
    }

    public void KeepRequest(LifecycleRequest request) =>
        Statement("""
            INSERT INTO lifecycle_request(id, body, at_ms, expires_ms, decision, decided_by, decided_ms, entry_seq) VALUES(?,?,?,?,?,?,?,?)
            ON CONFLICT(id) DO UPDATE SET decision = excluded.decision, decided_by = excluded.decided_by, decided_ms = excluded.decided_ms, entry_seq = excluded.entry_seq
            """).Bind(1, request.Id).Bind(2, LifecycleJson.Write(request.Entry).AsSpan()).Bind(3, request.AtMs).Bind(4, request.ExpiresMs).Bind(5, request.Decision).Bind(6, request.DecidedBy).Bind(7, request.DecidedMs).Bind(8, request.EntrySeq).Run();

    public LifecycleRequest? Request(string id) => Statement($"{LifecycleRequest.Select} WHERE id = ?").Bind(1, id).One(LifecycleRequest.Read);

    /// <summary>How many requests wait for a decision.</summary>
    public long PendingRequests(long nowMs) => Statement("SELECT count(*) FROM lifecycle_request WHERE decision IS NULL AND expires_ms > ?").Bind(1, nowMs).Number();

    /// <summary>Requests that were decided or ran out before that moment; what they were stands in the audit.</summary>
    public void RemoveRequests(long beforeMs) => Statement("DELETE FROM lifecycle_request WHERE coalesce(decided_ms, expires_ms) < ?").Bind(1, beforeMs).Run();
}

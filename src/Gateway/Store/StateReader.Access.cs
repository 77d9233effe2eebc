using System.Text.Json;
using Gateway.Access;
using Gateway.Engine.Views;

namespace Gateway.Store;

/// <summary>Who may come in, as last committed: asked at every request, so that a removal is in force at once.</summary>
public sealed partial class StateReader
{
    public Account? Account(string name)
    {
        lock (_gate) return Statement($"{AccessRows.Account} WHERE name = ?").Bind(1, name).One(AccessRows.AccountOf);
    }

    public IReadOnlyList<Account> Accounts()
    {
        lock (_gate) return Statement($"{AccessRows.Account} ORDER BY name").All(AccessRows.AccountOf);
    }

    public bool AnyAccount()
    {
        lock (_gate) return Statement("SELECT EXISTS(SELECT 1 FROM account)").Number() == 1;
    }

    /// <summary>The session of this token, with the role its account has now; null when there is none, or it has expired.</summary>
    public Session? Session(byte[] tokenHash, long nowMs)
    {
        lock (_gate)
            return Statement("""
                SELECT s.account, coalesce(a.role, s.role), a.name IS NULL, s.expires_ms FROM session s LEFT JOIN account a ON a.name = s.account
                WHERE s.token_hash = ? AND s.expires_ms > ? AND (a.name IS NOT NULL OR s.role IS NOT NULL)
                """).Bind(1, tokenHash.AsSpan()).Bind(2, nowMs).One(row => new Session(row.Text(0), AccessRows.RoleOf(row.Text(1)), row.Long(2) == 1, row.Long(3)));
    }

    public ApiToken? Token(byte[] tokenHash)
    {
        lock (_gate) return Statement($"{AccessRows.Token} WHERE token_hash = ?").Bind(1, tokenHash.AsSpan()).One(AccessRows.TokenOf);
    }

    public IReadOnlyList<ApiToken> Tokens()
    {
        lock (_gate) return Statement($"{AccessRows.Token} ORDER BY created_ms, id").All(AccessRows.TokenOf);
    }

    public OneTimeLink? Link(byte[] tokenHash)
    {
        lock (_gate) return Statement(AccessRows.Link).Bind(1, tokenHash.AsSpan()).One(AccessRows.LinkOf);
    }

    /// <summary>Whether <see cref="StateStore.RemoveExpired"/> has something to do.</summary>
    public bool AnyExpired(long nowMs)
    {
        lock (_gate) return Statement("SELECT EXISTS(SELECT 1 FROM session WHERE expires_ms <= ?1) OR EXISTS(SELECT 1 FROM link WHERE expires_ms <= ?1)").Bind(1, nowMs).Number() == 1;
    }

    /// <summary>Moves with every change of <see cref="DevicePasswords"/>, by this process or another.</summary>
    public long DevicePasswordsVersion()
    {
        lock (_gate) return Statement("SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?").Bind(1, AccessRows.DevicePasswordsVersion).Number();
    }

    public IReadOnlyList<DevicePassword> DevicePasswords()
    {
        lock (_gate) return Statement($"{AccessRows.DevicePassword} ORDER BY id").All(AccessRows.DevicePasswordOf);
    }

    /// <summary>What people did, newest first.</summary>
    /// <returns>The rows and the cursor of the next page (0 = no more).</returns>
    public (IReadOnlyList<AuditEntry> Rows, long Next) Audit(long beforeSeq, int limit)
    {
        List<AuditEntry> rows;
        lock (_gate)
            rows = Statement("SELECT seq, at_ms, body FROM journal WHERE kind = 'audit' AND seq < ? ORDER BY seq DESC LIMIT ?").Bind(1, beforeSeq).Bind(2, limit + 1).All(row =>
            {
                var body = JsonSerializer.Deserialize(row.Blob(2), ViewJson.Default.AuditRow)!;
                return new AuditEntry(row.Long(0), row.Long(1), body.Who, body.What, body.Target, body.Detail);
            });
        if (rows.Count <= limit) return (rows, 0);
        rows.RemoveAt(limit);
        return (rows, rows[^1].Seq);
    }
}

using Gateway.Access;

namespace Gateway.Store;

/// <summary>People in the store: accounts, sessions, tokens, one-time links. Whether a step is allowed is decided in <see cref="Access"/>.</summary>
public sealed partial class StateStore
{
    /// <summary>Sessions of one account; the ones that end first go when there are more.</summary>
    private const int SessionsMax = 20;

    public Account? Account(string name) => Statement($"{AccessRows.Account} WHERE name = ?").Bind(1, name).One(AccessRows.AccountOf);

    public IReadOnlyList<Account> Accounts() => Statement($"{AccessRows.Account} ORDER BY name").All(AccessRows.AccountOf);

    public bool AnyAccount() => Statement("SELECT EXISTS(SELECT 1 FROM account)").Number() == 1;

    public long Administrators() => Statement("SELECT count(*) FROM account WHERE role = 'administrator'").Number();

    public void KeepAccount(Account account) =>
        Statement("""
            INSERT INTO account(name, role, salt, iterations, hash, created_ms) VALUES(?,?,?,?,?,?)
            ON CONFLICT(name) DO UPDATE SET role = excluded.role, salt = excluded.salt, iterations = excluded.iterations, hash = excluded.hash
            """).Bind(1, account.Name).Bind(2, account.Role.Word()).Bind(3, account.Password.Salt.AsSpan()).Bind(4, account.Password.Iterations)
            .Bind(5, account.Password.Hash.AsSpan()).Bind(6, account.CreatedMs).Run();

    public void RemoveAccount(string name) => Statement("DELETE FROM account WHERE name = ?").Bind(1, name).Run();

    /// <param name="guestRole">The role of a guest; null: the account's, whatever it is at the time.</param>
    public void KeepSession(byte[] tokenHash, string name, Role? guestRole, long expiresMs)
    {
        Statement("INSERT OR REPLACE INTO session(token_hash, account, role, expires_ms) VALUES(?,?,?,?)").Bind(1, tokenHash.AsSpan()).Bind(2, name).Bind(3, guestRole?.Word()).Bind(4, expiresMs).Run();
        Statement("DELETE FROM session WHERE account = ?1 AND token_hash NOT IN (SELECT token_hash FROM session WHERE account = ?1 ORDER BY expires_ms DESC LIMIT ?2)")
            .Bind(1, name).Bind(2, SessionsMax).Run();
    }

    public void RenewSession(byte[] tokenHash, long expiresMs) =>
        Statement("UPDATE session SET expires_ms = ?2 WHERE token_hash = ?1 AND expires_ms < ?2").Bind(1, tokenHash.AsSpan()).Bind(2, expiresMs).Run();

    /// <returns>True when there was one.</returns>
    public bool EndSession(byte[] tokenHash) => Removed("DELETE FROM session WHERE token_hash = ?", tokenHash) > 0;

    public void EndSessionsOf(string account) => Statement("DELETE FROM session WHERE account = ?").Bind(1, account).Run();

    /// <summary>Removes sessions and links that nobody can use any more.</summary>
    public void RemoveExpired(long nowMs)
    {
        Statement("DELETE FROM session WHERE expires_ms <= ?").Bind(1, nowMs).Run();
        Statement("DELETE FROM link WHERE expires_ms <= ?").Bind(1, nowMs).Run();
    }

    public void KeepToken(ApiToken token, byte[] tokenHash) =>
        Statement("INSERT OR REPLACE INTO token(id, name, token_hash, role, created_by, created_ms) VALUES(?,?,?,?,?,?)")
            .Bind(1, token.Id).Bind(2, token.Name).Bind(3, tokenHash.AsSpan()).Bind(4, token.Role.Word()).Bind(5, token.CreatedBy).Bind(6, token.CreatedMs).Run();

    public string? TokenName(string id) => Statement("SELECT name FROM token WHERE id = ?").Bind(1, id).One(row => row.Text(0));

    public void RemoveToken(string id) => Statement("DELETE FROM token WHERE id = ?").Bind(1, id).Run();

    /// <returns>How many there were.</returns>
    public long RemoveTokensOf(string createdBy)
    {
        Statement("DELETE FROM token WHERE created_by = ?").Bind(1, createdBy).Run();
        return _db.Changes;
    }

    public void KeepLink(OneTimeLink link, byte[] tokenHash) =>
        Statement("INSERT OR REPLACE INTO link(token_hash, account, role, expires_ms, setup) VALUES(?,?,?,?,?)")
            .Bind(1, tokenHash.AsSpan()).Bind(2, link.Account).Bind(3, link.Role.Word()).Bind(4, link.ExpiresMs).Bind(5, link.Setup ? 1 : 0).Run();

    public OneTimeLink? Link(byte[] tokenHash) => Statement(AccessRows.Link).Bind(1, tokenHash.AsSpan()).One(AccessRows.LinkOf);

    public void RemoveLink(byte[] tokenHash) => Removed("DELETE FROM link WHERE token_hash = ?", tokenHash);

    public void RemoveLinksOf(string account) => Statement("DELETE FROM link WHERE account = ?").Bind(1, account).Run();

    public void RemoveSetupLinks() => Statement("DELETE FROM link WHERE setup = 1").Run();

    public IReadOnlyList<DevicePassword> DevicePasswords() => Statement($"{AccessRows.DevicePassword} ORDER BY id").All(AccessRows.DevicePasswordOf);

    public void KeepDevicePassword(DevicePassword password)
    {
        Statement("""
            INSERT INTO device_password(id, salt, iterations, hash, set_ms) VALUES(?,?,?,?,?)
            ON CONFLICT(id) DO UPDATE SET salt = excluded.salt, iterations = excluded.iterations, hash = excluded.hash, set_ms = excluded.set_ms
            """).Bind(1, password.Id).Bind(2, password.Password.Salt.AsSpan()).Bind(3, password.Password.Iterations).Bind(4, password.Password.Hash.AsSpan()).Bind(5, password.SetMs).Run();
        DevicePasswordsChanged();
    }

    /// <returns>True when there was one.</returns>
    public bool RemoveDevicePassword(string id)
    {
        Statement("DELETE FROM device_password WHERE id = ?").Bind(1, id).Run();
        if (_db.Changes == 0) return false;
        DevicePasswordsChanged();
        return true;
    }

    /// <summary>A number a running gateway can look at every second, whoever wrote.</summary>
    private void DevicePasswordsChanged() => SetMeta(AccessRows.DevicePasswordsVersion, MetaLong(AccessRows.DevicePasswordsVersion) + 1);

    private long Removed(string sql, byte[] tokenHash)
    {
        Statement(sql).Bind(1, tokenHash.AsSpan()).Run();
        return _db.Changes;
    }
}

using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.Access;

/// <summary>Signing in and out, each with its audit row. All run inside a commit of the store.</summary>
public static class SessionSteps
{
    /// <param name="verified">The kept password that was verified, outside the commit.</param>
    /// <param name="renewed">The same password with more iterations, when the kept one had fewer than now asked for.</param>
    public static AccessOutcome Start(StateStore state, long nowMs, Account verified, PasswordHash? renewed, byte[] sessionHash, long expiresMs, string address)
    {
        if (state.Account(verified.Name) is not { } account || !account.Password.IsSameAs(verified.Password)) return AccessOutcome.PasswordChanged;
        if (renewed is not null) state.KeepAccount(account with { Password = renewed });
        state.KeepSession(sessionHash, account.Name, null, expiresMs);
        state.Audit(nowMs, new AuditRow(account.Name, "session.start", null, $"from {address}"));
        return AccessOutcome.Done;
    }

    public static void End(StateStore state, long nowMs, string who, byte[] sessionHash)
    {
        if (state.EndSession(sessionHash)) state.Audit(nowMs, new AuditRow(who, "session.end", null, null));
    }
}

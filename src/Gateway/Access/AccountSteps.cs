using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.Access;

/// <summary>Steps with accounts, each with its audit row. All run inside a commit of the store, and write nothing when they refuse.</summary>
public static class AccountSteps
{
    public static AccessOutcome Add(StateStore state, long nowMs, string who, string name, Role role, PasswordHash password)
    {
        if (state.Account(name) is not null) return AccessOutcome.AccountExists;
        state.KeepAccount(new Account(name, role, password, nowMs));
        state.Audit(nowMs, new AuditRow(who, "account.add", name, role.Word()));
        return AccessOutcome.Done;
    }

    /// <summary>Ends the sessions of the account and its open links as well: whoever had them may be the reason for the change.</summary>
    public static AccessOutcome SetPassword(StateStore state, long nowMs, string who, string name, PasswordHash password)
    {
        if (state.Account(name) is not { } account) return AccessOutcome.AccountUnknown;
        state.KeepAccount(account with { Password = password });
        state.EndSessionsOf(name);
        state.RemoveLinksOf(name);
        state.Audit(nowMs, new AuditRow(who, "account.password", name, null));
        return AccessOutcome.Done;
    }

    /// <summary>In force at once, for open sessions too. Who stops being administrator loses the tokens he made.</summary>
    public static AccessOutcome SetRole(StateStore state, long nowMs, string who, string name, Role role)
    {
        if (state.Account(name) is not { } account) return AccessOutcome.AccountUnknown;
        if (account.Role == role) return AccessOutcome.Done;
        if (IsLastAdministrator(state, account)) return AccessOutcome.LastAdministrator;
        state.KeepAccount(account with { Role = role });
        long tokens = role == Role.Administrator ? 0 : state.RemoveTokensOf(name);
        state.Audit(nowMs, new AuditRow(who, "account.role", name, $"{account.Role.Word()} to {role.Word()}{Revoked(tokens)}"));
        return AccessOutcome.Done;
    }

    /// <summary>With everything that lets the person in: sessions, links, and the tokens he made.</summary>
    public static AccessOutcome Remove(StateStore state, long nowMs, string who, string name)
    {
        if (state.Account(name) is not { } account) return AccessOutcome.AccountUnknown;
        if (IsLastAdministrator(state, account)) return AccessOutcome.LastAdministrator;
        state.RemoveAccount(name);
        state.EndSessionsOf(name);
        state.RemoveLinksOf(name);
        long tokens = state.RemoveTokensOf(name);
        state.Audit(nowMs, new AuditRow(who, "account.remove", name, account.Role.Word() + Revoked(tokens)));
        return AccessOutcome.Done;
    }

    private static bool IsLastAdministrator(StateStore state, Account account) => account.Role == Role.Administrator && state.Administrators() == 1;

    private static string Revoked(long tokens) => tokens == 0 ? "" : $", {tokens} tokens revoked";
}

using Gateway.Diagnostics;
using Gateway.Store;

namespace Gateway.Access;

/// <summary>
/// <c>gateway user …</c>: the same steps as the console's, from a process of its own. The gateway may run meanwhile: both write <c>state.db</c> in turns,
/// and what changes here is in force there at the next request.
/// </summary>
/// <param name="who">Who stands in the audit, such as <c>cli:root</c>.</param>
public sealed class AccountCommands(StoreOptions store, GatewayClock clock, string who)
{
    public AccessOutcome Add(string name, Role role, string password)
    {
        if (!AccountName.TryRead(name, out name)) return AccessOutcome.NameNotAllowed;
        if (!PasswordRule.Allows(password, name)) return AccessOutcome.PasswordNotAllowed;
        var hash = PasswordHash.Make(password);
        return Write((state, nowMs) => AccountSteps.Add(state, nowMs, who, name, role, hash));
    }

    public AccessOutcome SetPassword(string name, string password)
    {
        if (!AccountName.TryRead(name, out name)) return AccessOutcome.NameNotAllowed;
        if (!PasswordRule.Allows(password, name)) return AccessOutcome.PasswordNotAllowed;
        var hash = PasswordHash.Make(password);
        return Write((state, nowMs) => AccountSteps.SetPassword(state, nowMs, who, name, hash));
    }

    public AccessOutcome SetRole(string name, Role role) =>
        AccountName.TryRead(name, out name) ? Write((state, nowMs) => AccountSteps.SetRole(state, nowMs, who, name, role)) : AccessOutcome.NameNotAllowed;

    public AccessOutcome Remove(string name) =>
        AccountName.TryRead(name, out name) ? Write((state, nowMs) => AccountSteps.Remove(state, nowMs, who, name)) : AccessOutcome.NameNotAllowed;

    public IReadOnlyList<Account> List()
    {
        using var state = Open();
        return state.Accounts();
    }

    /// <summary>Makes a one-time link, good for 24 hours.</summary>
    /// <param name="name">Whom it signs in; null: a guest of this role, who may make an account with it.</param>
    /// <param name="role">Of the guest; an account keeps its own.</param>
    /// <returns>The token for the address <c>/#link=TOKEN</c>; null unless done.</returns>
    public (AccessOutcome Outcome, string? Token) Link(string? name, Role role)
    {
        string? account = null;
        if (name is not null && !AccountName.TryRead(name, out account)) return (AccessOutcome.NameNotAllowed, null);
        var (token, hash) = AccessTokens.Make();
        var outcome = Write((state, nowMs) => LinkSteps.Make(state, nowMs, who, new OneTimeLink(account, role, nowMs + SetupLink.LifeMs, Setup: false), hash));
        return (outcome, outcome == AccessOutcome.Done ? token : null);
    }

    private AccessOutcome Write(Func<StateStore, long, AccessOutcome> step)
    {
        var outcome = AccessOutcome.Done;
        using var state = Open();
        state.Commit(() => outcome = step(state, clock.NowMs()));
        return outcome;
    }

    private StateStore Open()
    {
        Directory.CreateDirectory(store.Directory);
        return StateStore.Open(store.StatePath);
    }
}

using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.Access;

/// <summary>Steps with one-time links, each with its audit row. All run inside a commit of the store.</summary>
public static class LinkSteps
{
    public static AccessOutcome Make(StateStore state, long nowMs, string who, OneTimeLink link, byte[] linkHash)
    {
        if (link.Account is not null && state.Account(link.Account) is null) return AccessOutcome.AccountUnknown;
        if (link.Setup) state.RemoveSetupLinks();
        state.KeepLink(link, linkHash);
        state.Audit(nowMs, new AuditRow(who, "link.make", AccessTokens.Label(linkHash), link.Setup ? "set-up" : link.Account ?? link.Role.Word()));
        return AccessOutcome.Done;
    }

    /// <summary>What stands against redeeming; the same question before the password is hashed and within the commit.</summary>
    public static AccessOutcome Check(OneTimeLink? link, bool anyAccount, string? user, long nowMs)
    {
        if (link is null || link.ExpiresMs <= nowMs || (link.Setup && anyAccount)) return AccessOutcome.LinkUnknown;
        if (link.Setup && user is null) return AccessOutcome.LinkNeedsAccount;
        return link.Account is not null && user is not null && user != link.Account ? AccessOutcome.LinkOfAnother : AccessOutcome.Done;
    }

    /// <summary>Uses the link up: signs its account in (with a new password when one is given), makes an account, or lets a guest in.</summary>
    /// <param name="session">Who is signed in now; null unless the outcome is done.</param>
    public static AccessOutcome Redeem(StateStore state, long nowMs, byte[] linkHash, string? user, PasswordHash? password, byte[] sessionHash, long expiresMs, string address, out Session? session)
    {
        session = null;
        var link = state.Link(linkHash);
        var outcome = Check(link, state.AnyAccount(), user, nowMs);
        if (outcome == AccessOutcome.Done) outcome = Apply(state, nowMs, link!, linkHash, user, password, out session);
        if (outcome != AccessOutcome.Done) return outcome;
        session = session! with { ExpiresMs = expiresMs };
        state.RemoveLink(linkHash);
        state.KeepSession(sessionHash, session.Name, session.Guest ? session.Role : null, expiresMs);
        state.Audit(nowMs, new AuditRow(session.Name, "link.redeem", AccessTokens.Label(linkHash), $"{session.Role.Word()} from {address}"));
        return outcome;
    }

    private static AccessOutcome Apply(StateStore state, long nowMs, OneTimeLink link, byte[] linkHash, string? user, PasswordHash? password, out Session session)
    {
        session = new Session(link.Account ?? user ?? $"guest:{AccessTokens.Label(linkHash)}", link.Role, link.Account is null && user is null, 0);
        if (link.Account is null) return user is null ? AccessOutcome.Done : AccountSteps.Add(state, nowMs, user, user, link.Role, password!);
        if (state.Account(link.Account) is not { } account) return AccessOutcome.LinkUnknown;
        session = session with { Role = account.Role };
        return password is null ? AccessOutcome.Done : AccountSteps.SetPassword(state, nowMs, account.Name, account.Name, password);
    }
}

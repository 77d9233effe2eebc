using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.Access;

/// <summary>Steps with API tokens, each with its audit row. All run inside a commit of the store.</summary>
public static class TokenSteps
{
    public const int NameLengthMax = 64;

    public static bool AllowsName(string? name) => name is { Length: > 0 and <= NameLengthMax } && !name.Any(char.IsControl) && name.Trim() == name;

    public static ApiToken Make(StateStore state, long nowMs, string who, string name, Role role, byte[] tokenHash)
    {
        var token = new ApiToken(AccessTokens.Label(tokenHash), name, role, who, nowMs);
        // Labels are short: a second token with the same one takes more of its hash.
        if (state.TokenName(token.Id) is not null) token = token with { Id = Convert.ToHexStringLower(tokenHash) };
        state.KeepToken(token, tokenHash);
        state.Audit(nowMs, new AuditRow(who, "token.make", token.Id, $"{name}, {role.Word()}"));
        return token;
    }

    public static AccessOutcome Revoke(StateStore state, long nowMs, string who, string id)
    {
        if (state.TokenName(id) is not { } name) return AccessOutcome.TokenUnknown;
        state.RemoveToken(id);
        state.Audit(nowMs, new AuditRow(who, "token.revoke", id, name));
        return AccessOutcome.Done;
    }
}

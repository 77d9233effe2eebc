using Gateway.Engine;

namespace Gateway.Access;

/// <summary>The way in on the first start: there is no default password, only one link that makes the first administrator.</summary>
public static class SetupLink
{
    /// <summary>Long enough to come back tomorrow; a restart makes a new one.</summary>
    public const long LifeMs = 24 * 3_600_000L;

    /// <summary>Makes the link when there is no account, in place of an older one.</summary>
    /// <returns>Its token, to be shown once; null when there is an account.</returns>
    public static async Task<string?> EnsureAsync(EngineStage engine)
    {
        var (token, hash) = AccessTokens.Make();
        bool needed = false;
        await engine.WriteAsync((state, nowMs) =>
        {
            needed = !state.AnyAccount();
            if (needed) LinkSteps.Make(state, nowMs, "gateway", new OneTimeLink(null, Role.Administrator, nowMs + LifeMs, Setup: true), hash);
        });
        return needed ? token : null;
    }
}

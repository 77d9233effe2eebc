using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <param name="ValidFrom">First civil day.</param>
/// <param name="ValidTo">Last civil day.</param>
public sealed record Policy(string Number, LocalText Insurer, DateOnly ValidFrom, DateOnly ValidTo)
{
    public PolicyKind Kind { get; init; } = PolicyKind.SafetyLiability;

    /// <summary>Who or what is insured, as the policy says it.</summary>
    public LocalText? Insured { get; init; }

    /// <summary>Whether it counts for "site safety insurance in force" on that civil day: only a policy of that insurance does.</summary>
    public bool Covers(DateOnly day) => Kind == PolicyKind.SafetyLiability && day >= ValidFrom && day <= ValidTo;
}

public enum PolicyKind : byte
{
    /// <summary>Work safety liability (安责险): the one of the 100 % rule.</summary>
    SafetyLiability,

    /// <summary>Crane insurance with inspection service (起重机械保险).</summary>
    Machinery,

    /// <summary>Work injury (工伤).</summary>
    WorkInjury,

    Other,
}

using Gateway.Domain.Configuration;

namespace Gateway.Domain.Ledger;

/// <summary>One entry that is not the same in two ledgers.</summary>
/// <param name="Kind">site, enterprise, machine, calendar, bus, device, client, operator or policy.</param>
/// <param name="Id">Its id; a policy's number; an enterprise's id and role.</param>
/// <param name="What">What became of it.</param>
/// <param name="Members">The members that differ, in the ledger's order; of one that was added or removed all it has.</param>
/// <param name="Consequences">What follows from it, for people.</param>
/// <param name="NeedsRestart">Whether a running gateway cannot take it over.</param>
public sealed record LedgerChange(string Kind, string Id, LedgerChangeKind What, IReadOnlyList<MemberChange> Members, IReadOnlyList<LocalText> Consequences, bool NeedsRestart);

public enum LedgerChangeKind : byte { Added, Changed, Removed }

/// <param name="Old">As it was in force, defaults included; null = it was not there.</param>
/// <param name="New">As it is to be in force; null = it will not be there.</param>
public sealed record MemberChange(string Member, string? Old, string? New);

using Gateway.Domain.Configuration;

namespace Gateway.Service.Composition;

/// <summary>How the ledger stands.</summary>
/// <param name="Hash">Version in force.</param>
/// <param name="Since">Since when, as the gateway's clock says.</param>
/// <param name="Problems">Why the ledger that lies there now is not in force; empty while it is valid.</param>
/// <param name="PendingRestart">A valid ledger lies there that only a restart puts in force.</param>
internal sealed record LedgerStatus(string Hash, DateTimeOffset Since, IReadOnlyList<Problem> Problems, bool PendingRestart);

/// <summary>What became of a ledger that somebody gave.</summary>
/// <param name="Preview">What was found in it.</param>
/// <param name="Before">Version that was written before.</param>
/// <param name="After">Version as it is written now; null when it was refused.</param>
/// <param name="Applied">It is in force.</param>
internal sealed record LedgerOutcome(LedgerRefusal Refusal, LedgerPreview? Preview, string Before, string? After, bool Applied);

internal enum LedgerRefusal : byte { None, Stale, Invalid }

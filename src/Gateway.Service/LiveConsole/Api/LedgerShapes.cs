using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Service.Composition;

namespace Gateway.Service.LiveConsole.Api;

/// <param name="Hash">Its version: the ledger as it was last accepted.</param>
/// <param name="InForce">Version in force; another one while a restart is pending.</param>
internal sealed record LedgerDto(string Hash, string InForce, JsonElement Ledger);

/// <summary>How the ledger stands, in the site's answer.</summary>
internal sealed record LedgerStatusDto(string Hash, DateTimeOffset Since, IReadOnlyList<ProblemDto> Problems, bool PendingRestart)
{
    public static LedgerStatusDto Of(LedgerStatus s) => new(s.Hash, s.Since, [.. s.Problems.Select(p => new ProblemDto(p.File, p.Place, p.Text))], s.PendingRestart);
}

/// <summary>Body of an adoption; what is null is the ledger's default, <paramref name="InServiceFrom"/> today.</summary>
internal sealed record AdoptRequest(
    string? Link, string? Address, string? Id, LocalText? Name, string? Kind, string? Profile, double? ExpectedSeconds, double? OfflineAfterSeconds, bool? Safety, string? Machine, DateOnly? InServiceFrom);

/// <summary>A ledger that was refused, as RFC 9457 has it.</summary>
internal sealed record LedgerProblem(string Title, int Status, string Detail, IReadOnlyList<ProblemDto> Problems);

internal sealed record ProblemDto(string File, string Place, string Text);

/// <param name="Before">Version in force; null where that ledger is not valid.</param>
/// <param name="After">Version of the other ledger as it was given.</param>
/// <param name="Problems">When there are any, the ledger is refused whole and <paramref name="Changes"/> is empty.</param>
/// <param name="Applied">It is in force now.</param>
internal sealed record LedgerPreviewDto(string? Before, string After, IReadOnlyList<ProblemDto> Problems, IReadOnlyList<LedgerChangeDto> Changes, bool NeedsRestart, bool Applied);

internal sealed record LedgerChangeDto(string Kind, string Id, string What, IReadOnlyList<MemberChange> Members, IReadOnlyList<LocalText> Consequences, bool NeedsRestart)
{
    public static LedgerChangeDto Of(LedgerChange c) => new(c.Kind, c.Id, Word(c.What), c.Members, c.Consequences, c.NeedsRestart);

    public static string Word(LedgerChangeKind what) => what switch { LedgerChangeKind.Added => "added", LedgerChangeKind.Removed => "removed", _ => "changed" };
}

/// <summary>Row <c>ledger</c> of the evidence chain.</summary>
/// <param name="Count">How many changes; null where the ledger before was not valid. <paramref name="Changes"/> names the first of them.</param>
internal sealed record LedgerRow(string? Before, string After, string Who, string Note, int? Count, IReadOnlyList<LedgerChangeDto> Changes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LedgerDto))]
[JsonSerializable(typeof(LedgerPreviewDto))]
[JsonSerializable(typeof(LedgerRow))]
[JsonSerializable(typeof(LedgerProblem))]
[JsonSerializable(typeof(AdoptRequest))]
internal sealed partial class LedgerJson : JsonSerializerContext;

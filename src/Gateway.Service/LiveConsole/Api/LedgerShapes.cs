using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;

namespace Gateway.Service.LiveConsole.Api;

/// <param name="Hash">Version of the ledger in force.</param>
internal sealed record LedgerDto(string Hash, JsonElement Ledger);

internal sealed record ProblemDto(string File, string Place, string Text);

/// <param name="Before">Version in force; null where that ledger is not valid.</param>
/// <param name="After">Version of the other ledger as it was given.</param>
/// <param name="Problems">When there are any, the ledger is refused whole and <paramref name="Changes"/> is empty.</param>
internal sealed record LedgerPreviewDto(string? Before, string After, IReadOnlyList<ProblemDto> Problems, IReadOnlyList<LedgerChangeDto> Changes, bool NeedsRestart);

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
internal sealed partial class LedgerJson : JsonSerializerContext;

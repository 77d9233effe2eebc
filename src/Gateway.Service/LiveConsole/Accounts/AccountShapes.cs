using System.Text.Json.Serialization;
using Gateway.Domain.Configuration;
using Gateway.Engine.Views;
using Gateway.Links.Frames;

namespace Gateway.Service.LiveConsole.Accounts;

/// <param name="State">As in the accounts of presence: online, offline, unknown, notInService.</param>
/// <param name="To">Null: it is still open.</param>
/// <param name="Ms">Its length; of an open one up to where the gateway is known to have watched.</param>
/// <param name="Seq">Row of the chain; null while it is open.</param>
/// <param name="Lifecycle">The states of life it runs through, in their order.</param>
internal sealed record IntervalDto(string Device, string State, string Cause, DateTimeOffset From, DateTimeOffset? To, long Ms, long? Seq, IReadOnlyList<string> Lifecycle);

internal sealed record IntervalPageDto(IReadOnlyList<IntervalDto> Items, string? Next, HeadDto Head);

/// <param name="Seq">Newest row of the chain that was seen.</param>
/// <param name="AsOf">Up to when the gateway is known to have watched.</param>
internal sealed record HeadDto(long Seq, string Hash, DateTimeOffset AsOf);

/// <param name="Name">As the window is asked for.</param>
/// <param name="AccountedTo">The end of the window, or where its accounts end while it is not over.</param>
internal sealed record WindowDto(string Name, string Kind, DateTimeOffset From, DateTimeOffset To, DateTimeOffset AccountedTo, bool Over);

/// <summary>What the numbers rest on.</summary>
internal sealed record BasisDto(string Gateway, long HeadSeq, string HeadHash, DateTimeOffset AsOf, string LedgerSha256, PolicyDto Policy);

/// <param name="UnknownCounts">as-not-online or excluded.</param>
internal sealed record PolicyDto(string UnknownCounts, int SuspensionDaysMax, long LateAfterMs);

/// <param name="Rate">Percent, floored to three decimals; null = n/a.</param>
internal sealed record FigureDto(string Id, LocalText Title, string Formula, LocalText Definition, bool Goal, string? Rate, bool Met, IReadOnlyList<TermDto> Terms);

/// <param name="Unit">ms, d (civil days) or 1 (a count).</param>
internal sealed record TermDto(string Id, LocalText Title, string Unit, long Number);

/// <param name="By">site, class, enterprise or device.</param>
/// <param name="Key">Of devices without an enterprise: empty.</param>
internal sealed record ScopeDto(string By, string Key, LocalText Title, int Devices, IReadOnlyList<FigureDto> Figures);

internal sealed record ComplianceDto(WindowDto Window, BasisDto Basis, string By, IReadOnlyList<ScopeDto> Items);

internal sealed record DayDto(string Date, long OnlineMs, long OfflineMs, long UnknownMs, long ExcusedMs, long NotInServiceMs, long OnlineAlthoughExcusedMs, long RequiredMs, string? Rate);

/// <param name="Pieces">What the days are sums of; only of a single device.</param>
internal sealed record DeviceDaysDto(string Id, LocalText Name, string Kind, bool Safety, IReadOnlyList<DayDto> Days, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PieceDto>? Pieces);

/// <param name="Seq">Row of the interval; null: open, or none.</param>
/// <param name="EntrySeq">Row of the lifecycle entry; null: the ledger's days, or none.</param>
internal sealed record PieceDto(string State, string Cause, DateTimeOffset From, DateTimeOffset To, long Ms, long? Seq, long? EntrySeq);

internal sealed record PresenceDaysDto(WindowDto Window, BasisDto Basis, IReadOnlyList<DeviceDaysDto> Devices);

/// <param name="Cached">Forms that are at hand, with their sizes in bytes.</param>
internal sealed record ReportItemDto(string Window, string Kind, DateTimeOffset From, DateTimeOffset To, bool Over, IReadOnlyDictionary<string, int> Cached);

internal sealed record ReportListDto(DateTimeOffset Since, IReadOnlyList<ReportItemDto> Items, string? Next);

/// <param name="Alarms">Alarms about the device at that time whose frames are kept: <c>/alarms/{id}/frames</c>.</param>
/// <param name="HeldSince">The oldest frame that is still at hand on the wires of the device; null: none is.</param>
internal sealed record IntervalFramesDto(long Seq, string Device, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<RingView> Rings, IReadOnlyList<string> Alarms, DateTimeOffset? HeldSince);

/// <summary>The shapes of presence, compliance and reports in API.md; the CLI writes the same.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InstantJson)])]
[JsonSerializable(typeof(IntervalPageDto))]
[JsonSerializable(typeof(ComplianceDto))]
[JsonSerializable(typeof(PresenceDaysDto))]
[JsonSerializable(typeof(ReportListDto))]
[JsonSerializable(typeof(IntervalFramesDto))]
internal sealed partial class AccountJson : JsonSerializerContext;

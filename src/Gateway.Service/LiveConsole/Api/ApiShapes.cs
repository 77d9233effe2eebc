using System.Text.Json.Serialization;
using Gateway.Diagnostics.Boot;
using Gateway.Diagnostics.Clock;
using Gateway.Domain.Alarms;
using Gateway.Domain.Configuration;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;
using Gateway.Engine.Views;
using Gateway.Links.MqttClient;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Service.LiveConsole.Api;

internal sealed record GatewayDto(string Id, string Version, DateTimeOffset StartedAt, DateTimeOffset Now, LastEnd LastEnd);

internal sealed record ClockDto(ClockState State, string? Source, bool Rtc, double? EstimatedErrorMs, long? LastStepMs, bool Sane);

internal sealed record FrontiersDto(long Received, long Committed, long? Settled);

/// <param name="QueuedLines">Both that wait: <paramref name="LagLines"/> for live, <paramref name="BacklogLines"/> beside it.</param>
internal sealed record UplinkDto(
    string Name, string Kind, string State, long QueuedLines, long LagLines, long BacklogLines, long HeldLines, long Quarantined, long Restarts, bool StartReadable, string? LastError, ReadBackDto? ReadBack);

internal sealed record ReadBackDto(long HoursAgreed, long HoursMissing, long PointsMissing, long PointsMore, DateTimeOffset? LastAt, string? Unable);

internal sealed record BrokerDto(string Id, string Address, BrokerState State, DateTimeOffset Since, string? LastError);

internal sealed record StoreDto(long TelemetryBytes, long BudgetBytes, long DroppedLines, DateTimeOffset? OldestAt, string? Fault);

internal sealed record SiteDto(GatewayDto Gateway, SiteInfo Site, ComplianceView Compliance, FrontiersDto Frontiers, IReadOnlyList<UplinkDto> Uplinks, IReadOnlyList<BrokerDto> Brokers, StoreDto Store, LedgerStatusDto Ledger, ClockDto Clock);

internal sealed record DevicesDto(IReadOnlyList<DeviceView> Items, IReadOnlyList<UnregisteredView> Unregistered);

internal sealed record SnapshotDto(long Seq, DateTimeOffset Now, SiteDto Site, IReadOnlyList<DeviceView> Devices, IReadOnlyList<UnregisteredView> Unregistered, IReadOnlyList<AlarmView> Alarms);

internal sealed record SiteEventDto(SiteDto Site, IReadOnlyList<UnregisteredView> Unregistered);

internal sealed record ReadingsDto(DateTimeOffset Now, IReadOnlyList<DeviceReadingsDto> Devices);

internal sealed record DeviceReadingsDto(string Id, DateTimeOffset? LastMessageAt, IReadOnlyList<ValueView> Values);

internal sealed record LedgerEventDto(string Hash);

internal sealed record TickDto(DateTimeOffset Now, long Seq);

internal sealed record RuleDto(string Id, string Pack, string Version, IReadOnlyList<string> Kinds, Severity Severity, LocalText Title, LocalText Advice, string? Source, string Evaluator);

internal sealed record RulesDto(IReadOnlyList<RuleDto> Items);

/// <summary>JSON of the API; the engine's own shapes come from <see cref="ViewJson"/> with the same rules.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(InstantJson), typeof(ValueViewJson), typeof(CamelEnum<AlarmState>), typeof(CamelEnum<Severity>), typeof(CamelEnum<SubjectKind>), typeof(CamelEnum<PresenceState>), typeof(CamelEnum<SampleQuality>), typeof(CamelEnum<BrokerState>), typeof(CamelEnum<LastEnd>), typeof(CamelEnum<ClockState>)])]
[JsonSerializable(typeof(FramesDto))]
[JsonSerializable(typeof(BusesDto))]
[JsonSerializable(typeof(SiteDto))]
[JsonSerializable(typeof(DevicesDto))]
[JsonSerializable(typeof(SnapshotDto))]
[JsonSerializable(typeof(SiteEventDto))]
[JsonSerializable(typeof(ReadingsDto))]
[JsonSerializable(typeof(TickDto))]
[JsonSerializable(typeof(LedgerEventDto))]
[JsonSerializable(typeof(EvidenceDto))]
[JsonSerializable(typeof(AdviceDto))]
[JsonSerializable(typeof(NoteRequest))]
[JsonSerializable(typeof(ShelveRequest))]
[JsonSerializable(typeof(RulesDto))]
[JsonSerializable(typeof(UplinksDto))]
[JsonSerializable(typeof(QuarantinePage))]
[JsonSerializable(typeof(ReplayDto))]
[JsonSerializable(typeof(DiscardRequest))]
[JsonSerializable(typeof(AlarmView))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Domain.Configuration;
using Gateway.Domain.Lifecycle;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Lifecycle;

namespace Gateway.Service.LiveConsole.Api;

/// <summary>An entry as somebody asks for it.</summary>
/// <param name="Kind">As in <see cref="LifecycleKind"/>, first letter small.</param>
/// <param name="Attachment">SHA-256 of a file that was uploaded.</param>
internal sealed record LifecycleBody(string? Device, string? Kind, DateTimeOffset? Effective, DateTimeOffset? Until, string? Reason, string? Filing, string? Attachment, string? Note, long? Corrects)
{
    private const int TextMax = 1_000;

    /// <summary>The entry, without number; null and what is wrong when it has not the form.</summary>
    public LifecycleEntry? ToEntry(string requester, out string? wrong)
    {
        bool known = Enum.TryParse<LifecycleKind>(Kind, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsAsciiDigit(Kind![0]);
        wrong = string.IsNullOrWhiteSpace(Device) ? "device: expected a device of the ledger"
            : !known ? $"kind: expected one of {string.Join(", ", Enum.GetNames<LifecycleKind>().Select(JsonNamingPolicy.CamelCase.ConvertName))}, saw \"{Kind}\""
            : Effective is null ? "effective: expected a time such as 2026-03-05T12:00:00+08:00"
            : Filing?.Length > TextMax || Note?.Length > TextMax ? $"filing, note: expected at most {TextMax} characters"
            : null;
        return wrong is not null ? null
            : new LifecycleEntry(0, Device!, kind, Effective!.Value.ToUnixTimeMilliseconds(), Until?.ToUnixTimeMilliseconds(), Reason, requester, null, Filing, Attachment, Note, Corrects, 0);
    }
}

internal sealed record DeclineBody(string? Note);

/// <param name="Refused">Why it holds for nothing, although it was written.</param>
internal sealed record LifecycleEntryDto(long Seq, string Device, string Kind, DateTimeOffset Effective, DateTimeOffset? Until, string? Reason, string Requester, string? Approver, string? Filing, string? Attachment,
    string? Note, long? Corrects, DateTimeOffset Entered, long? CorrectedBy, bool Late, IReadOnlyList<LocalText> Refused)
{
    public static LifecycleEntryDto Of(LifecycleEntry e, LifecycleTimeline timeline, LifecyclePolicy policy) => new(e.Seq, e.Device, LifecycleRequestDto.WordOf(e.Kind), SiteEngine.Time(e.EffectiveMs),
        LifecycleRequestDto.TimeOf(e.UntilMs), e.Reason, e.Requester, e.Approver, e.Filing, e.AttachmentSha256, e.Note, e.Corrects, SiteEngine.Time(e.EnteredMs), timeline.CorrectedBy(e), e.IsLate(policy),
        timeline.Refused.FirstOrDefault(r => r.Entry.Seq == e.Seq)?.Problems ?? []);
}

/// <param name="State">pending, approved, declined or expired.</param>
internal sealed record LifecycleRequestDto(string Id, string State, DateTimeOffset At, DateTimeOffset Expires, string Device, string Kind, DateTimeOffset Effective, DateTimeOffset? Until, string? Reason, string Requester,
    string? Filing, string? Attachment, string? Note, long? Corrects, string? DecidedBy, DateTimeOffset? Decided, long? Seq)
{
    public static LifecycleRequestDto Of(LifecycleRequest r, long nowMs) => new(r.Id, r.StateAt(nowMs), SiteEngine.Time(r.AtMs), SiteEngine.Time(r.ExpiresMs), r.Entry.Device, WordOf(r.Entry.Kind), SiteEngine.Time(r.Entry.EffectiveMs),
        TimeOf(r.Entry.UntilMs), r.Entry.Reason, r.Entry.Requester, r.Entry.Filing, r.Entry.AttachmentSha256, r.Entry.Note, r.Entry.Corrects, r.DecidedBy, TimeOf(r.DecidedMs), r.EntrySeq);

    public static string WordOf(LifecycleKind kind) => JsonNamingPolicy.CamelCase.ConvertName(Enum.GetName(kind)!);

    public static DateTimeOffset? TimeOf(long? ms) => ms is { } value ? SiteEngine.Time(value) : null;
}

internal sealed record LifecycleDto(IReadOnlyList<LifecycleEntryDto> Items, IReadOnlyList<LifecycleRequestDto> Requests);

/// <param name="Seq">Row of the chain.</param>
internal sealed record LifecycleEnteredDto(long Seq);

internal sealed record LifecycleAskedDto(string Id);

/// <param name="Problems">Everything that speaks against it, in both languages.</param>
internal sealed record LifecycleProblem(string Title, int Status, string Detail, IReadOnlyList<LocalText> Problems);

internal sealed record AttachmentDto(string Sha256, string Type, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(InstantJson)])]
[JsonSerializable(typeof(LifecycleBody))]
[JsonSerializable(typeof(DeclineBody))]
[JsonSerializable(typeof(LifecycleDto))]
[JsonSerializable(typeof(LifecycleEnteredDto))]
[JsonSerializable(typeof(LifecycleAskedDto))]
[JsonSerializable(typeof(LifecycleProblem))]
[JsonSerializable(typeof(AttachmentDto))]
internal sealed partial class LifecycleApiJson : JsonSerializerContext;

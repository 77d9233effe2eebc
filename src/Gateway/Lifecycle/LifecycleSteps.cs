using System.Globalization;
using Gateway.Domain.Compliance;
using Gateway.Domain.Configuration;
using Gateway.Domain.Ledger;
using Gateway.Domain.Lifecycle;
using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.Lifecycle;

/// <summary>Steps with the lifecycle log, each with its audit row. All run inside a commit of the store: what is checked is what is written.</summary>
public sealed class LifecycleSteps(SiteLedger ledger, AttachmentFolder attachments)
{
    /// <summary>A request nobody has decided is over after this, ms: seven days.</summary>
    public const long RequestLifeMs = 7 * 86_400_000L;

    /// <summary>Requests that are over are listed so long, ms: ninety days.</summary>
    private const long RequestKeptMs = 90 * 86_400_000L;

    private const int PendingMax = 1_000;

    private static readonly LocalText Unknown = new("没有这份申请", "there is no such request");
    private static readonly LocalText Over = new("该申请已有结论或已过期", "the request is decided already, or has expired");
    private static readonly LocalText Same = new("批准人不能是申请人本人", "whoever asked cannot approve");

    /// <summary>Appends an entry, or says all that speaks against it.</summary>
    /// <param name="who">Who stands in the audit.</param>
    public LifecycleOutcome Enter(StateStore state, long nowMs, string who, LifecycleEntry asked)
    {
        var entry = asked with { Seq = state.NextSeq, EnteredMs = nowMs };
        var problems = Check(state, entry);
        if (problems.Count > 0) return new LifecycleOutcome(problems);
        long seq = state.Journal(LifecycleJson.RowKind, nowMs, LifecycleJson.Write(entry));
        state.Audit(nowMs, new AuditRow(who, "lifecycle.enter", entry.Device, Words(entry, seq)));
        return new LifecycleOutcome([], Seq: seq);
    }

    /// <summary>Keeps what somebody asks for until another person decides.</summary>
    public LifecycleOutcome Ask(StateStore state, long nowMs, string id, LifecycleEntry asked)
    {
        state.RemoveRequests(nowMs - RequestKeptMs);
        // Judged as if somebody had agreed: what cannot become an entry is said to the one who asks.
        var problems = Check(state, asked with { Seq = state.NextSeq, EnteredMs = nowMs, Approver = asked.Requester + "+1" });
        if (state.PendingRequests(nowMs) >= PendingMax) problems = [.. problems, new LocalText($"待批申请已达 {PendingMax} 份", $"{PendingMax} requests wait already")];
        if (problems.Count > 0) return new LifecycleOutcome(problems);
        state.KeepRequest(new LifecycleRequest(id, asked, nowMs, nowMs + RequestLifeMs, null, null, null, null));
        state.Audit(nowMs, new AuditRow(asked.Requester, "lifecycle.request", asked.Device, $"{id}: {Words(asked, null)}"));
        return new LifecycleOutcome([], RequestId: id);
    }

    /// <summary>Another person agrees: the request becomes an entry with both names.</summary>
    public LifecycleOutcome Approve(StateStore state, long nowMs, string id, string approver)
    {
        if (Pending(state, nowMs, id) is not { } request) return new LifecycleOutcome([state.Request(id) is null ? Unknown : Over]);
        if (string.Equals(request.Entry.Requester, approver, StringComparison.OrdinalIgnoreCase)) return new LifecycleOutcome([Same]);
        var outcome = Enter(state, nowMs, approver, request.Entry with { Approver = approver });
        if (outcome.Seq is { } seq)
        {
            state.KeepRequest(request with { Decision = LifecycleRequest.Approved, DecidedBy = approver, DecidedMs = nowMs, EntrySeq = seq });
            state.Audit(nowMs, new AuditRow(approver, "lifecycle.approve", request.Entry.Device, id));
        }
        return outcome;
    }

    /// <summary>It will not become an entry. Whoever asked may take it back so, too.</summary>
    public static LifecycleOutcome Decline(StateStore state, long nowMs, string id, string who, string? note)
    {
        if (Pending(state, nowMs, id) is not { } request) return new LifecycleOutcome([state.Request(id) is null ? Unknown : Over]);
        state.KeepRequest(request with { Decision = LifecycleRequest.Declined, DecidedBy = who, DecidedMs = nowMs });
        state.Audit(nowMs, new AuditRow(who, "lifecycle.decline", request.Entry.Device, note is null ? id : $"{id}: {note}"));
        return new LifecycleOutcome([], RequestId: id);
    }

    private static LifecycleRequest? Pending(StateStore state, long nowMs, string id) => state.Request(id) is { Decision: null } request && nowMs < request.ExpiresMs ? request : null;

    private IReadOnlyList<LocalText> Check(StateStore state, LifecycleEntry entry)
    {
        if (ledger.Devices.FirstOrDefault(d => d.Id == entry.Device) is not { } device) return [new LocalText($"台账中没有设备 {entry.Device}", $"the ledger has no device {entry.Device}")];
        if (entry.AttachmentSha256 is { } sha256 && !attachments.Has(sha256)) return [new LocalText($"附件 {sha256} 尚未上传", $"attachment {sha256} was not uploaded")];
        var service = AccountDevice.Of(device, enterprise: null, ledger.Site.TimeZone).Service;
        return LifecycleTimeline.Build(state.LifecycleEntries().Where(e => e.Device == entry.Device), long.MaxValue, [service], new LifecyclePolicy()).Check(entry);
    }

    private static string Words(LifecycleEntry entry, long? seq)
    {
        string words = $"{LifecycleWords.Of(entry.Kind).En} from {Time(entry.EffectiveMs)}";
        if (entry.UntilMs is { } until) words += $" to {Time(until)}";
        if (entry.Reason is { } reason) words += $", {reason}";
        if (entry.Corrects is { } corrects) words += $", corrects {corrects}";
        return seq is null ? words : $"row {seq}: {words}";
    }

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What became of a step: refused when there are problems.</summary>
/// <param name="Seq">Row of the entry that was written.</param>
/// <param name="RequestId">The request that was kept or decided.</param>
public sealed record LifecycleOutcome(IReadOnlyList<LocalText> Problems, long? Seq = null, string? RequestId = null);

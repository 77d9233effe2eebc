namespace Gateway.Domain.Lifecycle;

/// <summary>One line of the append-only lifecycle log; never changed, only corrected by a later one.</summary>
/// <param name="Seq">Row of the evidence chain it lies in; unique, ascending in order of entry.</param>
/// <param name="EffectiveMs">From when it holds, ms; may lie before or behind <paramref name="EnteredMs"/>.</param>
/// <param name="UntilMs">When a suspension ends by itself, ms; null for all other kinds.</param>
/// <param name="Reason">Of a suspension: one of <see cref="SuspensionReason.All"/>.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="Approver">Who else agreed: needed for a suspension and for a correction after which less time is required.</param>
/// <param name="Filing">Number under which it was filed with the authority, or null.</param>
/// <param name="AttachmentSha256">64 hex digits of the evidence's file, or null.</param>
/// <param name="Corrects">The entry it stands in place of, or null.</param>
/// <param name="EnteredMs">When it was entered, ms: the time of its row.</param>
public sealed record LifecycleEntry(
    long Seq,
    string Device,
    LifecycleKind Kind,
    long EffectiveMs,
    long? UntilMs,
    string? Reason,
    string Requester,
    string? Approver,
    string? Filing,
    string? AttachmentSha256,
    string? Note,
    long? Corrects,
    long EnteredMs)
{
    /// <summary>Entered so long after its effect that every report says so.</summary>
    public bool IsLate(LifecyclePolicy policy) => EnteredMs - EffectiveMs > policy.LateAfterMs;
}

/// <summary>What a site allows.</summary>
/// <param name="SuspensionDaysMax">Longest suspension, days of 24 h; default 90: a quarter, then somebody must look again.</param>
/// <param name="LateAfterMs">An entry made later than this after its effect is flagged, ms; default 24 h.</param>
public sealed record LifecyclePolicy(int SuspensionDaysMax = 90, long LateAfterMs = 86_400_000);

/// <summary>When the ledger's days alone put a device in service; both null: never.</summary>
/// <param name="FromMs">Start of its first civil day, ms.</param>
/// <param name="ToMs">End of its last one, ms; null = open.</param>
public sealed record ServiceTime(string Device, long? FromMs, long? ToMs);

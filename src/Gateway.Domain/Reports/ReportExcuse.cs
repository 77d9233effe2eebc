using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;

namespace Gateway.Domain.Reports;

/// <summary>An entry of the lifecycle log that bears on the window, or was made in it: every excuse is shown, with who asked, who agreed and when it was entered.</summary>
/// <param name="Late">Entered so long after its effect that it must be said.</param>
/// <param name="ExcusedMs">What it excuses of the window.</param>
/// <param name="CorrectedBy">The entry that stands in its place; null: it holds.</param>
public sealed record ReportExcuse(LifecycleEntry Entry, bool Late, bool Refused, long? CorrectedBy, long ExcusedMs)
{
    internal static List<ReportExcuse> Of(SiteAccounts accounts, LifecycleTimeline timeline, LifecyclePolicy policy)
    {
        var ours = accounts.Devices.ToDictionary(d => d.Device.Id, StringComparer.Ordinal);
        var refused = timeline.Refused.Select(r => r.Entry.Seq).ToHashSet();
        var excused = new Dictionary<long, long>();
        foreach (var piece in accounts.Devices.SelectMany(d => d.Pieces).Where(p => p.State == AccountState.Excused)) excused[piece.EntrySeq] = excused.GetValueOrDefault(piece.EntrySeq) + piece.LengthMs;
        long fromMs = accounts.Window.FromMs, toMs = accounts.ToMs;
        return [.. timeline.Entries.Where(e => ours.ContainsKey(e.Device) && Bears(e, fromMs, toMs))
            .Select(e => new ReportExcuse(e, e.IsLate(policy), refused.Contains(e.Seq), timeline.CorrectedBy(e), excused.GetValueOrDefault(e.Seq)))];
    }

    private static bool Bears(LifecycleEntry entry, long fromMs, long toMs)
    {
        bool enteredMeanwhile = entry.EnteredMs >= fromMs && entry.EnteredMs < toMs;
        return enteredMeanwhile || (entry.EffectiveMs < toMs && (entry.UntilMs ?? entry.EffectiveMs + 1) > fromMs);
    }
}

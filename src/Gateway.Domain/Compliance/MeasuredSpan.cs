namespace Gateway.Domain.Compliance;

/// <summary>A stretch of unknown or offline time in which a device is proven to have measured: it told its measurements later. Half open, ms.</summary>
/// <param name="IntervalSeq">Chain row of the interval it lies in; 0: that one was still open.</param>
/// <param name="Seq">Its own chain row.</param>
/// <remarks>Data completeness is repaired by it; online time is not.</remarks>
public sealed record MeasuredSpan(string Device, long FromMs, long ToMs, long IntervalSeq, long Seq);

/// <summary>How much of the accounts is proven. Spans may come in any order, overlap and repeat: each millisecond counts once.</summary>
internal static class MeasuredTime
{
    /// <summary>One device's spans, merged and in order.</summary>
    public static List<(long FromMs, long ToMs)> Merged(IEnumerable<MeasuredSpan> spans)
    {
        var merged = new List<(long FromMs, long ToMs)>();
        foreach (var span in spans.Where(s => s.ToMs > s.FromMs).OrderBy(s => s.FromMs))
        {
            if (merged.Count > 0 && merged[^1].ToMs >= span.FromMs) merged[^1] = (merged[^1].FromMs, Math.Max(merged[^1].ToMs, span.ToMs));
            else merged.Add((span.FromMs, span.ToMs));
        }
        return merged;
    }

    /// <summary>Milliseconds of the spans between two moments.</summary>
    public static long Within(List<(long FromMs, long ToMs)> merged, long fromMs, long toMs)
    {
        int low = 0, high = merged.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (merged[middle].ToMs <= fromMs) low = middle + 1;
            else high = middle;
        }
        long sum = 0;
        for (int i = low; i < merged.Count && merged[i].FromMs < toMs; i++) sum += Math.Min(merged[i].ToMs, toMs) - Math.Max(merged[i].FromMs, fromMs);
        return sum;
    }

    /// <summary>Only what was not heard can be proven later; of offline time only silence: who died or was broken said so himself.</summary>
    public static bool CanProve(in AccountPiece piece) => piece.State == AccountState.Unknown || piece is { State: AccountState.Offline, Cause: Presence.PresenceCause.Silent };
}

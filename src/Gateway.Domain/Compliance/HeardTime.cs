namespace Gateway.Domain.Compliance;

/// <summary>What was heard of one device: its intervals without overlaps, in order, clipped to a window. Holes stay holes.</summary>
internal sealed class HeardTime(string device, long fromMs, long toMs, List<AccountFinding> findings)
{
    // Behind every number a chain can have: what is open yields to what is closed.
    private const long OpenSeq = long.MaxValue;

    /// <param name="rows">All of one device; is sorted in place.</param>
    public List<AccountInterval> Of(List<AccountInterval> rows, OpenInterval? open)
    {
        if (open is not null && open.FromMs < toMs) rows.Add(new AccountInterval(device, open.State, open.Cause, open.FromMs, toMs, OpenSeq));
        rows.Sort(BySeq);
        var told = new List<AccountInterval>(rows.Count);
        AccountInterval? last = null;
        bool inOrder = true;
        foreach (var row in rows)
        {
            if (row == last) continue;
            if (row.Seq == last?.Seq)
            {
                findings.Add(new AccountFinding(AccountFault.SameNumber, device, row.Seq, row.Seq, row.FromMs, row.ToMs));
                continue;
            }
            last = row;
            if (row.ToMs <= row.FromMs)
            {
                findings.Add(new AccountFinding(AccountFault.Empty, device, row.Seq, 0, row.FromMs, row.ToMs));
                continue;
            }
            if (row.ToMs <= fromMs || row.FromMs >= toMs) continue;
            var clipped = row.FromMs >= fromMs && row.ToMs <= toMs ? row : row with { FromMs = Math.Max(row.FromMs, fromMs), ToMs = Math.Min(row.ToMs, toMs) };
            inOrder &= told.Count == 0 || told[^1].ToMs <= clipped.FromMs;
            told.Add(clipped);
        }
        return inOrder ? told : Settle(told);
    }

    /// <summary>The chain's number as the accounts show it.</summary>
    public static long Shown(long seq) => seq == OpenSeq ? 0 : seq;

    /// <summary>Rows by number: each gets what no earlier one has claimed.</summary>
    private List<AccountInterval> Settle(List<AccountInterval> told)
    {
        var claimed = new List<AccountInterval>(told.Count);
        foreach (var row in told)
        {
            int at = claimed.FindIndex(c => c.ToMs > row.FromMs);
            if (at < 0) at = claimed.Count;
            long cursor = row.FromMs;
            while (cursor < row.ToMs)
            {
                long nextMs = at < claimed.Count ? Math.Max(cursor, Math.Min(claimed[at].FromMs, row.ToMs)) : row.ToMs;
                if (nextMs > cursor) claimed.Insert(at++, row with { FromMs = cursor, ToMs = nextMs });
                cursor = nextMs;
                if (cursor >= row.ToMs) break;
                var earlier = claimed[at++];
                long untilMs = Math.Min(earlier.ToMs, row.ToMs);
                findings.Add(new AccountFinding(AccountFault.Overlap, device, earlier.Seq, Shown(row.Seq), cursor, untilMs));
                cursor = untilMs;
            }
        }
        return claimed;
    }

    private static int BySeq(AccountInterval a, AccountInterval b)
    {
        int order = a.Seq.CompareTo(b.Seq);
        if (order == 0) order = a.FromMs.CompareTo(b.FromMs);
        if (order == 0) order = a.ToMs.CompareTo(b.ToMs);
        if (order == 0) order = a.State.CompareTo(b.State);
        return order != 0 ? order : string.CompareOrdinal(a.Cause, b.Cause);
    }
}

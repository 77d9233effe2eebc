namespace Gateway.Domain.Compliance;

/// <summary>What the gateway had of presence when its chain ended at a certain row: what an old report rested on, found again in a longer chain.</summary>
public static class AsOf
{
    /// <param name="rows">Closed intervals of the whole chain, in any order.</param>
    /// <param name="open">What is open now.</param>
    /// <param name="headSeq">Last row that counts.</param>
    /// <returns>The intervals closed by then; and of each device the one that was open, found in the first row behind, which closed it, or in what still is open.</returns>
    /// <remarks>
    /// An interval that was open then and ended at the very moment it began left no row: its time is then the next interval's. That takes a crash within a heartbeat of
    /// the change.
    /// </remarks>
    public static (IReadOnlyList<AccountInterval> Closed, IReadOnlyList<OpenInterval> Open) Row(IEnumerable<AccountInterval> rows, IEnumerable<OpenInterval> open, long headSeq, long asOfMs)
    {
        var closed = new List<AccountInterval>();
        var behind = new Dictionary<string, AccountInterval>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row.Seq <= headSeq) closed.Add(row);
            else if (!behind.TryGetValue(row.Device, out var earliest) || row.Seq < earliest.Seq) behind[row.Device] = row;
        }
        var then = open.Where(o => !behind.ContainsKey(o.Device)).Concat(behind.Values.Select(r => new OpenInterval(r.Device, r.State, r.Cause, r.FromMs)));
        return (closed, [.. then.Where(o => o.FromMs < asOfMs).OrderBy(o => o.Device, StringComparer.Ordinal)]);
    }
}

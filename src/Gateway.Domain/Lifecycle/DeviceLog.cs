using Gateway.Domain.Configuration;

namespace Gateway.Domain.Lifecycle;

/// <summary>The log of one device, taken entry by entry in order of sequence: each is judged against what was admitted before it.</summary>
internal sealed class DeviceLog(ServiceTime? ledger, LifecyclePolicy policy)
{
    private readonly Dictionary<long, LifecycleEntry> _admitted = [];
    private readonly Dictionary<long, long> _correctedBy = [];
    private List<LifecycleEntry> _standing = [];
    private IReadOnlyList<LifecycleSpan>? _spans;

    /// <summary>Made when first asked for.</summary>
    public IReadOnlyList<LifecycleSpan> Spans => _spans ??= LifecycleWalk.Of(_standing, ledger).Spans;

    /// <summary>Which entry was replaced by which.</summary>
    public IReadOnlyDictionary<long, long> CorrectedBy => _correctedBy;

    /// <summary>Takes an entry, or says all that speaks against it and stays as it was.</summary>
    public IReadOnlyList<LocalText> Admit(LifecycleEntry entry)
    {
        var (problems, standing, spans) = Judge(entry);
        if (problems.Count > 0) return problems;
        _admitted.Add(entry.Seq, entry);
        if (entry.Corrects is { } corrected) _correctedBy.Add(corrected, entry.Seq);
        (_standing, _spans) = (standing, spans);
        return problems;
    }

    /// <summary>What speaks against appending it; changes nothing.</summary>
    public IReadOnlyList<LocalText> Check(LifecycleEntry entry) => Judge(entry).Problems;

    private (List<LocalText> Problems, List<LifecycleEntry> Standing, IReadOnlyList<LifecycleSpan> Spans) Judge(LifecycleEntry entry)
    {
        var problems = LifecycleEntryRules.ProblemsOf(entry, policy);
        if (entry.Corrects is { } corrected)
        {
            if (!_admitted.ContainsKey(corrected)) problems.Add(new($"该设备没有第 {corrected} 号有效记录", $"the device has no admitted entry {corrected}"));
            else if (_correctedBy.TryGetValue(corrected, out long by)) problems.Add(new($"第 {corrected} 号记录已由第 {by} 号更正；请更正后者", $"entry {corrected} was corrected by {by} already: correct that one"));
        }
        if (problems.Count > 0) return (problems, _standing, Spans);

        var standing = new List<LifecycleEntry>(_standing.Count + 1);
        foreach (var other in _standing)
            if (other.Seq != entry.Corrects) standing.Add(other);
        if (entry.Kind != LifecycleKind.Withdrawn) standing.Insert(PlaceOf(entry, standing), entry);
        var walk = LifecycleWalk.Of(standing, ledger);
        if (walk.Refused is { } refused)
        {
            bool itself = refused.Entry.Seq == entry.Seq;
            problems.Add(itself ? LifecycleWords.NotFollowing(entry, refused.State, refused.Why) : LifecycleWords.MakesImpossible(refused.Entry, refused.State, refused.Why));
        }
        else if (entry.Corrects is not null && RequiresLess(Spans, walk.Spans) && !PersonName.AreTwo(entry.Requester, entry.Approver))
        {
            problems.Add(new("此更正使应在线时间减少，须由申请人以外的人批准", "after this correction less time is required: it needs an approver other than the requester"));
        }
        return (problems, standing, walk.Spans);
    }

    /// <summary>By effect, then by number.</summary>
    private static int PlaceOf(LifecycleEntry entry, List<LifecycleEntry> standing)
    {
        int place = standing.Count;
        while (place > 0 && (standing[place - 1].EffectiveMs, standing[place - 1].Seq).CompareTo((entry.EffectiveMs, entry.Seq)) > 0) place--;
        return place;
    }

    /// <summary>Whether any moment that was required no longer is.</summary>
    private static bool RequiresLess(IReadOnlyList<LifecycleSpan> before, IReadOnlyList<LifecycleSpan> after)
    {
        int a = 0;
        foreach (var span in before)
        {
            if (span.State != LifecycleState.InService) continue;
            while (after[a].ToMs <= span.FromMs) a++;
            for (int i = a; i < after.Count && after[i].FromMs < span.ToMs; i++)
                if (after[i].State != LifecycleState.InService) return true;
        }
        return false;
    }
}

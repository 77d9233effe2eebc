using Gateway.Domain.Configuration;
using Gateway.Domain.Patrol;

namespace Gateway.Patrol;

/// <summary>Whether a list in the chain was drawn as it says.</summary>
public static class PatrolCheck
{
    /// <param name="hashBefore">Hash of the row before, 64 hex digits.</param>
    /// <returns>Everything that does not fit; empty: everybody draws this list again.</returns>
    public static IReadOnlyList<LocalText> Of(PatrolRow row, string hashBefore)
    {
        var faults = new List<LocalText>();
        var (list, again) = (row.List, PatrolDraw.Again(row.List));
        if (hashBefore.Length == 0) faults.Add(new($"缺少第 {row.HeadSeq} 行", $"row {row.HeadSeq} is missing"));
        else if (hashBefore != list.HeadHash) faults.Add(new($"第 {row.HeadSeq} 行的哈希不是清单所写的", $"row {row.HeadSeq} has another hash than the list says"));
        if (again.Seed != list.Seed) faults.Add(new("种子与哈希、日期不符", "the seed is not that of hash and date"));
        if (!again.Drawn.SequenceEqual(list.Drawn, StringComparer.Ordinal)) faults.Add(new($"应抽中：{string.Join("、", again.Drawn)}", $"the seed draws {string.Join(", ", again.Drawn)}; the list has {string.Join(", ", list.Drawn)}"));
        if (again.Inspector != list.Inspector) faults.Add(new($"巡查人应为 {again.Inspector ?? "–"}", $"the seed draws {again.Inspector ?? "nobody"} to look; the list has {list.Inspector ?? "nobody"}"));
        return faults;
    }
}

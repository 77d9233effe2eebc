using Gateway.Domain.Ledger;

namespace Gateway.Domain.Compliance;

/// <summary>Civil days on which a policy covered the site. A day that is not over yet counts like a whole one.</summary>
public sealed record InsuranceDays(int Covered, int Days, IReadOnlyList<DateOnly> Uncovered)
{
    public static InsuranceDays Of(IReadOnlyList<CivilDay> days, IReadOnlyList<Policy> policies)
    {
        var uncovered = days.Where(d => !policies.Any(p => p.Covers(d.Date))).Select(d => d.Date).ToList();
        return new InsuranceDays(days.Count - uncovered.Count, days.Count, uncovered);
    }
}

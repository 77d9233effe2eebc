namespace Gateway.History;

/// <summary>What is asked of the history.</summary>
/// <param name="Device">Index of a registered device.</param>
/// <param name="Fields">Names of fields of its profile that are numbers.</param>
/// <param name="FromMs">Unix ms, included.</param>
/// <param name="ToMs">Unix ms, not included.</param>
/// <param name="Points">Rows that may come back at most, at least <see cref="PointsMin"/>.</param>
/// <param name="Resolution"><c>raw</c>, <c>1m</c>, <c>15m</c>; null: the finest that fits.</param>
public sealed record HistoryQuery(int Device, IReadOnlyList<string> Fields, long FromMs, long ToMs, int Points, string? Resolution = null)
{
    public const int PointsMin = 10;
    public const int PointsMax = 10_000;
    public const int PointsDefault = 1_000;
}

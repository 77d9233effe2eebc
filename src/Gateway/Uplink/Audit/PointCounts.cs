namespace Gateway.Uplink.Audit;

/// <summary>Which numeric fields a line of a measurement has: lines of one kind of device share one.</summary>
public sealed record PointShape(string Measurement, IReadOnlyList<string> Fields);

/// <summary>How many points were sent, by shape and hour of their time, and which lines they came in. Counted while a batch is checked, believed when it settles.</summary>
public sealed class PointCounts
{
    public const long HourMs = 3_600_000;

    private readonly Dictionary<(PointShape Shape, long HourMs), Tally> _tallies = [];

    public IEnumerable<(PointShape Shape, long HourMs, Tally Tally)> All => _tallies.Select(t => (t.Key.Shape, t.Key.HourMs, t.Value));

    public static PointCounts? Together(PointCounts? one, PointCounts? other)
    {
        if (one is null || other is null) return one ?? other;
        foreach (var (key, tally) in other._tallies) one._tallies[key] = one._tallies.TryGetValue(key, out var had) ? had.And(tally) : tally;
        return one;
    }

    /// <param name="points">1, or 0 for a repeat that overwrites itself, −1 for a line that was refused after all.</param>
    public void Add(PointShape shape, long hourMs, int points, long line)
    {
        ref var tally = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_tallies, (shape, hourMs), out bool known);
        tally = known ? tally.And(new Tally(points, line, line + 1)) : new Tally(points, line, line + 1);
    }

    /// <param name="FromLine">First line with a point of the hour; <paramref name="ToLine"/> is behind the last.</param>
    public readonly record struct Tally(long Points, long FromLine, long ToLine)
    {
        public Tally And(Tally other) => new(Points + other.Points, Math.Min(FromLine, other.FromLine), Math.Max(ToLine, other.ToLine));
    }
}

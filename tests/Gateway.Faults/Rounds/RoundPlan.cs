namespace Gateway.Faults.Rounds;

/// <summary>Everything about a round that its seed decides.</summary>
/// <param name="Devices">Cranes that report.</param>
/// <param name="Pace">Time between two messages of one of them.</param>
/// <param name="TelemetryMiBMax">Budget of the store.</param>
/// <param name="BacklogLinesPerSecond">0 = as fast as it goes.</param>
/// <param name="Steps">What goes wrong, and when it begins, from the beginning of the load.</param>
internal sealed record RoundPlan(int Seed, int Devices, TimeSpan Pace, TimeSpan Load, int TelemetryMiBMax, int BatchLines, int BacklogLinesPerSecond, IReadOnlyList<(TimeSpan At, Fault Fault)> Steps)
{
    private const int FaultsMax = 4;

    public string Names => string.Join(" + ", Steps.Select(s => s.Fault.Name));

    public static RoundPlan Of(int seed)
    {
        var random = new Random(seed);
        int devices = random.Next(5, 21);
        var load = TimeSpan.FromSeconds(5 + 3 * random.NextDouble());
        // A small budget and a long outage make gaps; a large one keeps everything.
        var (pace, budget) = (TimeSpan.FromMilliseconds(random.Next(10, 40)), random.Next(3) == 0 ? 1 : 32);
        var (batch, rate) = (random.Next(20, 1_000), random.Next(2) == 0 ? 0 : random.Next(1_000, 5_000));
        var drawn = FaultTable.All.OrderBy(_ => random.Next()).Take(random.Next(1, FaultsMax + 1));
        return new RoundPlan(seed, devices, pace, load, budget, batch, rate, [.. drawn.Select(f => (0.4 * TimeSpan.FromSeconds(1) + random.NextDouble() * (load - TimeSpan.FromSeconds(1.5)), f)).OrderBy(s => s.Item1)]);
    }
}

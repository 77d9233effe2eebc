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
        var (devices, load) = (random.Next(5, 21), TimeSpan.FromSeconds(5 + 4 * random.NextDouble()));
        var pace = TimeSpan.FromMilliseconds(random.Next(5, 30));
        var (batch, rate) = (random.Next(20, 1_000), random.Next(2) == 0 ? 0 : random.Next(1_000, 5_000));
        var drawn = FaultTable.All.OrderBy(_ => random.Next()).DistinctBy(f => f.Once).Take(random.Next(1, FaultsMax + 1)).Select(f => (At: TimeSpan.FromSeconds(0.4) + random.NextDouble() * (load - TimeSpan.FromSeconds(1.5)), Fault: f));
        var steps = drawn.OrderBy(s => s.At).ToList();
        // Every third store is too small for an outage, so that something has to be given up.
        if (random.Next(3) > 0) return new RoundPlan(seed, devices, pace, load, 64, batch, rate, steps);
        steps.RemoveAll(s => s.Fault.Lane == Lane.Sink);
        return new RoundPlan(seed, devices, TimeSpan.FromMilliseconds(random.Next(5, 10)), load, 1, batch, rate, [(TimeSpan.FromSeconds(random.NextDouble()), FaultTable.LongOutage), .. steps]);
    }
}

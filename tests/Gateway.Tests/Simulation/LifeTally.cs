namespace Gateway.Tests.Simulation;

/// <summary>What happened in a life: a simulation in which nothing happens proves nothing.</summary>
internal sealed class LifeTally
{
    public long Said, Acknowledged, Starts, FailedStarts, PowerCuts, RefusedEnds, LongNights, AlarmsAcknowledged;
    public long Lines, Rows, Gaps, Requests, Refusals, Forgotten, Quarantined, VirtualSeconds, DiskSteps;

    public void Add(LifeTally other)
    {
        foreach (var field in typeof(LifeTally).GetFields()) field.SetValue(this, (long)field.GetValue(this)! + (long)field.GetValue(other)!);
    }

    public override string ToString() => string.Join(", ", typeof(LifeTally).GetFields().Select(f => $"{f.Name} {f.GetValue(this)}"));
}

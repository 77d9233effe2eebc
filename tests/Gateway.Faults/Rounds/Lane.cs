namespace Gateway.Faults.Rounds;

/// <summary>Faults of one lane come one after the other; those of different lanes in any combination.</summary>
internal enum Lane
{
    Process,
    Disk,
    Sink,
    Devices,
}

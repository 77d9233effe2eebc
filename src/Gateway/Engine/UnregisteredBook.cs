namespace Gateway.Engine;

/// <summary>A device that talks and is not in the ledger: what it said, on which link, first and last. Bounded by the directory that numbers it.</summary>
public sealed record UnregisteredDevice(int Index, string Link, string Address, string? Kind, string Sample);

internal sealed class UnregisteredState(UnregisteredDevice device, long firstSeenMs)
{
    public UnregisteredDevice Device { get; } = device;

    public long FirstSeenMs { get; } = firstSeenMs;

    public long LastSeenMs { get; set; } = firstSeenMs;

    public long Messages { get; set; }
}

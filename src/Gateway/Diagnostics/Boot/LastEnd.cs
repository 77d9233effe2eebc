namespace Gateway.Diagnostics.Boot;

/// <summary>How the run before this one ended.</summary>
public enum LastEnd : byte
{
    /// <summary>There was none: a new store.</summary>
    First,

    /// <summary>It was asked to, and wrote its last row.</summary>
    Shutdown,

    /// <summary>The box lost power, was reset, or is another one: its kernel is not the one of then.</summary>
    Power,

    /// <summary>The supervisor ended it because it gave no sign of life.</summary>
    Watchdog,

    /// <summary>It fell by itself, or nobody knows what made it fall.</summary>
    Crash,

    /// <summary>Something outside killed it: a person, the kernel short of memory.</summary>
    Signal,
}

/// <summary>The ends of a run as journal, API and alarms spell them.</summary>
public static class LastEnds
{
    public static string WordOf(LastEnd end) => Enum.GetName(end)!.ToLowerInvariant();

    /// <summary>Tells them apart. What is certain counts first: our own last row, then the kernel's word, then the supervisor's.</summary>
    /// <param name="ranBefore">The store has seen a start before.</param>
    /// <param name="saidGoodbye">The newest start was followed by an orderly stop.</param>
    /// <param name="bootIdThen">The kernel's boot id at that start; null where it was not known.</param>
    /// <param name="heartbeatMs">When that run was last known to live. What the supervisor wrote earlier is about another end.</param>
    public static LastEnd Judge(bool ranBefore, bool saidGoodbye, string? bootIdThen, HostBoot now, long heartbeatMs)
    {
        if (!ranBefore) return LastEnd.First;
        if (saidGoodbye) return LastEnd.Shutdown;
        if (bootIdThen is not null && now.BootId is not null && bootIdThen != now.BootId) return LastEnd.Power;
        return now.Exit is { } exit && exit.WrittenMs >= heartbeatMs ? exit.End : LastEnd.Crash;
    }
}

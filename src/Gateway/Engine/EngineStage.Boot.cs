using Gateway.Diagnostics.Boot;
using Gateway.Domain.Presence;

namespace Gateway.Engine;

/// <summary>How the last run ended, and what its end makes of the time since.</summary>
public sealed partial class EngineStage
{
    /// <summary>Key of the state: the kernel's boot id at the newest start.</summary>
    private const string BootIdKey = "boot_id";

    /// <summary>What the box says of its start.</summary>
    public HostBoot Host { get; init; } = HostBoot.Unknown;

    /// <summary>How the run before this one ended. Known after <see cref="Recover"/>.</summary>
    public LastEnd LastEnd { get; private set; }

    /// <summary>When the run before this one was last known to live, ms; 0 at the very first start.</summary>
    public long LastHeartbeatMs { get; private set; }

    private EngineMemory Explained(EngineMemory memory, long nowMs)
    {
        LastHeartbeatMs = memory.HeartbeatMs;
        LastEnd = LastEnds.Judge(memory.HeartbeatMs > 0 || _state.EverBooted(), _state.EndedInOrder(), _state.Meta(BootIdKey), Host, memory.HeartbeatMs);
        string word = LastEnds.WordOf(LastEnd);
        if (LastEnd != LastEnd.First) Log.LastRun(_log, word, Math.Max(0, nowMs - memory.HeartbeatMs) / 1000.0, Host.Exit?.Words ?? "");
        return memory with { DownCause = LastEnd == LastEnd.Power ? PresenceCause.Power : PresenceCause.Gateway, DownReason = word };
    }

    /// <summary>Within the commit of the start.</summary>
    private void KeepBootId()
    {
        if (Host.BootId is { } id) _state.SetMeta(BootIdKey, id);
    }
}

namespace Gateway.Diagnostics.Clock;

/// <summary>What is known of this box's clock before anything is asked.</summary>
/// <param name="Trusted">Somebody else keeps the time (the host of a virtual machine): neither NTP nor a hardware clock is asked for.</param>
/// <param name="BuiltAtMs">No right clock shows a time before the program was made, ms.</param>
/// <param name="LastHeartbeatMs">Nor one before the last run's heartbeat, ms; 0 when there was none.</param>
public sealed record ClockOptions(bool Trusted, long BuiltAtMs, long LastHeartbeatMs);

namespace Gateway.Links.BlackBoxes;

/// <summary>What is known of one station since the process began.</summary>
/// <param name="Station">As its frames name it.</param>
/// <param name="DeviceId">The ledger's id, or the name an unregistered one goes by.</param>
/// <param name="Peer">Address or bus it was heard on last.</param>
/// <param name="Protocol"><c>goyo</c> or <c>tx101</c>.</param>
/// <param name="Version">GOYO: the version of its frames; TX101: its version byte, <c>1.0</c>.</param>
/// <param name="LastFrameAgeMs">Since its last frame.</param>
/// <param name="Counters">Its frames by verdict.</param>
/// <param name="ClockSkewMs">How far its clock is ahead of ours; null while it has not said.</param>
/// <param name="OpenResend">Frames it will send again unless they are on disk in time: taken, not yet acknowledged.</param>
public sealed record BoxStatus(
    string Station, string DeviceId, bool Registered, string Peer, string Protocol, string Version, long LastFrameAgeMs, IReadOnlyDictionary<string, long> Counters, long? ClockSkewMs, int OpenResend);

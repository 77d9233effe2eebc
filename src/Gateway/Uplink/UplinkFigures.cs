using Gateway.Uplink.Audit;

namespace Gateway.Uplink;

/// <summary>One target as the console and <c>/metrics</c> show it.</summary>
/// <param name="Sent">First line of telemetry not offered live yet; <paramref name="Settled"/>: first that is not settled.</param>
/// <param name="LagLines">Lines on disk that were not offered live yet.</param>
/// <param name="LagSinceMs">When the oldest of them was received, or null.</param>
/// <param name="BacklogLines">Lines left behind, to be sent beside live.</param>
/// <param name="HeldLines">Lines answered for and not settled yet.</param>
/// <param name="RefusedHere">Lines set aside before they were sent; <paramref name="TextsDropped"/>: text fields left out.</param>
/// <param name="Restarts">Restarts of the target since our process began; <paramref name="LinesAgain"/>: lines that had to go again because of them.</param>
/// <param name="StartReadable">False: nothing but the hold time tells that the target has not lost what it answered for.</param>
/// <param name="Fault">What is wrong with its token file, or null.</param>
public sealed record UplinkFigures(
    string Target, IReadOnlyList<LaneFigures> Lanes, long Sent, long Settled, long LagLines, long? LagSinceMs, long BacklogLines, long HeldLines, long RefusedHere, long TextsDropped,
    long Quarantined, long Restarts, long LinesAgain, bool StartReadable, string? Fault, ReadBackFigures? ReadBack);

/// <param name="Lane">alarms, live or backlog.</param>
/// <param name="State">ok, idle, retrying, open or refused.</param>
public sealed record LaneFigures(string Lane, string State, string? LastError, long Requests, long LinesSent);

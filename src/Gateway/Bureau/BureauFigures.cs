namespace Gateway.Bureau;

/// <summary>One bureau as the console and <c>/metrics</c> show it.</summary>
/// <param name="State">connected, connecting, or failing.</param>
/// <param name="LastError">Why the last connection failed or ended; null while all is well.</param>
/// <param name="LastAcknowledgedMs">When a report was last acknowledged; null before the first.</param>
/// <param name="Owed">Minute intervals the bureau does not have yet, those under way included.</param>
/// <param name="OldestOwedMs">Start of the oldest of them.</param>
/// <param name="Reported">Reports acknowledged since the process began; <paramref name="Requests"/>: requests of the platform.</param>
/// <param name="LagLines">Lines on disk that it has not settled.</param>
public sealed record BureauFigures(string Name, string Address, string State, string? LastError, long? LastAcknowledgedMs, int Owed, long? OldestOwedMs, long Reported, long Requests, long LagLines);

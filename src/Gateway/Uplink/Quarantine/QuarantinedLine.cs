namespace Gateway.Uplink.Quarantine;

/// <param name="Words">Why: the server's own words, or ours for a line that was not sent at all.</param>
/// <param name="Replay">Somebody asked to send it once more, and that is not done yet.</param>
public sealed record QuarantinedLine(long Id, string Target, string Lane, long AtMs, byte[] Line, string Words, bool Replay);

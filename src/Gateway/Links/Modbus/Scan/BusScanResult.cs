namespace Gateway.Links.Modbus.Scan;

/// <summary>What was found on a port.</summary>
/// <param name="Fault">Why the port could not be used; null = it could.</param>
/// <param name="Talkers">Protocols of devices that spoke by themselves; with one of them nobody was asked.</param>
/// <param name="Damaged">Settings at which something answered that could not be read: the rate or framing is near, or two speak at once.</param>
/// <param name="Stopped">It was asked to end before it was through.</param>
public sealed record BusScanResult(string Port, string? Fault, IReadOnlyList<BusTalker> Talkers, IReadOnlyList<FoundUnit> Units, IReadOnlyList<string> Damaged, bool Stopped);

/// <param name="Protocol"><c>hj212</c>, <c>goyo</c>, <c>tx101</c>, <c>modbus</c> (another master is asking), or <c>unknown</c>.</param>
public sealed record BusTalker(string Protocol, int Baud, string Framing, long Bytes);

/// <param name="Answer"><c>data</c>, or <c>exception N</c>: it lives, but has no register 0 for that function.</param>
public sealed record FoundUnit(int Address, int Baud, string Framing, int Function, string Answer, IReadOnlyList<ProfileCandidate> Profiles);

/// <param name="Confidence">0 to 1: the more registers a profile reads and believes, the less it can be chance.</param>
/// <param name="Values">What the unit would be saying, to compare with its display.</param>
public sealed record ProfileCandidate(string Profile, double Confidence, IReadOnlyDictionary<string, double> Values);

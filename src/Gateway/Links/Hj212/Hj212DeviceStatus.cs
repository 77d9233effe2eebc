namespace Gateway.Links.Hj212;

/// <summary>One HJ 212 device as the console shows it.</summary>
/// <param name="Peer">Address it speaks from, or its bus; null while it is away.</param>
/// <param name="LastFrameAgeMs">Since its last frame; null before the first.</param>
/// <param name="Version">Edition of its last frame, as its Flag says.</param>
/// <param name="Crc">By which rule its last checksum was right; <c>Wrong</c> where the ledger believes it unchecked.</param>
/// <param name="Counts">Frames by what became of them, values by flag.</param>
/// <param name="OpenRequest"><c>CN QN</c> of what it is being asked, or null.</param>
/// <param name="Refusal">The last thing it refused or did not answer, in words.</param>
/// <param name="SkewMs">Its clock minus ours.</param>
/// <param name="Recall">What is still to be recalled, newest last.</param>
/// <param name="RecallRefused">It does not know how to give its history, and is left alone.</param>
/// <param name="GapsGivenUp">Gaps that could not be filled since the process began.</param>
public sealed record Hj212DeviceStatus(
    string Mn, string Device, bool Registered, string? Peer, long? LastFrameAgeMs, string Version, string Crc, IReadOnlyDictionary<string, long> Counts, string? OpenRequest, long Requests, string? Refusal,
    long? SkewMs, IReadOnlyList<Hj212OpenGap> Recall, bool RecallRefused, long GapsGivenUp);

/// <param name="Cn">2051, 2061 or 2031: the means it is filled with.</param>
public sealed record Hj212OpenGap(DateTimeOffset From, DateTimeOffset To, int Cn);

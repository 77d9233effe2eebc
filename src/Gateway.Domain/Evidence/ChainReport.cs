namespace Gateway.Domain.Evidence;

/// <summary>What a walk over a chain found.</summary>
/// <param name="LastHash">Of the newest row, hex; 64 zeros for an empty chain.</param>
/// <param name="Bound">Some row names the gateway; else the chain could be anybody's.</param>
/// <param name="Inside">The checkpoints that are rows of the chain.</param>
/// <param name="Outside">The outside checkpoints of this gateway that were given.</param>
/// <param name="Matched">So many of them agree.</param>
/// <param name="PinnedSeq">Newest row an outside checkpoint agrees with; 0 = none.</param>
/// <param name="LeftOut">Findings beyond <see cref="FindingsMax"/>, counted only.</param>
public sealed record ChainReport(
    long Rows,
    long LastSeq,
    long LastAtMs,
    string LastHash,
    bool Bound,
    IReadOnlyList<ChainFinding> Findings,
    IReadOnlyList<Checkpoint> Inside,
    int Outside,
    int Matched,
    long PinnedSeq,
    long LeftOut)
{
    public const int FindingsMax = 1_000;

    public ChainVerdict Verdict => LeftOut > 0 || Findings.Any(f => f is { IsNote: false, Declared: false }) ? ChainVerdict.Broken
        : Findings.Any(f => f.Declared) ? ChainVerdict.Declared : ChainVerdict.Whole;
}

/// <summary>What a report comes to.</summary>
public enum ChainVerdict : byte
{
    Whole,

    /// <summary>Rows are missing, and the chain itself says since when and why.</summary>
    Declared,

    Broken,
}

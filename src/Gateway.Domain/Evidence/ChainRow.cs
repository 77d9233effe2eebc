namespace Gateway.Domain.Evidence;

/// <summary>One row of the journal as it lies in the file; the spans are valid only during the call that gets it.</summary>
/// <param name="wellFormed">Every column has the type it was written with; a file may hold a number where a text was, and SQLite converts it without a word.</param>
public readonly ref struct ChainRow(long seq, long atMs, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> body, ReadOnlySpan<byte> hash, bool wellFormed = true)
{
    public long Seq { get; } = seq;

    /// <summary>When it was written, ms.</summary>
    public long AtMs { get; } = atMs;

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Kind { get; } = kind;

    /// <summary>UTF-8 JSON.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    public ReadOnlySpan<byte> Hash { get; } = hash;

    public bool WellFormed { get; } = wellFormed && hash.Length == EvidenceChain.HashBytes;
}

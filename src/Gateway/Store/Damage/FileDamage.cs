namespace Gateway.Store.Damage;

/// <summary>A file of the store that was damaged: what was found, where it lies now, what could be read of it.</summary>
/// <param name="Found">In words.</param>
/// <param name="MovedTo">Folder with the file and its report; null when there was nothing left to move.</param>
/// <param name="Sha256">Of the file as it was found, hex; null when it is no file.</param>
/// <param name="Tables">Rows that were recovered.</param>
public sealed record FileDamage(string File, string Found, string? MovedTo, string? Sha256, IReadOnlyList<TableCount> Tables)
{
    /// <summary>Journal: the row before the first hole.</summary>
    public long? LastGoodSeq { get; init; }

    /// <summary>Journal: numbers before <see cref="NextSeq"/> that have no row, and of which no earlier recovery told.</summary>
    public long? RowsLost { get; init; }

    /// <summary>Journal: number of the next row; numbers that may have been seen are not used again.</summary>
    public long? NextSeq { get; init; }

    /// <summary>Telemetry: lines may be missing from here …</summary>
    public long? NumbersFrom { get; init; }

    /// <summary>… to here, where numbers go on; not every number between was used.</summary>
    public long? NumbersTo { get; init; }

    /// <summary>Telemetry: ranges of lines that certainly were there and are gone, oldest first.</summary>
    public IReadOnlyList<LineRange> Missing { get; init; } = [];

    /// <summary>Older folders of damage that were deleted to keep their number and size bounded.</summary>
    public IReadOnlyList<string> Forgotten { get; init; } = [];
}

public readonly record struct TableCount(string Table, long Rows, bool Whole);

/// <summary>Lines from <paramref name="From"/> to before <paramref name="To"/>.</summary>
/// <param name="OldestMs">When about the first of them was received; 0: not known.</param>
public readonly record struct LineRange(long From, long To, long OldestMs, long NewestMs);

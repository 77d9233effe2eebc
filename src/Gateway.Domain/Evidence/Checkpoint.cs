namespace Gateway.Domain.Evidence;

/// <summary>How far a chain had come at one moment, small enough to be kept anywhere: it pins every row up to <paramref name="Seq"/>.</summary>
/// <param name="Gateway">Whose chain.</param>
/// <param name="Seq">The row it describes, the newest at that time.</param>
/// <param name="Hash">Of that row, 64 lower-case hex digits.</param>
/// <param name="Count">Rows counted up to it, each once, when it was written.</param>
/// <param name="AtMs">When it was taken, ms.</param>
public sealed record Checkpoint(string Gateway, long Seq, string Hash, long Count, long AtMs)
{
    /// <summary>Numbers a hash is cut into for stores that hold nothing but numbers: five of 48 bits and one of 16, because many round integers above 2^53.</summary>
    public const int Words = 6;

    private const int WordDigits = 12;

    /// <summary>The hash as <see cref="Words"/> numbers, its first bytes first.</summary>
    public IReadOnlyList<long> HashWords() => [.. Enumerable.Range(0, Words).Select(w => Convert.ToInt64(Hash.Substring(w * WordDigits, Digits(w)), 16))];

    /// <summary>The hash that was cut into these numbers; null when they are none.</summary>
    public static string? HashOf(IReadOnlyList<long> words)
    {
        if (words.Count != Words || words.Where((word, w) => word < 0 || word >= 1L << 4 * Digits(w)).Any()) return null;
        return string.Concat(words.Select((word, w) => word.ToString($"x{Digits(w)}", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static int Digits(int word) => word < Words - 1 ? WordDigits : 4;
}

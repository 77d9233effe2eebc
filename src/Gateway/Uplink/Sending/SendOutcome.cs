namespace Gateway.Uplink.Sending;

/// <summary>What became of one request, said by what to do next.</summary>
public enum SendVerdict : byte
{
    /// <summary>The target answered that it has them.</summary>
    Answered,
    /// <summary>Some line is wrong for good: find it, put it aside, go on.</summary>
    Rejected,
    /// <summary>The batch is too large: halve it.</summary>
    TooLarge,
    /// <summary>Down, busy, full, slow: keep everything and try again.</summary>
    TryLater,
    /// <summary>Wrong address, token or rights: keep everything, tell a person, try slowly.</summary>
    Misconfigured,
}

/// <param name="Words">The server's own words, cut to 500 characters.</param>
/// <param name="RetryAfter">What the server asked for, or null.</param>
/// <param name="Dropped">How many lines it says it left out (<c>dropped=</c>), or null.</param>
/// <param name="Partial">It says that it kept the others.</param>
/// <param name="BadLines">The lines it names itself (InfluxDB 3), counted from 1, or null.</param>
public readonly record struct SendOutcome(
    SendVerdict Verdict, string Words, TimeSpan? RetryAfter = null, int? Dropped = null, bool Partial = false, IReadOnlyList<(int Line, string Words)>? BadLines = null);

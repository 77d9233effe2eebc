namespace Gateway.Faults.Rounds;

/// <summary>Something that goes wrong, and ends again.</summary>
/// <param name="Name">As it stands in the round's line.</param>
/// <param name="DoAsync">Does it, for as long as it takes, and undoes it.</param>
internal sealed record Fault(string Name, Lane Lane, Func<Site, Random, Task> DoAsync)
{
    /// <summary>Of the faults with the same word a round has at most one.</summary>
    public string Once { get; init; } = Name;
}

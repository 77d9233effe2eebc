namespace Gateway.Domain.Presence;

/// <summary>
/// How the causes of unknown time hang on each other. When several hold, the root-most names the time: what is nearer to the root explains what hangs on it, never the other way round.
/// </summary>
/// <remarks>
/// <code>
/// power ─ gateway ┬ clock
///                 ├ store
///                 ├ broker
///                 ├ dtu
///                 └ port ─ bus
/// </code>
/// Equally near to the root, the order of <see cref="RootFirst"/> decides.
/// </remarks>
public static class CauseTree
{
    private static readonly string[] Order = [PresenceCause.Power, PresenceCause.Gateway, PresenceCause.Clock, PresenceCause.Store, PresenceCause.Broker, PresenceCause.Dtu, PresenceCause.Port, PresenceCause.Bus];

    /// <summary>Every cause, parents before their children; of two that hold the earlier one wins. At most eight: a set of them is a byte.</summary>
    public static IReadOnlyList<string> RootFirst => Order;

    /// <summary>What the cause hangs on; null for the root.</summary>
    /// <exception cref="ArgumentException">No cause of unknown time.</exception>
    public static string? ParentOf(string cause) => cause switch
    {
        PresenceCause.Power => null,
        PresenceCause.Gateway => PresenceCause.Power,
        PresenceCause.Bus => PresenceCause.Port,
        _ => RankOf(cause) > 0 ? PresenceCause.Gateway : null,
    };

    /// <summary>Place in <see cref="RootFirst"/>.</summary>
    /// <exception cref="ArgumentException">No cause of unknown time.</exception>
    internal static int RankOf(string cause)
    {
        for (int rank = 0; rank < Order.Length; rank++)
            if (Order[rank] == cause) return rank;
        throw new ArgumentException($"expected one of {string.Join(", ", Order)}, saw \"{cause}\"", nameof(cause));
    }

    internal static string At(int rank) => Order[rank];
}

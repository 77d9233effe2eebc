namespace Gateway.Domain.Compliance;

/// <summary>One device in a window: its days, and the pieces they are sums of.</summary>
/// <param name="Days">One for each day of the accounts, in their order.</param>
/// <param name="Pieces">Without hole or overlap from the window's beginning to the end of what is accounted.</param>
public sealed record DeviceAccount(AccountDevice Device, IReadOnlyList<DeviceDay> Days, IReadOnlyList<AccountPiece> Pieces)
{
    /// <summary>All days together.</summary>
    public DeviceDay Total { get; } = Days.Aggregate(default(DeviceDay), (sum, day) => sum + day);

    /// <summary>The heading it is under at the end of what is accounted; null when nothing is.</summary>
    public AccountState? Now => Pieces.Count == 0 ? null : Pieces[^1].State;

    /// <summary>How much of each heading has which cause, between two moments; by heading and cause.</summary>
    public IReadOnlyList<CauseTime> Causes(long fromMs, long toMs)
    {
        var sums = new SortedDictionary<(AccountState, string), long>(Comparer<(AccountState State, string Cause)>.Create(
            (a, b) => a.State != b.State ? a.State.CompareTo(b.State) : string.CompareOrdinal(a.Cause, b.Cause)));
        foreach (var piece in Pieces)
        {
            long ms = Math.Min(piece.ToMs, toMs) - Math.Max(piece.FromMs, fromMs);
            if (ms > 0) sums[(piece.State, piece.Cause)] = sums.GetValueOrDefault((piece.State, piece.Cause)) + ms;
        }
        return [.. sums.Select(s => new CauseTime(s.Key.Item1, s.Key.Item2, s.Value))];
    }
}

/// <summary>Milliseconds of one heading with one cause.</summary>
public readonly record struct CauseTime(AccountState State, string Cause, long Ms);

/// <summary>The accounts of a site.</summary>
/// <param name="ToMs">End of what is accounted: the window's, or the moment of asking when that is earlier.</param>
/// <param name="Days">The days as far as they are over.</param>
/// <param name="Devices">By id.</param>
public sealed record SiteAccounts(AccountWindow Window, long ToMs, IReadOnlyList<CivilDay> Days, IReadOnlyList<DeviceAccount> Devices, IReadOnlyList<AccountFinding> Findings);

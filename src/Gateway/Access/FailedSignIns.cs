namespace Gateway.Access;

/// <summary>
/// Keeps failed sign-ins from flooding the journal: the first of an account from an address is told at once, those of the next minute as one figure when it is over.
/// Every failure is in exactly one figure.
/// </summary>
/// <remarks>
/// All names that are no account count as one, and are not repeated: people type passwords into the wrong field.
/// <b>Threading</b>: safe for all.
/// </remarks>
public sealed class FailedSignIns
{
    public const long WindowMs = 60_000;

    /// <summary>Accounts and addresses told apart; what comes beyond is told together.</summary>
    public const int KeysMax = 200;

    private const string Elsewhere = "other addresses";

    private readonly Dictionary<(string? Account, string Address), Window> _windows = [];
    private readonly Lock _gate = new();

    /// <param name="account">Null when there is no such account.</param>
    /// <returns>The figure to write now, null when it is only counted.</returns>
    public FailedSignIn? Failed(string? account, string address, long nowMs)
    {
        lock (_gate)
        {
            var key = (account, address);
            if (_windows.Count >= KeysMax && !_windows.ContainsKey(key)) key = (null, Elsewhere);
            bool tell = !_windows.TryGetValue(key, out var window) || nowMs - window.FromMs >= WindowMs;
            int count = window.Count + 1;
            _windows[key] = tell ? new Window(nowMs, 0) : window with { Count = count };
            return tell ? new FailedSignIn(key.account, key.address, count) : null;
        }
    }

    /// <summary>The figures of the minutes that are over; with <paramref name="all"/> also of those that are not, for the end of the process.</summary>
    public List<FailedSignIn> Due(long nowMs, bool all = false)
    {
        lock (_gate)
        {
            var due = new List<FailedSignIn>();
            foreach (var (key, window) in _windows.Where(w => all || nowMs - w.Value.FromMs >= WindowMs).ToList())
            {
                if (window.Count > 0) due.Add(new FailedSignIn(key.Account, key.Address, window.Count));
                if (window.Count > 0 && !all) _windows[key] = new Window(nowMs, 0);
                else _windows.Remove(key);
            }
            return due;
        }
    }

    private readonly record struct Window(long FromMs, int Count);
}

public sealed record FailedSignIn(string? Account, string Address, int Count);

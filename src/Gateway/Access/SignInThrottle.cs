namespace Gateway.Access;

/// <summary>
/// Slows guessing down: after <see cref="FreeFailures"/> wrong passwords for one account or from one address each further one doubles the wait.
/// An account waits a minute at most, so that nobody can be locked out for long by someone else; an address a quarter of an hour.
/// </summary>
/// <remarks><b>Threading</b>: safe for all. <b>Units</b>: ms of the gateway's timeline. Names that do not exist are treated like those that do.</remarks>
public sealed class SignInThrottle
{
    public const int FreeFailures = 5;
    public const long FirstWaitMs = 1_000;
    public const long AccountWaitMsMax = 60_000;
    public const long AddressWaitMsMax = 900_000;

    /// <summary>Failures are forgotten after so long without another.</summary>
    public const long ForgetMs = 900_000;

    /// <summary>Names and addresses remembered, each; beyond it the one that failed longest ago is forgotten.</summary>
    public const int EntriesMax = 1_000;

    private readonly Dictionary<string, Entry> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _addresses = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>How long this account and this address must wait still, 0 = may try.</summary>
    public long WaitMs(string account, string address, long nowMs)
    {
        var (accountMs, addressMs) = WaitsMs(account, address, nowMs);
        return Math.Max(accountMs, addressMs);
    }

    /// <summary>The same, told apart.</summary>
    public (long AccountMs, long AddressMs) WaitsMs(string account, string address, long nowMs)
    {
        lock (_gate) return (Math.Max(0, Until(_accounts, account) - nowMs), Math.Max(0, Until(_addresses, address) - nowMs));
    }

    public void Failed(string account, string address, long nowMs)
    {
        lock (_gate)
        {
            Count(_accounts, account, AccountWaitMsMax, nowMs);
            Count(_addresses, address, AddressWaitMsMax, nowMs);
        }
    }

    /// <summary>The account starts afresh; the address does not, or one's own account would pay for guessing at others.</summary>
    public void Succeeded(string account)
    {
        lock (_gate) _accounts.Remove(account);
    }

    private static long Until(Dictionary<string, Entry> entries, string key) => entries.TryGetValue(key, out var entry) ? entry.UntilMs : 0;

    private static void Count(Dictionary<string, Entry> entries, string key, long waitMsMax, long nowMs)
    {
        int failures = entries.TryGetValue(key, out var entry) && nowMs - entry.LastMs < ForgetMs ? entry.Failures + 1 : 1;
        if (entries.Count >= EntriesMax && !entries.ContainsKey(key)) entries.Remove(entries.MinBy(e => e.Value.LastMs).Key);
        long waitMs = failures < FreeFailures ? 0 : Math.Min(waitMsMax, FirstWaitMs << Math.Min(20, failures - FreeFailures));
        entries[key] = new Entry(failures, nowMs, nowMs + waitMs);
    }

    private readonly record struct Entry(int Failures, long LastMs, long UntilMs);
}

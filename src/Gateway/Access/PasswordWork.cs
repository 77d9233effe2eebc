namespace Gateway.Access;

/// <summary>One password is worked on at a time, on the thread pool, with a bounded queue before it: a flood of sign-ins takes one core at most, never the links'.</summary>
/// <remarks>
/// The queue is measured in work and not in heads: five hundred devices whose generated passwords cost a thousand iterations each may wait together, a few people with
/// 600 000 each fill it. People and devices have queues of their own before the one seat, so that neither can crowd out the other.
/// </remarks>
public sealed class PasswordWork : IDisposable
{
    /// <summary>Iterations of PBKDF2 that may wait: a few seconds of one core. Who comes beyond it is sent away at once.</summary>
    public const int WaitingMax = 8 * PasswordHash.IterationsNow;

    private readonly SemaphoreSlim _seat;
    private readonly bool _ownsSeat;
    private long _waiting;

    public PasswordWork() => (_seat, _ownsSeat) = (new SemaphoreSlim(1, 1), true);

    private PasswordWork(SemaphoreSlim seat) => _seat = seat;

    /// <summary>Another queue before the same seat.</summary>
    public PasswordWork Beside() => new(_seat);

    /// <param name="iterations">What the work will cost.</param>
    /// <returns>The only seat, to be given back by disposing; null when too much waits for it.</returns>
    public async Task<IDisposable?> EnterAsync(int iterations, CancellationToken cancel)
    {
        try
        {
            long waiting = Interlocked.Add(ref _waiting, iterations);
            // However much it costs: who finds nobody waiting may.
            if (waiting > WaitingMax && waiting > iterations) return null;
            await _seat.WaitAsync(cancel);
            return new Seat(_seat);
        }
        finally
        {
            Interlocked.Add(ref _waiting, -iterations);
        }
    }

    public void Dispose()
    {
        if (_ownsSeat) _seat.Dispose();
    }

    private sealed class Seat(SemaphoreSlim seat) : IDisposable
    {
        public void Dispose() => seat.Release();
    }
}

namespace Gateway.Service.LiveConsole.Access;

/// <summary>One password is worked on at a time, on the thread pool, with a short queue before it: a flood of sign-ins takes one core at most, never the links'.</summary>
internal sealed class PasswordWork : IDisposable
{
    /// <summary>Who comes when so many wait is sent away at once: about the wait of a few seconds.</summary>
    public const int WaitingMax = 8;

    private readonly SemaphoreSlim _seat = new(1, 1);
    private int _waiting;

    /// <returns>The only seat, to be given back by disposing; null when too many wait for it.</returns>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > WaitingMax) return null;
            await _seat.WaitAsync(cancel);
            return new Seat(_seat);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _seat.Dispose();

    private sealed class Seat(SemaphoreSlim seat) : IDisposable
    {
        public void Dispose() => seat.Release();
    }
}

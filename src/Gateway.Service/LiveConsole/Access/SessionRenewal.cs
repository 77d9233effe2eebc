using Gateway.Access;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Store;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Prolongs a session that is used, at most once an hour, beside the request: reading goes on when the disk takes no writes.</summary>
internal sealed class SessionRenewal(EngineStage engine, GatewayClock clock, AccessOptions options)
{
    private const long OnceInMs = 3_600_000;

    private int _running;

    public void Renew(byte[] hash, Session session)
    {
        long expiresMs = clock.NowMs() + options.SessionMs;
        // With sessions of an hour, half of it.
        if (session.Guest || expiresMs - session.ExpiresMs < Math.Min(OnceInMs, options.SessionMs / 2)) return;
        // One at a time: were the disk full, every request would queue another.
        if (Interlocked.Exchange(ref _running, 1) == 0) _ = WriteAsync(hash, expiresMs);
    }

    private async Task WriteAsync(byte[] hash, long expiresMs)
    {
        try
        {
            await engine.WriteAsync((state, _) => state.RenewSession(hash, expiresMs));
        }
        catch (StoreException)
        {
            // Stopping: the next request after the restart renews it.
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }
}

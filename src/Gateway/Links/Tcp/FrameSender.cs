using Microsoft.AspNetCore.Connections;

namespace Gateway.Links.Tcp;

/// <summary>The sending half of a connection whose peer speaks in frames: what its conversation has ready goes out in order, and a peer that does not read is left.</summary>
internal sealed class FrameSender(ConnectionContext connection, TimeProvider time)
{
    /// <summary>So long a peer may leave what we send unread, and its connection open when we have left; far more than any link needs, and a socket is not held for ever.</summary>
    public static readonly TimeSpan ReadsWithin = TimeSpan.FromSeconds(30);

    private int _sending;

    /// <summary>Sends what is ready; whoever comes while a send runs leaves the rest to it.</summary>
    public async Task SendAsync(IFrameSource source)
    {
        while (source.HasOutput && Interlocked.CompareExchange(ref _sending, 1, 0) == 0)
        {
            using var limit = new CancellationTokenSource(ReadsWithin, time);
            try
            {
                while (source.TryNext(out byte[] frame)) await connection.Transport.Output.WriteAsync(frame, limit.Token);
            }
            catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The reading half notices that the connection is over; the peer will send again what was not answered.
                if (limit.IsCancellationRequested) Abort();
                while (source.TryNext(out _))
                {
                }
            }
            finally
            {
                Volatile.Write(ref _sending, 0);
            }
        }
    }

    /// <summary>The conversation is over: what was sent may still go out, but not for ever.</summary>
    public void Leave()
    {
        var timer = time.CreateTimer(_ => Abort(), null, ReadsWithin, Timeout.InfiniteTimeSpan);
        connection.ConnectionClosed.UnsafeRegister(t => ((ITimer)t!).Dispose(), timer);
    }

    private void Abort() => connection.Abort(new ConnectionAbortedException("does not read what it was sent"));
}

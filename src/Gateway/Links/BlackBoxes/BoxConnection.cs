using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Links.BlackBoxes;

/// <summary>The TCP side of a conversation: reads, waits where the store has no room, sends what is ready.</summary>
internal sealed class BoxConnection
{
    private readonly ConnectionContext _context;
    private readonly BoxLink _link;
    private readonly BoxTalk _talk;
    private int _sending;

    public BoxConnection(ConnectionContext context, BoxLink link)
    {
        (_context, _link) = (context, link);
        string address = (context.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? context.ConnectionId;
        _talk = link.Converse(context.RemoteEndPoint?.ToString() ?? context.ConnectionId, link.Around.Rings.OfConnection(link.Name, address), () => _ = SendAsync());
    }

    public async Task RunAsync()
    {
        var input = _context.Transport.Input;
        var idleMax = TimeSpan.FromSeconds(_link.Options.IdleTimeoutSeconds);
        using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(_link.Options.FirstFrameSeconds), _link.Around.Clock.Time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(silence.Token);
                bool full = false;
                var rest = result.Buffer;
                while (!full && !rest.IsEmpty) rest = rest.Slice(_talk.Take(rest.FirstSpan, _link.Around.Clock.NowMs(), out full));
                input.AdvanceTo(rest.Start);
                if (_talk.HasSpoken) silence.CancelAfter(idleMax);
                await SendAsync();
                while (full)
                {
                    await _link.Around.Ingest.SpaceAsync();
                    _talk.Take([], _link.Around.Clock.NowMs(), out full);
                    await SendAsync();
                }
                if (result.IsCompleted && rest.IsEmpty) break;
            }
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            // The box is gone, or silent for too long; presence decides what that means.
        }
        _talk.Closed(_link.Around.Clock.NowMs());
    }

    /// <summary>Sends what is ready; whoever comes while a send runs leaves the rest to it.</summary>
    private async Task SendAsync()
    {
        while (_talk.HasOutput && Interlocked.CompareExchange(ref _sending, 1, 0) == 0)
        {
            try
            {
                while (_talk.TryNext(out byte[] frame)) await _context.Transport.Output.WriteAsync(frame);
            }
            catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The reading half notices that the connection is over; the box will send again what was not answered.
                while (_talk.TryNext(out _))
                {
                }
            }
            finally
            {
                Volatile.Write(ref _sending, 0);
            }
        }
    }
}

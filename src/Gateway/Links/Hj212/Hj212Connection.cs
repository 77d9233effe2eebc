using System.Net;
using Gateway.Links.Tcp;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Links.Hj212;

/// <summary>The TCP side of a conversation: reads, waits where the store has no room, sends what is ready.</summary>
internal sealed class Hj212Connection
{
    private readonly ConnectionContext _context;
    private readonly Hj212Link _link;
    private readonly FrameSender _sender;

    public Hj212Connection(ConnectionContext context, Hj212Link link)
    {
        (_context, _link, _sender) = (context, link, new FrameSender(context, link.Clock.Time));
        string address = (context.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? context.ConnectionId;
        Talk = new Hj212Talk(link, context.RemoteEndPoint?.ToString() ?? context.ConnectionId, link.Rings.OfConnection(Hj212Link.Name, address), () => _ = _sender.SendAsync(Talk!));
    }

    public Hj212Talk Talk { get; }

    public async Task RunAsync()
    {
        var input = _context.Transport.Input;
        var limit = TimeSpan.FromSeconds(_link.Options.IdleTimeoutSeconds);
        using var idle = new CancellationTokenSource(limit, _link.Clock.Time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(idle.Token);
                idle.TryReset();
                idle.CancelAfter(limit);
                var done = Talk.Take(result.Buffer, _link.Clock.NowMs(), out bool full);
                input.AdvanceTo(done, full ? done : result.Buffer.End);
                await _sender.SendAsync(Talk);
                if (full) await _link.Ingest.SpaceAsync();
                else if (result.IsCompleted) break;
            }
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            // The logger is gone, or silent for too long; presence decides what that means.
        }
        Talk.Closed(_link.Clock.NowMs());
        _sender.Leave();
    }
}

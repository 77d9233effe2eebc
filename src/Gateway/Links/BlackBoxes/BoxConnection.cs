using System.Net;
using Gateway.Links.Tcp;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Links.BlackBoxes;

/// <summary>The TCP side of a conversation: reads, waits where the store has no room, sends what is ready.</summary>
internal sealed class BoxConnection
{
    private readonly ConnectionContext _context;
    private readonly BoxLink _link;
    private readonly BoxTalk _talk;
    private readonly FrameSender _sender;

    public BoxConnection(ConnectionContext context, BoxLink link)
    {
        (_context, _link, _sender) = (context, link, new FrameSender(context, link.Around.Clock.Time));
        string address = (context.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? context.ConnectionId;
        _talk = link.Converse(context.RemoteEndPoint?.ToString() ?? context.ConnectionId, link.Around.Rings.OfConnection(link.Name, address), () => _ = _sender.SendAsync(_talk!));
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
                await _sender.SendAsync(_talk);
                while (full)
                {
                    await _link.Around.Ingest.SpaceAsync();
                    _talk.Take([], _link.Around.Clock.NowMs(), out full);
                    await _sender.SendAsync(_talk);
                }
                if (result.IsCompleted && rest.IsEmpty) break;
            }
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            // The box is gone, or silent for too long; presence decides what that means.
        }
        _talk.Closed(_link.Around.Clock.NowMs());
        _sender.Leave();
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>A bureau's platform: takes the frames of loggers, and answers as the test wants it.</summary>
internal sealed class BureauPlatform : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<string> _frames = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private NetworkStream? _logger;

    public BureauPlatform()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether every frame that wants it gets its 9014.</summary>
    public bool Acknowledges { get; set; } = true;

    /// <summary>The next frame of that command, without what is around its data segment; those before it are passed over.</summary>
    public async Task<string> NextAsync(int cn, double seconds)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            string frame = await _frames.Reader.ReadAsync(late.Token);
            if (frame.Contains($";CN={cn};", StringComparison.Ordinal)) return frame;
        }
    }

    public async Task SayAsync(string data) => await _logger!.WriteAsync(Encoding.ASCII.GetBytes(Hj212Frames.Wrap(data)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _logger = client.GetStream();
                using var reader = new StreamReader(_logger, Encoding.ASCII, leaveOpen: true);
                try
                {
                    while (await reader.ReadLineAsync(_stop.Token) is { } line) await TakeAsync(line[6..^4]);
                }
                catch (IOException)
                {
                    // The gateway was killed; it comes again.
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TakeAsync(string data)
    {
        string[] head = data.Split(';');
        if (Acknowledges && data.Contains(";Flag=5;", StringComparison.Ordinal)) await SayAsync($"{head[0]};ST=91;CN=9014;{head[3]};{head[4]};Flag=4;CP=&&&&");
        _frames.Writer.TryWrite(data);
    }
}

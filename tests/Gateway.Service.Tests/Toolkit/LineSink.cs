using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Service.Tests.Toolkit;

internal enum SinkMood
{
    /// <summary>204: taken.</summary>
    Takes,
    /// <summary>503: come again.</summary>
    Refuses,
    /// <summary>The connection is closed in the middle of the request.</summary>
    Breaks,
}

/// <summary>A store that takes line protocol over HTTP and remembers every line in the order of its arrival. It can be slow, refuse, break, or be gone.</summary>
internal sealed class LineSink : IAsyncDisposable
{
    private readonly List<SinkLine> _lines = [];
    private readonly List<TcpClient> _connections = [];
    private TcpListener? _listener;
    private Task _serving = Task.CompletedTask;

    public int Port { get; } = FreePort.Next();

    public SinkMood Mood { get; set; }

    /// <summary>How long each request of telemetry takes.</summary>
    public TimeSpan Slowness { get; set; }

    public int Count
    {
        get
        {
            lock (_lines) return _lines.Count;
        }
    }

    public IReadOnlyList<SinkLine> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public IEnumerable<SinkLine> Of(string measurement) => Lines.Where(l => l.Measurement == measurement);

    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _serving = ServeAsync(_listener);
    }

    /// <summary>Nobody listens any more: connections are refused, as when the machine's service is down.</summary>
    public async Task ShutAsync()
    {
        _listener?.Dispose();
        lock (_connections)
        {
            _connections.ForEach(c => c.Dispose());
            _connections.Clear();
        }
        await _serving;
    }

    public async ValueTask DisposeAsync() => await ShutAsync();

    private async Task ServeAsync(TcpListener listener)
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync();
                lock (_connections) _connections.Add(connection);
                conversations.Add(ConverseAsync(connection));
            }
        }
        catch (Exception shut) when (shut is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ConverseAsync(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                var stream = new BufferedStream(connection.GetStream());
                while (await HttpBody.ReadAsync(stream) is { } request)
                {
                    if (Mood == SinkMood.Breaks) return;
                    if (request.Method != "POST")
                    {
                        // It does not say when it started.
                        await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                        await stream.FlushAsync();
                        continue;
                    }
                    if (Mood == SinkMood.Takes) await TakeAsync(request);
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(Mood == SinkMood.Takes ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"));
                    await stream.FlushAsync();
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The gateway was killed, or the sink was shut, in the middle.
            }
        }
    }

    private async Task TakeAsync(HttpBody request)
    {
        using var text = new StreamReader(new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress), Encoding.UTF8);
        var lines = (await text.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => new SinkLine(l, Words.NowMs, request.Lane)).ToList();
        if (lines.Any(l => l.Measurement == "crane") && Slowness > TimeSpan.Zero) await Task.Delay(Slowness);
        lock (_lines) _lines.AddRange(lines);
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Sink;

/// <summary>
/// A store that speaks InfluxDB 1.x and misbehaves as it is told. It says when it started, so that whoever asks can know that it has forgotten something; every line that
/// reached it is remembered in the order of arrival, kept or not.
/// </summary>
internal sealed class FaultySink : IAsyncDisposable
{
    private static readonly TimeSpan DripEvery = TimeSpan.FromMilliseconds(40);

    private readonly Lock _gate = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly List<TcpClient> _connections = [];
    private TaskCompletionSource _moodChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Mood _mood;
    private DateTimeOffset _started = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TcpListener? _listener;
    private Task _serving = Task.CompletedTask;

    public int Port { get; } = FreePort.Next();

    /// <summary>Lines it refuses for good, whatever its mood. Set once.</summary>
    public Func<SinkLine, bool>? Refuses { get; set; }

    public Mood Mood
    {
        get => _mood;
        set
        {
            lock (_gate)
            {
                _mood = value;
                _moodChanged.SetResult();
                _moodChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Every line that reached it, in order.</summary>
    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (_gate) return [.. _arrivals];
        }
    }

    public void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _serving = ServeAsync(_listener);
    }

    /// <summary>Nobody listens any more.</summary>
    public async Task ShutAsync()
    {
        _listener?.Dispose();
        CutAll();
        await _serving;
    }

    /// <summary>It dies and starts again at once: what it took while it lied is gone.</summary>
    public void Crash()
    {
        lock (_gate)
        {
            _started += TimeSpan.FromSeconds(10);
            for (int i = 0; i < _arrivals.Count; i++)
                if (_arrivals[i].Unsafe) _arrivals[i] = _arrivals[i] with { Kept = false, Unsafe = false };
        }
        CutAll();
    }

    public async ValueTask DisposeAsync()
    {
        Mood = Mood.CutsRequest;
        await ShutAsync();
    }

    private void CutAll()
    {
        lock (_connections)
        {
            _connections.ForEach(c => c.Dispose());
            _connections.Clear();
        }
    }

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
                    if (!await AnswerAsync(stream, request)) return;
            }
            catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The gateway was killed, or the sink was shut, in the middle.
            }
        }
    }

    /// <returns>False when the connection ends with it.</returns>
    private async Task<bool> AnswerAsync(Stream stream, HttpBody request)
    {
        Mood mood;
        Task changed;
        lock (_gate) (mood, changed) = (_mood, _moodChanged.Task);
        if (mood == Mood.Hangs)
        {
            await changed;
            return false;
        }
        if (mood == Mood.CutsRequest) return false;
        byte[] answer = Encoding.ASCII.GetBytes(mood switch
        {
            Mood.Refuses => Answer("503 Service Unavailable"),
            Mood.IsBusy => Answer("429 Too Many Requests", headers: "Retry-After: 1\r\n"),
            _ when request.Method == "GET" => Answer("200 OK", Started()),
            _ => Take(request, mood),
        });
        if (mood == Mood.CutsAnswer) answer = answer[..(answer.Length / 2)];
        foreach (byte[] part in mood == Mood.Drips ? answer.Chunk(1) : [answer])
        {
            await stream.WriteAsync(part);
            await stream.FlushAsync();
            if (mood == Mood.Drips) await Task.Delay(DripEvery);
        }
        return mood != Mood.CutsAnswer;
    }

    private string Take(HttpBody request, Mood mood)
    {
        using var text = new StreamReader(new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress), Encoding.UTF8);
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => new SinkLine(l, Words.NowMs, request.Lane)).ToList();
        if (mood == Mood.KeepsHalf) lines = lines[..(lines.Count / 2)];
        var kept = lines.Select(l => new Arrival(l, Refuses?.Invoke(l) != true) { Unsafe = mood == Mood.Lies }).ToList();
        lock (_gate) _arrivals.AddRange(kept);
        int refused = kept.Count(a => !a.Kept);
        if (mood == Mood.KeepsHalf) return Answer("500 Internal Server Error", """{"error":"engine: timeout"}""");
        return refused == 0 ? "HTTP/1.1 204 No Content\r\n\r\n"
            : Answer("400 Bad Request", $$"""{"error":"partial write: field type conflict: input field \"seq\" on measurement \"crane\" is type float, already exists as type integer dropped={{refused}}"}""");
    }

    private string Started() => $$$"""{"system": {"currentTime":"2026-01-01T00:00:00Z","started":"{{{_started.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}}}","uptime":1}}""";

    private static string Answer(string status, string body = "", string headers = "") => $"HTTP/1.1 {status}\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}";
}

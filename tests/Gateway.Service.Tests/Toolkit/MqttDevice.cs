using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>
/// A device with QoS 1 and a window: it knows which of its messages were acknowledged, and after a lost connection it connects again and sends the others once
/// more with DUP, in their order, before anything new.
/// </summary>
internal sealed class MqttDevice(string clientId, int port, int window = 16) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Message> _unacknowledged = [];
    private readonly List<(long Key, long AtMs)> _acknowledged = [];
    private readonly List<long> _sentAgain = [];
    private readonly SemaphoreSlim _room = new(window);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private TcpClient? _connection;
    private Task _running = Task.CompletedTask;
    private TimeSpan _slowest;
    private ushort _nextId;
    private int _connections;
    private volatile bool _online;

    /// <summary>Keys of the messages the gateway took responsibility for.</summary>
    public IReadOnlyList<long> Acknowledged => [.. AcknowledgedAt.Select(a => a.Key)];

    /// <summary>The same, and when.</summary>
    public IReadOnlyList<(long Key, long AtMs)> AcknowledgedAt
    {
        get
        {
            lock (_gate) return [.. _acknowledged];
        }
    }

    public int AcknowledgedCount
    {
        get
        {
            lock (_gate) return _acknowledged.Count;
        }
    }

    /// <summary>The longest a message waited for its PUBACK since <see cref="ForgetTimes"/>, those that still wait included.</summary>
    public TimeSpan SlowestAcknowledgement
    {
        get
        {
            lock (_gate)
            {
                var waiting = _unacknowledged.First?.Value.Age.Elapsed ?? TimeSpan.Zero;
                return waiting > _slowest ? waiting : _slowest;
            }
        }
    }

    /// <summary>Keys of the messages that were sent once more, one entry for each time.</summary>
    public IReadOnlyList<long> SentAgain
    {
        get
        {
            lock (_gate) return [.. _sentAgain];
        }
    }

    public string Id => clientId;

    public void ForgetTimes()
    {
        lock (_gate) _slowest = TimeSpan.Zero;
    }

    /// <summary>Messages that had been on the wire before and were sent once more.</summary>
    public long Redelivered { get; private set; }

    /// <summary>Connects once; without <see cref="KeepConnected"/> a lost connection stays lost.</summary>
    public async Task ConnectAsync(string? willTopic = null, string willPayload = """{"online":false}""")
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(IPAddress.Loopback, port);
        var stream = connection.GetStream();
        await stream.WriteAsync(MqttPackets.Connect(clientId, willTopic, willPayload));
        if (await MqttPackets.ReadAsync(stream) is not (0x20, [_, 0])) throw new IOException($"{clientId}: CONNECT was not accepted");
        _connection = connection;
        _connections++;
        await ResendAsync(stream);
        _running = ReceiveAsync(stream);
    }

    /// <summary>From now on it connects again whenever the connection is lost.</summary>
    public void KeepConnected() => _running = StayAsync();

    /// <summary>Sends a message as soon as the window has room; while there is no connection it waits in the window.</summary>
    /// <param name="key">What <see cref="Acknowledged"/> will list.</param>
    public async Task PublishAsync(string topic, string payload, long key = 0, bool retain = false)
    {
        await _room.WaitAsync(_stop.Token);
        Message message;
        lock (_gate)
        {
            if (++_nextId == 0) _nextId = 1;
            message = new Message(key, _nextId, topic, Encoding.UTF8.GetBytes(payload), retain) { SentIn = _online ? _connections : 0 };
            _unacknowledged.AddLast(message);
        }
        if (message.SentIn > 0) await SendAsync(message);
    }

    /// <summary>Sends and waits for the acknowledgement: then the gateway has it on disk.</summary>
    public async Task DeliverAsync(string topic, string payload, bool retain = false)
    {
        int before = AcknowledgedCount;
        await PublishAsync(topic, payload, retain: retain);
        await Eventually.TrueAsync($"{clientId}'s message is acknowledged", TimeSpan.FromSeconds(5), () => AcknowledgedCount > before);
    }

    public Task AllAcknowledgedAsync(TimeSpan limit) => Eventually.GetAsync($"all of {clientId} is acknowledged", limit, () =>
    {
        lock (_gate) return _unacknowledged.Count;
    }, left => left == 0);

    /// <summary>A clean DISCONNECT.</summary>
    public async Task DisconnectAsync()
    {
        await _connection!.GetStream().WriteAsync(MqttPackets.Disconnect);
        Close(reset: false);
    }

    /// <summary>Gone without a word, as when power fails.</summary>
    public void Reset() => Close(reset: true);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Close(reset: false);
        await _running;
    }

    private void Close(bool reset)
    {
        _online = false;
        if (reset && _connection is { Client: { } socket }) socket.LingerState = new LingerOption(true, 0);
        _connection?.Dispose();
    }

    private async Task StayAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!_online) await ConnectAsync();
                await _running;
            }
            catch (Exception notYet) when (notYet is SocketException or IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Everything this connection has not seen yet, oldest first; only then may new messages follow.</summary>
    private async Task ResendAsync(NetworkStream stream)
    {
        while (true)
        {
            List<(Message Message, bool Again)> waiting;
            lock (_gate)
            {
                waiting = [.. _unacknowledged.Where(m => m.SentIn != _connections).Select(m => (m, m.SentIn > 0))];
                if (waiting.Count == 0) _online = true;
                foreach (var (message, _) in waiting) message.SentIn = _connections;
                _sentAgain.AddRange(waiting.Where(w => w.Again).Select(w => w.Message.Key));
            }
            if (waiting.Count == 0) return;
            foreach (var (message, again) in waiting) await stream.WriteAsync(message.Packet(duplicate: again));
            Redelivered += waiting.Count(w => w.Again);
        }
    }

    private async Task SendAsync(Message message)
    {
        await _writing.WaitAsync();
        try
        {
            await _connection!.GetStream().WriteAsync(message.Packet(duplicate: false));
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It stays unacknowledged and goes out again after the next CONNACK.
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReceiveAsync(NetworkStream stream)
    {
        try
        {
            while (await MqttPackets.ReadAsync(stream) is { } packet)
                if (packet.Type == 0x40) Take(MqttPackets.IdOf(packet.Body));
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException)
        {
            // The connection is over; what was not acknowledged is kept.
        }
        _online = false;
    }

    private void Take(ushort id)
    {
        lock (_gate)
        {
            var message = _unacknowledged.FirstOrDefault(m => m.PacketId == id);
            if (message is null) return;
            _unacknowledged.Remove(message);
            _acknowledged.Add((message.Key, Words.NowMs));
            if (message.Age.Elapsed is var waited && waited > _slowest) _slowest = waited;
        }
        _room.Release();
    }

    private sealed record Message(long Key, ushort PacketId, string Topic, byte[] Payload, bool Retain)
    {
        /// <summary>Runs since the message was handed over.</summary>
        public Stopwatch Age { get; } = Stopwatch.StartNew();

        /// <summary>Number of the last connection it was written to, 0 = none yet.</summary>
        public int SentIn { get; set; }

        public byte[] Packet(bool duplicate) => MqttPackets.Publish(Topic, Payload, PacketId, duplicate, Retain);
    }
}

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
    private readonly List<long> _acknowledged = [];
    private readonly SemaphoreSlim _room = new(window);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private TcpClient? _connection;
    private Task _running = Task.CompletedTask;
    private ushort _nextId;
    private volatile bool _online;

    /// <summary>Keys of the messages the gateway took responsibility for.</summary>
    public IReadOnlyList<long> Acknowledged
    {
        get
        {
            lock (_gate) return [.. _acknowledged];
        }
    }

    public string Id => clientId;

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
        await ResendAsync(stream);
        _online = true;
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
            message = new Message(key, _nextId, topic, Encoding.UTF8.GetBytes(payload), retain);
            _unacknowledged.AddLast(message);
        }
        if (_online) await SendAsync(_connection!.GetStream(), message, duplicate: false);
    }

    /// <summary>Sends and waits for the acknowledgement: then the gateway has it on disk.</summary>
    public async Task DeliverAsync(string topic, string payload, bool retain = false)
    {
        int before = Acknowledged.Count;
        await PublishAsync(topic, payload, retain: retain);
        await Eventually.TrueAsync($"{clientId}'s message is acknowledged", TimeSpan.FromSeconds(5), () => Acknowledged.Count > before);
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

    private async Task ResendAsync(NetworkStream stream)
    {
        List<Message> again;
        lock (_gate) again = [.. _unacknowledged];
        foreach (var message in again) await stream.WriteAsync(message.Packet(duplicate: true));
        Redelivered += again.Count;
    }

    private async Task SendAsync(NetworkStream stream, Message message, bool duplicate)
    {
        await _writing.WaitAsync();
        try
        {
            await stream.WriteAsync(message.Packet(duplicate));
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
            _acknowledged.Add(message.Key);
        }
        _room.Release();
    }

    private sealed record Message(long Key, ushort PacketId, string Topic, byte[] Payload, bool Retain)
    {
        public byte[] Packet(bool duplicate) => MqttPackets.Publish(Topic, Payload, PacketId, duplicate, Retain);
    }
}

using System.Buffers;
using System.Text;
using Gateway.Protocols.Mqtt;

namespace Gateway.Testing.Mqtt;

/// <summary>A client of MQTT 5.0 that does one thing at a time and waits for the answer; over any stream.</summary>
public sealed class MqttTestClient(Stream input, Stream output) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ArrayBufferWriter<byte> _received = new();
    private readonly List<Packet> _aside = [];
    private ushort _packetId;

    public MqttTestClient(Stream both) : this(both, both)
    {
    }

    /// <summary>The reason in the CONNACK; null when the connection was closed without one.</summary>
    public async Task<MqttConnack?> ConnectAsync(string clientId, string? user = null, string? password = null, bool clean = true, uint expirySeconds = 0)
    {
        await SendAsync(to => MqttWriter.Connect(to, new MqttConnect
        {
            Version = MqttVersion.V5, ClientId = clientId, CleanStart = clean, SessionExpirySeconds = expirySeconds, User = user, Password = password is null ? null : Encoding.UTF8.GetBytes(password),
        }));
        if (await ReadAsync() is not { Type: MqttPacketType.Connack } packet) return null;
        MqttConnack.TryParse(packet.Body, MqttVersion.V5, out var connack);
        return connack;
    }

    /// <summary>Publishes at QoS 1.</summary>
    public async Task<MqttReason> PublishAsync(string topic, string payload = "{}")
    {
        var head = new MqttPublishHead { Qos = 1, PacketId = ++_packetId };
        await SendAsync(to => MqttWriter.Publish(to, MqttVersion.V5, Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(payload), head, []));
        var packet = await ReadAsync(MqttPacketType.Puback);
        MqttAck.TryParse(MqttPacketType.Puback, packet.Body, MqttVersion.V5, out var ack);
        return ack.Reason;
    }

    public async Task<MqttReason> SubscribeAsync(string filter)
    {
        await SendAsync(to => MqttWriter.Subscribe(to, MqttVersion.V5, new MqttSubscribe(++_packetId, 0, [new MqttSubscription(filter, 1, false, false, 0)])));
        var packet = await ReadAsync(MqttPacketType.Suback);
        // Packet id, an empty property block, one reason.
        return (MqttReason)packet.Body[^1];
    }

    /// <summary>The next message that comes by itself: its topic.</summary>
    public async Task<string> ReceiveAsync()
    {
        var packet = await ReadAsync(MqttPacketType.Publish);
        MqttPublish.TryParse(packet.Flags, packet.Body, MqttVersion.V5, MqttRole.Server, out var publish);
        return Encoding.UTF8.GetString(publish.Topic);
    }

    public async Task PingAsync()
    {
        await SendAsync(MqttWriter.Pingreq);
        await ReadAsync(MqttPacketType.Pingresp);
    }

    /// <summary>Waits until the server has ended the connection: the reason of its DISCONNECT, null when it said none.</summary>
    public async Task<MqttReason?> EndedAsync()
    {
        MqttReason? reason = null;
        while (await ReadAsync() is { } packet)
        {
            if (packet.Type != MqttPacketType.Disconnect) continue;
            MqttDisconnect.TryParse(packet.Body, MqttVersion.V5, MqttRole.Server, out var disconnect);
            reason = disconnect!.Reason;
        }
        return reason;
    }

    public void Dispose()
    {
        output.Dispose();
        input.Dispose();
    }

    private async Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        var packet = new ArrayBufferWriter<byte>();
        write(packet);
        await output.WriteAsync(packet.WrittenMemory);
        await output.FlushAsync();
    }

    /// <summary>The next packet of that type; what comes before it is kept for whoever asks for it.</summary>
    private async Task<Packet> ReadAsync(MqttPacketType type)
    {
        if (_aside.Find(p => p.Type == type) is { } waiting)
        {
            _aside.Remove(waiting);
            return waiting;
        }
        while (true)
        {
            var packet = await ReadAsync() ?? throw new IOException($"the connection ended while {type} was awaited");
            if (packet.Type == type) return packet;
            _aside.Add(packet);
        }
    }

    /// <summary>Null at the end of the connection.</summary>
    private async Task<Packet?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (TryTake() is { } packet) return packet;
            int count;
            try
            {
                count = await input.ReadAsync(_received.GetMemory(1024), limit.Token);
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException)
            {
                return null;
            }
            if (count == 0) return null;
            _received.Advance(count);
        }
    }

    private Packet? TryTake()
    {
        var buffer = new ReadOnlySequence<byte>(_received.WrittenMemory.ToArray());
        if (MqttFrame.TryRead(ref buffer, 1 << 20, out var frame, out _) != OperationStatus.Done) return null;
        var packet = new Packet(frame.Type, frame.Flags, frame.Body.ToArray());
        _received.Clear();
        _received.Write(buffer.ToArray());
        return packet;
    }

    private sealed record Packet(MqttPacketType Type, byte Flags, byte[] Body);
}

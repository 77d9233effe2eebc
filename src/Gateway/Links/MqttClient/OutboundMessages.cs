using System.Text;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.MqttClient;

/// <summary>What we publish: QoS 1 waits here, in its order, until the broker acknowledged it; QoS 0 goes out or does not.</summary>
/// <remarks><b>Threading</b>: safe for all. Bounded by <see cref="MessagesMax"/> and <see cref="BytesMax"/>; it does not survive the process.</remarks>
internal sealed class OutboundMessages(PacketIds ids, BrokerTally tally)
{
    public const int MessagesMax = 1_000;
    public const int BytesMax = 4 * 1024 * 1024;

    /// <summary>On their way at once, if the broker does not ask for less.</summary>
    private const int WindowMax = 100;

    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _entries = [];
    private int _bytes;
    private int _inflight;
    private OutboundLimits? _limits;

    public int Waiting
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <param name="qos">0 or 1.</param>
    /// <param name="done">Told once what became of a message that was taken: true, the broker has it, or it was sent at QoS 0; false, it was given up. Called under no lock.</param>
    /// <returns>False when there is no room, or no connection for a message of QoS 0: it was not taken.</returns>
    public bool TryAdd(string topic, ReadOnlySpan<byte> payload, int qos, bool retain, Action<bool>? done = null)
    {
        byte[] name = Encoding.UTF8.GetBytes(topic);
        if (MqttTopic.CheckName(name) is { IsOk: false } wrong) throw new ArgumentException(wrong.ToString(), nameof(topic));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)qos, 1u, nameof(qos));
        var entry = new Entry(new MqttMessage(name, payload.ToArray(), [], qos, retain, MqttMessage.Never), done);
        lock (_gate)
        {
            if (_entries.Count >= MessagesMax || _bytes + entry.Message.Bytes > BytesMax || (qos == 0 && _limits is null)) return false;
            _entries.AddLast(entry);
            _bytes += entry.Message.Bytes;
            return true;
        }
    }

    /// <summary>A connection may take messages: what was on its way before goes first.</summary>
    /// <param name="sessionPresent">The broker knows our packet identifiers: the same message is sent again as such [MQTT-4.4.0-1]; else as a new one.</param>
    public void Open(OutboundLimits limits, bool sessionPresent)
    {
        lock (_gate)
        {
            (_limits, _inflight) = (limits, 0);
            foreach (var entry in _entries)
            {
                (entry.OnItsWay, entry.Dup) = (false, sessionPresent && entry.PacketId != 0);
                if (sessionPresent || entry.PacketId == 0) continue;
                ids.Free(entry.PacketId);
                entry.PacketId = 0;
            }
        }
    }

    public void Close()
    {
        lock (_gate) _limits = null;
    }

    /// <summary>Writes as much as the broker's window and the connection have room for.</summary>
    public void Send(MqttOutbound to)
    {
        List<(Action<bool> Done, bool Sent)>? over = null;
        lock (_gate)
        {
            if (_limits is not { } limits) return;
            for (var at = _entries.First; at is not null && _inflight < Math.Min(WindowMax, limits.ReceiveMaximum) && to.HasRoom;)
            {
                var (entry, next) = (at.Value, at.Next);
                if (!entry.OnItsWay && !Write(to, entry, limits, out bool sent))
                {
                    Remove(at);
                    if (entry.Done is { } done) (over ??= []).Add((done, sent));
                }
                at = next;
            }
        }
        to.Flush();
        if (over is null) return;
        foreach (var (done, sent) in over) done(sent);
    }

    /// <summary>False when nobody has sent such a message.</summary>
    /// <param name="taken">The broker keeps it; else it is given up and counted.</param>
    public bool Acknowledged(ushort packetId, bool taken)
    {
        Action<bool>? done;
        lock (_gate)
        {
            var at = _entries.First;
            while (at is not null && !(at.Value.OnItsWay && at.Value.PacketId == packetId)) at = at.Next;
            if (at is null) return false;
            _inflight--;
            Remove(at);
            if (!taken) tally.CountNotSent();
            done = at.Value.Done;
        }
        done?.Invoke(taken);
        return true;
    }

    /// <summary>True when the entry stays until it is acknowledged.</summary>
    private bool Write(MqttOutbound to, Entry entry, OutboundLimits limits, out bool sent)
    {
        sent = false;
        var message = entry.Message;
        int qos = Math.Min(message.Qos, limits.MaximumQos);
        if (qos > 0 && entry.PacketId == 0) entry.PacketId = ids.Take();
        var head = new MqttPublishHead { PacketId = qos > 0 ? entry.PacketId : (ushort)0, Qos = (byte)qos, Retain = message.Retain && limits.RetainAvailable, Dup = entry.Dup && qos > 0 };
        if (MqttWriter.PublishLength(limits.Version, message.Topic.Length, message.Payload.Length, head, 0) > limits.PacketBytesMax)
        {
            tally.CountNotSent();
            return false;
        }
        to.Publish(limits.Version, message.Topic, message, head);
        tally.CountSent();
        sent = true;
        if (qos == 0) return false;
        entry.OnItsWay = true;
        _inflight++;
        return true;
    }

    private void Remove(LinkedListNode<Entry> at)
    {
        _entries.Remove(at);
        _bytes -= at.Value.Message.Bytes;
        if (at.Value.PacketId != 0) ids.Free(at.Value.PacketId);
    }

    private sealed class Entry(MqttMessage message, Action<bool>? done)
    {
        public Action<bool>? Done => done;

        public MqttMessage Message { get; } = message;

        /// <summary>0 = not sent yet.</summary>
        public ushort PacketId { get; set; }

        public bool OnItsWay { get; set; }

        public bool Dup { get; set; }
    }
}

/// <summary>What the broker said in its CONNACK that it takes; with 3.1.1 there is nothing it could say.</summary>
/// <param name="PacketBytesMax">Largest packet.</param>
internal sealed record OutboundLimits(MqttVersion Version, int ReceiveMaximum, int MaximumQos, bool RetainAvailable, uint PacketBytesMax)
{
    public static OutboundLimits Of(MqttVersion version, MqttConnack connack) =>
        new(version, connack.ReceiveMaximum, connack.MaximumQos, connack.RetainAvailable, connack.MaximumPacketSize ?? uint.MaxValue);
}

using System.Buffers;
using System.Net;
using System.Text;
using Gateway.Links.Mqtt;
using Gateway.Protocols.Mqtt;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Rig;

/// <summary>One connection to the listener. It says what the test tells it to, checks that everything it hears is well formed, and answers QoS 1 and 2 by itself while <see cref="Answers"/>.</summary>
internal sealed class RigClient
{
    private readonly MqttRig _rig;
    private readonly RigPipe _pipe;
    private readonly Dictionary<int, string> _aliases = [];
    private readonly List<ServerPacket> _inbox = [];
    private readonly Task _served;
    private bool _gone;
    private bool _deaf;
    private ushort _lastId;

    public RigClient(MqttRig rig, MqttVersion version, IPAddress? from = null, int unreadBytesMax = 64 * 1024)
    {
        (_rig, Version, _pipe) = (rig, version, new RigPipe(unreadBytesMax));
        Task? served = null;
        rig.Turn(() => served = rig.Link.ServeAsync(_pipe, new MqttPeer(from, null, false), CutOff));
        _served = served!;
    }

    public MqttVersion Version { get; }

    public MqttConnack? Connack { get; private set; }

    public bool Answers { get; set; } = true;

    /// <summary>The gateway has done with it.</summary>
    public bool IsOver
    {
        get
        {
            if (_served.IsFaulted) _served.GetAwaiter().GetResult();
            return _served.IsCompleted;
        }
    }

    /// <summary>Why the gateway cut the transport, null when it did not.</summary>
    public string? Cut { get; private set; }

    public void Connect(MqttConnect connect)
    {
        Send(to => MqttWriter.Connect(to, connect));
        Read();
    }

    public void Send(Action<IBufferWriter<byte>> write)
    {
        var packet = new ArrayBufferWriter<byte>();
        write(packet);
        Send(packet.WrittenSpan.ToArray());
    }

    public void Send(params byte[] bytes)
    {
        if (_gone) return;
        _rig.Turn(() =>
        {
            _pipe.Up.Writer.Write(bytes);
            _ = _pipe.Up.Writer.FlushAsync().AsTask();
        });
    }

    /// <summary>Publishes; the packet id, 0 at QoS 0.</summary>
    public ushort Publish(string topic, string text = "", int qos = 0, bool retain = false, bool dup = false, ushort id = 0, int alias = 0, uint? expirySeconds = null, byte[]? properties = null)
    {
        if (qos > 0 && id == 0) id = NextId();
        var head = new MqttPublishHead { PacketId = id, Qos = (byte)qos, Retain = retain, Dup = dup, TopicAlias = alias, MessageExpirySeconds = expirySeconds };
        Send(to => MqttWriter.Publish(to, Version, Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(text), head, properties ?? []));
        return id;
    }

    /// <summary>Subscribes and waits for the answer: one code a filter.</summary>
    public byte[] Subscribe(string filter, int qos = 0, bool noLocal = false, bool retainAsPublished = false, int retainHandling = 0, uint identifier = 0) =>
        Subscribe(identifier, new MqttSubscription(filter, qos, noLocal, retainAsPublished, retainHandling));

    public byte[] Subscribe(uint identifier, params MqttSubscription[] subscriptions)
    {
        Ask(identifier, subscriptions);
        return Answer(MqttPacketType.Suback);
    }

    /// <summary>SUBSCRIBE without waiting for the answer.</summary>
    public ushort Ask(uint identifier, params MqttSubscription[] subscriptions)
    {
        ushort id = NextId();
        Send(to => MqttWriter.Subscribe(to, Version, new MqttSubscribe(id, identifier, subscriptions)));
        return id;
    }

    public byte[] Unsubscribe(params string[] filters)
    {
        ushort id = NextId();
        Send(to => MqttWriter.Unsubscribe(to, Version, new MqttUnsubscribe(id, filters)));
        return Answer(MqttPacketType.Unsuback);
    }

    public void Ack(MqttPacketType type, ushort id, MqttReason reason = MqttReason.Success) => Send(to => MqttWriter.Ack(to, Version, type, id, reason));

    public void Disconnect(MqttReason reason = MqttReason.Success, uint? expirySeconds = null) => Send(to => MqttWriter.Disconnect(to, Version, reason, sessionExpirySeconds: expirySeconds));

    /// <summary>The network loses it: no DISCONNECT.</summary>
    public void Drop()
    {
        _gone = true;
        _rig.Turn(() => _pipe.Up.Writer.Complete(new ConnectionResetException("reset by peer")));
    }

    /// <summary>The next write to it fails with this, before the reading half has noticed anything.</summary>
    public void BreakWrites(Exception with)
    {
        _deaf = true;
        _pipe.Down.Reader.Complete(with);
    }

    /// <summary>Reads and answers what has come; what was new.</summary>
    public List<ServerPacket> Read()
    {
        var read = new List<ServerPacket>();
        for (int before = -1; before != read.Count;)
        {
            before = read.Count;
            _rig.Turn(() => ReadInto(read));
            if (!Answers) continue;
            foreach (var packet in read.Skip(before)) Reply(packet);
        }
        _inbox.AddRange(read);
        return read;
    }

    /// <summary>Everything that has come since it was last asked for.</summary>
    public List<ServerPacket> Take()
    {
        Read();
        List<ServerPacket> all = [.. _inbox];
        _inbox.Clear();
        return all;
    }

    /// <summary>The messages that have come, and nothing else.</summary>
    public List<Delivery> Messages()
    {
        Read();
        List<Delivery> messages = [.. _inbox.Select(p => p.Message).OfType<Delivery>()];
        _inbox.RemoveAll(p => p.Message is not null);
        return messages;
    }

    public List<string> Texts() => [.. Messages().Select(m => m.Text)];

    /// <summary>The first packet of that type; null when none has come.</summary>
    public ServerPacket? Next(MqttPacketType type)
    {
        Read();
        var found = _inbox.Find(p => p.Type == type);
        if (found is not null) _inbox.Remove(found);
        return found;
    }

    public ServerPacket Expect(MqttPacketType type)
    {
        var found = Next(type);
        Assert.True(found is not null, $"expected {type}, inbox: {string.Join(", ", _inbox.Select(p => p.Type))}");
        return found;
    }

    public ushort NextId() => _lastId = (ushort)(_lastId == ushort.MaxValue ? 1 : _lastId + 1);

    private byte[] Answer(MqttPacketType type)
    {
        var answer = Next(type);
        if (answer is null)
        {
            _rig.Round();
            answer = Expect(type);
        }
        return answer.Reasons;
    }

    private void ReadInto(List<ServerPacket> read)
    {
        while (!_deaf && _pipe.Down.Reader.TryRead(out var result))
        {
            var buffer = result.Buffer;
            while (MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out var verdict) is var status && status != OperationStatus.NeedMoreData)
            {
                Assert.True(status == OperationStatus.Done, verdict.ToString());
                read.Add(Named(ServerPacket.Read(frame, frame.Body.ToArray(), Version)));
            }
            _pipe.Down.Reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) break;
        }
    }

    /// <summary>Puts back the topic an alias stands for; remembers who was let in.</summary>
    private ServerPacket Named(ServerPacket packet)
    {
        Connack = packet.Connack ?? Connack;
        if (packet.Message is not { Alias: > 0 } message) return packet;
        if (message.Topic.Length > 0) _aliases[message.Alias] = message.Topic;
        return packet with { Message = message with { Topic = _aliases[message.Alias] } };
    }

    private void Reply(ServerPacket packet)
    {
        switch (packet.Type)
        {
            case MqttPacketType.Publish when packet.Message!.Qos == 1: Ack(MqttPacketType.Puback, packet.Id); break;
            case MqttPacketType.Publish when packet.Message!.Qos == 2: Ack(MqttPacketType.Pubrec, packet.Id); break;
            case MqttPacketType.Pubrec when packet.Reason < MqttReason.UnspecifiedError: Ack(MqttPacketType.Pubrel, packet.Id); break;
            case MqttPacketType.Pubrel: Ack(MqttPacketType.Pubcomp, packet.Id); break;
        }
    }

    private void CutOff(string why)
    {
        Cut ??= why;
        if (_gone) return;
        _gone = true;
        _pipe.Up.Writer.Complete(new ConnectionAbortedException(why));
    }
}

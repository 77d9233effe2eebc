using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Rig;

/// <summary>
/// A client as the standards want it: remembers across connections what is not finished, sends it again, takes QoS 2 once, keeps to the server's receive maximum; and
/// holds the gateway to the same: packet ids are free when they are used, the window is kept, a second copy is the same message.
/// </summary>
internal sealed class StandardClient(MqttRig rig, string id, MqttVersion version, bool kept)
{
    private readonly Queue<ServerPacket> _heard = new();
    private readonly List<Outbound> _out = [];
    private readonly Dictionary<ushort, string> _in = [];
    private readonly HashSet<ushort> _unanswered = [];
    private RigClient? _line;
    private bool _granted;
    private int _quota;
    private ushort _lastId;

    public string Id => id;

    public bool IsKept => kept;

    /// <summary>What it may be sent at once; told at the next CONNECT.</summary>
    public int ReceiveMaximum { get; set; } = 5;

    /// <summary>Filters it asks for whenever it has no session.</summary>
    public List<MqttSubscription> Filters { get; } = [];

    public bool IsOnline { get; private set; }

    public bool HasLine => _line is { IsOver: false };

    /// <summary>The gateway has said yes to all of <see cref="Filters"/>.</summary>
    public bool IsSubscribed => Filters.Count == 0 || _granted;

    /// <summary>Messages as the application saw them, in order.</summary>
    public List<Delivery> Got { get; } = [];

    /// <summary>Texts of its own messages that the gateway has taken over.</summary>
    public HashSet<string> Accepted { get; } = [];

    /// <summary>Everything it ever published.</summary>
    public List<string> Published { get; } = [];

    public bool IsIdle => _out.Count == 0 && _heard.Count == 0 && _in.Count == 0;

    public string State => $"{id}: online {IsOnline}, {_out.Count} to send, {_heard.Count} heard, {_in.Count} half received";

    public void Connect()
    {
        (_line, IsOnline) = (rig.Open(version), false);
        _heard.Clear();
        _unanswered.Clear();
        _line.Answers = false;
        var connect = new MqttConnect
        {
            Version = version, ClientId = id, CleanStart = !kept, SessionExpirySeconds = kept && version == MqttVersion.V5 ? 100_000u : 0, ReceiveMaximum = Window,
            TopicAliasMaximum = version == MqttVersion.V5 ? 3 : 0,
        };
        _line.Send(to => MqttWriter.Connect(to, connect));
    }

    public void Drop() => Leave(line => line.Drop());

    public void Disconnect() => Leave(line => line.Disconnect());

    /// <summary>The gateway is gone, and what it had said with it.</summary>
    public void Lost() => Leave(_ => { });

    public void Publish(string topic, string text, int qos, bool retain = false)
    {
        Published.Add(text);
        if (qos > 0) _out.Add(new Outbound(topic, text, qos, retain));
        else if (IsOnline) _line!.Publish(topic, text, 0, retain);
        Pump();
    }

    /// <summary>Handles up to so many packets of what has come. False when there was nothing.</summary>
    public bool Step(int packets = int.MaxValue)
    {
        if (_line is null) return false;
        foreach (var packet in _line.Read()) _heard.Enqueue(packet);
        bool any = false;
        for (; packets > 0 && _line is not null && _heard.TryDequeue(out var next); packets--)
        {
            any = true;
            Handle(next);
        }
        if (_heard.Count == 0 && _line is { IsOver: true }) Lost();
        return any;
    }

    private int Window => version == MqttVersion.V5 ? ReceiveMaximum : ushort.MaxValue;

    private void Leave(Action<RigClient> how)
    {
        if (_line is { } line) how(line);
        (_line, IsOnline) = (null, false);
        _heard.Clear();
    }

    private void Handle(ServerPacket packet)
    {
        Assert.True(IsOnline || packet.Type is MqttPacketType.Connack or MqttPacketType.Disconnect, $"{packet.Type} before CONNACK");
        switch (packet.Type)
        {
            case MqttPacketType.Connack: Welcome(packet.Connack!); break;
            case MqttPacketType.Publish: Take(packet.Message!); break;
            case MqttPacketType.Pubrel: Released(packet.Id); break;
            case MqttPacketType.Suback: _granted = packet.Reasons.All(r => r <= 2); break;
            case MqttPacketType.Puback: Finished(packet.Id, 1, packet.Reason); break;
            case MqttPacketType.Pubrec: Received(packet); break;
            case MqttPacketType.Pubcomp: Finished(packet.Id, 2, MqttReason.Success); break;
            case MqttPacketType.Disconnect: Assert.Equal(MqttReason.SessionTakenOver, packet.Reason); break;
        }
    }

    private void Welcome(MqttConnack connack)
    {
        Assert.Equal(MqttReason.Success, connack.Reason);
        IsOnline = true;
        _quota = version == MqttVersion.V5 ? connack.ReceiveMaximum : int.MaxValue;
        if (!connack.SessionPresent)
        {
            // Nothing is promised any more to what was on its way.
            _out.RemoveAll(o => o.Id > 0);
            _in.Clear();
            _granted = false;
        }
        if (!IsSubscribed) _line!.Ask(0, [.. Filters]);
        foreach (var o in _out) o.OnWire = false;
        foreach (var o in _out.Where(o => o.Id > 0))
        {
            if (o.IsReleased) _line!.Ack(MqttPacketType.Pubrel, o.Id);
            else Send(o, dup: true);
        }
        Pump();
    }

    private void Pump()
    {
        if (!IsOnline) return;
        foreach (var o in _out.Where(o => o.Id == 0))
        {
            if (_quota == 0) return;
            do _lastId = (ushort)(_lastId == ushort.MaxValue ? 1 : _lastId + 1);
            while (_out.Exists(x => x.Id == _lastId));
            o.Id = _lastId;
            Send(o, dup: false);
        }
    }

    private void Send(Outbound o, bool dup)
    {
        _quota--;
        o.OnWire = true;
        _line!.Publish(o.Topic, o.Text, o.Qos, o.Retain, dup, o.Id);
    }

    private void Received(ServerPacket pubrec)
    {
        var o = _out.Find(o => o.Id == pubrec.Id && o.Qos == 2);
        if (o is null) return;
        Assert.True(pubrec.Reason < MqttReason.UnspecifiedError, $"PUBREC {pubrec.Reason}");
        Accepted.Add(o.Text);
        o.IsReleased = true;
        _line!.Ack(MqttPacketType.Pubrel, o.Id);
    }

    private void Finished(ushort packetId, int qos, MqttReason reason)
    {
        var o = _out.Find(o => o.Id == packetId && o.Qos == qos);
        if (o is null) return;
        Assert.True(reason < MqttReason.UnspecifiedError, $"refused with {reason}");
        Assert.True(qos == 1 || o.IsReleased, "PUBCOMP before PUBREL");
        Accepted.Add(o.Text);
        _out.Remove(o);
        if (o.OnWire) _quota++;
        Pump();
    }

    private void Take(Delivery message)
    {
        if (message.Qos == 0)
        {
            Got.Add(message);
            return;
        }
        _unanswered.Add(message.Id);
        Assert.True(_unanswered.Count <= Window, $"{_unanswered.Count} messages at once, {Window} allowed");
        if (_in.TryGetValue(message.Id, out string? known))
        {
            Assert.True(message.Dup && known == message.Text, $"packet id {message.Id} is \"{known}\" and \"{message.Text}\" at once");
        }
        else Got.Add(message);
        if (message.Qos == 1)
        {
            _line!.Ack(MqttPacketType.Puback, message.Id);
            _unanswered.Remove(message.Id);
            return;
        }
        _in[message.Id] = message.Text;
        _line!.Ack(MqttPacketType.Pubrec, message.Id);
    }

    private void Released(ushort packetId)
    {
        _in.Remove(packetId);
        _unanswered.Remove(packetId);
        _line!.Ack(MqttPacketType.Pubcomp, packetId);
    }

    private sealed class Outbound(string topic, string text, int qos, bool retain)
    {
        public string Topic => topic;

        public string Text => text;

        public int Qos => qos;

        public bool Retain => retain;

        /// <summary>0 until it is first sent.</summary>
        public ushort Id { get; set; }

        public bool IsReleased { get; set; }

        /// <summary>Counts against the server's receive maximum on the connection of now.</summary>
        public bool OnWire { get; set; }
    }
}

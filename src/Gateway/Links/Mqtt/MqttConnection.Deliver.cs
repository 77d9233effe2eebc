using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>Messages to the client: its subscriptions, what its session sends, what it acknowledges.</summary>
internal sealed partial class MqttConnection
{
    private const int FilterLevelsMax = 200;
    private const int SubacksMax = 100;

    /// <summary>Longest filter. The standard's 65 535 bytes, times subscriptions and connections, would be all the memory.</summary>
    private const int FilterBytesMax = 1_024;

    private readonly Lock _subacksGate = new();
    private Dictionary<ushort, MqttReason[]>? _subacks;
    private Dictionary<byte[], ushort>? _sendAliases;
    private int _sendAliasMax;
    private int _sendBytesMax;

    /// <summary>Messages of QoS 1 and 2 that may be on their way to it at once: its receive maximum, or ours.</summary>
    public int SendWindow { get; private set; }

    /// <summary>False while it does not read as fast as it is written to, or was not told yet that it is let in.</summary>
    public bool HasRoom => _welcome && _out.HasRoom;

    public void Flush() => _out.Flush();

    /// <summary>Writes one message. False when it is larger than the client takes [MQTT-3.1.2-24]. Called under its session's lock.</summary>
    public bool Publish(Outgoing outgoing, bool dup, long nowMs)
    {
        var message = outgoing.Message;
        var head = new MqttPublishHead
        {
            PacketId = outgoing.PacketId, Qos = (byte)outgoing.Qos, Retain = outgoing.Retain, Dup = dup,
            MessageExpirySeconds = message.SecondsLeft(nowMs), SubscriptionIdentifiers = outgoing.SubscriptionIds,
        };
        int length = MqttWriter.PublishLength(_version, message.Topic.Length, message.Payload.Length, head, message.Properties.Length);
        if (length > _sendBytesMax)
        {
            _link.Tally.TooLarge();
            return false;
        }
        bool isKnown = SendAlias(message.Topic, length, out ushort alias);
        _out.Publish(_version, isKnown ? [] : message.Topic, message, alias == 0 ? head : head with { TopicAlias = alias });
        _link.Tally.Sent();
        return true;
    }

    public void Pubrel(ushort packetId) => _out.Append(static (to, s) => MqttWriter.Ack(to, s.Version, MqttPacketType.Pubrel, s.Id), (Version: _version, Id: packetId));

    /// <summary>True when the client knows the alias already and needs no topic.</summary>
    private bool SendAlias(byte[] topic, int length, out ushort alias)
    {
        alias = 0;
        // An alias adds three bytes to the first message; one that just fits goes without.
        if (_sendAliasMax == 0 || length + 3 > _sendBytesMax) return false;
        _sendAliases ??= new Dictionary<byte[], ushort>(Utf8Comparer.Instance);
        if (_sendAliases.TryGetValue(topic, out alias)) return true;
        if (_sendAliases.Count >= _sendAliasMax) return false;
        _sendAliases.Add(topic, alias = (ushort)(_sendAliases.Count + 1));
        return false;
    }

    private Next Acknowledged(in MqttAck ack, out MqttVerdict verdict)
    {
        verdict = MqttVerdict.Ok;
        var session = _session!;
        if (ack.Type == MqttPacketType.Pubrel)
        {
            bool known = session.Release(ack.PacketId);
            var reason = known || _version != MqttVersion.V5 ? MqttReason.Success : MqttReason.PacketIdentifierNotFound;
            // On disk first: a packet id that came back to life in a crash would swallow the next message that uses it. One that is
            // not known may have been released a moment ago.
            if (session.IsKept) _link.Intake.Ingest.AppendAck(this, Token(MqttPacketType.Pubcomp, ack.PacketId, reason));
            else _out.Append(static (to, s) => MqttWriter.Ack(to, s.Version, MqttPacketType.Pubcomp, s.Id, s.Reason), (Version: _version, Id: ack.PacketId, Reason: reason));
            return Next.Read;
        }
        switch (session.Acknowledged(ack))
        {
            case AckOutcome.OutOfTurn:
                return Against(MqttReason.ProtocolError, $"{ack.Type} for packet id {ack.PacketId}, which is not at that step", "MQTT-4.3.3", out verdict);
            case AckOutcome.Unknown when ack.Type == MqttPacketType.Pubrec && ack.Reason < MqttReason.UnspecifiedError:
                var notFound = _version == MqttVersion.V5 ? MqttReason.PacketIdentifierNotFound : MqttReason.Success;
                _out.Append(static (to, s) => MqttWriter.Ack(to, s.Version, MqttPacketType.Pubrel, s.Id, s.Reason), (Version: _version, Id: ack.PacketId, Reason: notFound));
                return Next.Read;
            case AckOutcome.Taken:
                Touch(session);
                return Next.Read;
            default:
                return Next.Read;
        }
    }

    private Next Subscribe(MqttSubscribe subscribe, out MqttVerdict verdict)
    {
        if (!MayAsk()) return Wait(out verdict);
        verdict = Check(subscribe.Subscriptions.Select(s => s.Filter));
        if (!verdict.IsOk) return Next.End;
        var session = _session!;
        var allowed = new MqttReason[subscribe.Subscriptions.Count];
        for (int i = 0; i < allowed.Length; i++) allowed[i] = Judge(subscribe.Subscriptions[i].Filter);
        Answer(MqttPacketType.Suback, subscribe.PacketId, _link.Broker.Subscribe(session, subscribe, allowed));
        // For what is retained.
        Touch(session);
        return Next.Read;
    }

    private Next Unsubscribe(MqttUnsubscribe unsubscribe, out MqttVerdict verdict)
    {
        if (!MayAsk()) return Wait(out verdict);
        verdict = Check(unsubscribe.Filters);
        if (!verdict.IsOk) return Next.End;
        Answer(MqttPacketType.Unsuback, unsubscribe.PacketId, _link.Broker.Unsubscribe(_session!, unsubscribe));
        return Next.Read;
    }

    /// <summary>A filter that is not well formed is no filter: the packet is malformed (0x8F is for filters that are, but are not allowed [§3.9.3]).</summary>
    private static MqttVerdict Check(IEnumerable<string> filters)
    {
        foreach (string filter in filters)
            if (MqttTopic.CheckFilter(System.Text.Encoding.UTF8.GetBytes(filter)) is { IsOk: false } wrong) return wrong with { Reason = MqttReason.MalformedPacket };
        return MqttVerdict.Ok;
    }

    private MqttReason Judge(string filter)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(filter) > FilterBytesMax || filter.AsSpan().Count('/') >= FilterLevelsMax) return MqttReason.TopicFilterInvalid;
        string inner = MqttTopic.TryShared(filter, out _, out string shared) ? shared : filter;
        if (_identity!.Rights.MaySubscribe(inner)) return MqttReason.Success;
        _link.Tally.Denied();
        // Whoever did not say who he is is not told why either.
        return _identity.Name.Length == 0 ? MqttReason.UnspecifiedError : MqttReason.NotAuthorized;
    }

    /// <summary>A kept session asks for no more at once than its answers have room to wait for a commit.</summary>
    private bool MayAsk()
    {
        if (!_session!.IsKept) return true;
        lock (_subacksGate) return _link.HasRoomForSessions && (_subacks is null || _subacks.Count < SubacksMax);
    }

    /// <summary>A session that is kept promises its subscriptions only once they are on disk.</summary>
    private void Answer(MqttPacketType type, ushort packetId, MqttReason[] reasons)
    {
        if (!_session!.IsKept)
        {
            WriteAnswer(type, packetId, reasons);
            return;
        }
        lock (_subacksGate) (_subacks ??= [])[packetId] = reasons;
        _link.Intake.Ingest.AppendAck(this, Token(type, packetId));
    }

    private bool AnswerSubscription(MqttPacketType type, ushort packetId)
    {
        MqttReason[]? reasons;
        lock (_subacksGate)
            if (_subacks is null || !_subacks.Remove(packetId, out reasons)) return false;
        return WriteAnswer(type, packetId, reasons);
    }

    private bool WriteAnswer(MqttPacketType type, ushort packetId, MqttReason[] reasons)
    {
        // 3.1.1 has one word for every refusal [§3.9.3].
        byte[] codes = [.. reasons.Select(r => (byte)(_version == MqttVersion.V5 || r <= MqttReason.GrantedQos2 ? r : MqttReason.UnspecifiedError))];
        // Packet id, no properties, one byte a filter; type and length before it.
        int body = 3 + codes.Length;
        if (body + (body < 128 ? 2 : body < 16_384 ? 3 : 4) > _sendBytesMax)
        {
            End(MqttReason.PacketTooLarge, $"takes no packet of {codes.Length} reason codes");
            return false;
        }
        return type == MqttPacketType.Suback
            ? _out.Append(static (to, s) => MqttWriter.Suback(to, s.Version, s.Id, s.Codes), (Version: _version, Id: packetId, Codes: codes))
            : _out.Append(static (to, s) => MqttWriter.Unsuback(to, s.Version, s.Id, s.Codes), (Version: _version, Id: packetId, Codes: codes));
    }

    /// <summary>The peer has read what it was sent: its session may send on.</summary>
    private void Drained()
    {
        if (_session is { } session) _link.Broker.Feed(session);
    }
}

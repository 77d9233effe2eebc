using System.Buffers;
using Gateway.Decoding;
using Gateway.Links.Mqtt;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.MqttClient;

/// <summary>Messages from the broker [§3.3, §4.3]: to the engine, and the acknowledgement after the commit.</summary>
internal sealed partial class BrokerConnection
{
    /// <summary>Topic aliases a 5.0 broker may set up for us.</summary>
    public const int TopicAliasMax = 32;

    private byte[]?[]? _aliases;
    private int _owed;
    private long _skipping;
    private long _standstillFrom;

    private Next Publish(in MqttPublish publish)
    {
        if (publish.Qos > 0 && Volatile.Read(ref _owed) >= _session.Options.ReceiveMaximum) return Next.Wait;
        var topic = publish.Topic;
        if (publish.TopicAlias > 0 && !Alias(publish, ref topic)) return Against(MqttReason.TopicAliasInvalid, $"topic alias {publish.TopicAlias}, expected one of up to {TopicAliasMax} that was set up", "MQTT-3.3.2-9");
        var answer = publish.Qos == 2 ? MqttPacketType.Pubrec : MqttPacketType.Puback;
        if (publish.Qos == 2 && _session.Received.Contains(publish.PacketId)) return Owe(answer, publish.PacketId);
        long receivedAtMs = _session.Intake.Clock.MsOf(_lastReceived);
        var route = _session.RouteOf(topic);
        if (publish.Qos > 0) Interlocked.Increment(ref _owed);
        var outcome = _session.Intake.Take(_session.Talkers, route, publish.Payload, publish.Retain, receivedAtMs, publish.Qos > 0 ? this : null, Token(answer, publish.PacketId), publish.Dup);
        if (publish.Qos > 0 && outcome != IntakeOutcome.Taken) Interlocked.Decrement(ref _owed);
        if (outcome == IntakeOutcome.Full) return Next.Wait;
        _standstillFrom = 0;
        _session.Tally.CountReceived();
        if (outcome == IntakeOutcome.NotForUs) _session.Intake.Refuse(route.Refusal, _session.ClientId, topic);
        if (publish.Qos == 2) _session.Received.Add(publish.PacketId);
        return publish.Qos == 0 || outcome == IntakeOutcome.Taken ? Next.Read : Owe(answer, publish.PacketId);
    }

    /// <summary>The answer takes its turn behind what is being committed [MQTT-4.6.0-2].</summary>
    private Next Owe(MqttPacketType answer, ushort packetId)
    {
        Interlocked.Increment(ref _owed);
        _session.Ingest.AppendAck(this, Token(answer, packetId));
        return Next.Read;
    }

    private Next Acknowledged(in MqttAck ack)
    {
        if (ack.Type == MqttPacketType.Pubrel)
        {
            // An id we do not know was forgotten by a killed process: the broker has had its PUBREC, so the message is kept.
            var reason = _session.Received.Remove(ack.PacketId) ? MqttReason.Success : MqttReason.PacketIdentifierNotFound;
            _out.Append(static (to, s) => MqttWriter.Ack(to, s.Version, MqttPacketType.Pubcomp, s.Id, s.Reason), (Version: _version, Id: ack.PacketId, Reason: reason));
            return Next.Read;
        }
        _session.Outbound.Acknowledged(ack.PacketId, taken: ack.Reason < MqttReason.UnspecifiedError);
        Send();
        return Next.Read;
    }

    /// <summary>Sets up or looks up a topic alias [§3.3.2.3.4].</summary>
    private bool Alias(in MqttPublish publish, ref ReadOnlySpan<byte> topic)
    {
        int alias = publish.TopicAlias;
        if (alias > TopicAliasMax) return false;
        _aliases ??= new byte[TopicAliasMax + 1][];
        if (!topic.IsEmpty)
        {
            if (_aliases[alias] is not { } known || !topic.SequenceEqual(known)) _aliases[alias] = topic.ToArray();
            return true;
        }
        if (_aliases[alias] is not { } set) return false;
        topic = set;
        return true;
    }

    /// <summary>
    /// A message that is too large for us. The broker would send it again at every connection, and nothing behind it would ever arrive: so it is acknowledged, counted and passed over.
    /// </summary>
    /// <returns>False when its head is not there yet, or the connection had to be ended.</returns>
    private bool SkipTooLarge(in ReadOnlySequence<byte> buffer, in MqttVerdict verdict)
    {
        var status = OversizedPublish.TryRead(buffer, out var oversized);
        if (status == OperationStatus.NeedMoreData) return false;
        if (status == OperationStatus.InvalidData)
        {
            Against(verdict);
            return false;
        }
        _skipping = oversized.Length;
        _session.Tally.CountOversized();
        _session.Intake.Refuse(DecodeOutcome.TooLarge, _session.ClientId, oversized.Topic);
        if (oversized.Qos == 2) _session.Received.Add(oversized.PacketId);
        if (oversized.Qos > 0) Owe(oversized.Qos == 2 ? MqttPacketType.Pubrec : MqttPacketType.Puback, oversized.PacketId);
        return true;
    }

    /// <summary>What the engine gives back when it has committed: packet id, type of the answer, the version it is written in.</summary>
    private long Token(MqttPacketType type, ushort packetId) => packetId | (long)type << 16 | (long)_version << 32;
}

using System.Buffers;
using Gateway.Protocols.Mqtt;

namespace Gateway.Protocols.Tests.Mqtt;

/// <summary>Any packet, read by its type and written again.</summary>
internal static class MqttAny
{
    /// <param name="again">Where what was read is written again; null: only read.</param>
    public static MqttVerdict Read(MqttPacketType type, byte flags, ReadOnlySpan<byte> body, MqttVersion version, MqttRole from, IBufferWriter<byte>? again = null)
    {
        switch (type)
        {
            case MqttPacketType.Connect:
                var verdict = MqttConnect.TryParse(body, out var connect, out _);
                if (verdict.IsOk && again is not null) MqttWriter.Connect(again, connect!);
                return verdict;
            case MqttPacketType.Connack:
                verdict = MqttConnack.TryParse(body, version, out var connack);
                if (verdict.IsOk && again is not null) MqttWriter.Connack(again, version, connack!);
                return verdict;
            case MqttPacketType.Publish:
                verdict = MqttPublish.TryParse(flags, body, version, from, out var publish);
                if (verdict.IsOk && again is not null) Write(again, version, publish);
                return verdict;
            case MqttPacketType.Puback or MqttPacketType.Pubrec or MqttPacketType.Pubrel or MqttPacketType.Pubcomp:
                verdict = MqttAck.TryParse(type, body, version, out var ack);
                if (verdict.IsOk && again is not null) MqttWriter.Ack(again, version, ack.Type, ack.PacketId, ack.Reason);
                return verdict;
            case MqttPacketType.Subscribe:
                verdict = MqttSubscribe.TryParse(body, version, out var subscribe);
                if (verdict.IsOk && again is not null) MqttWriter.Subscribe(again, version, subscribe!);
                return verdict;
            case MqttPacketType.Unsubscribe:
                verdict = MqttUnsubscribe.TryParse(body, version, out var unsubscribe);
                if (verdict.IsOk && again is not null) MqttWriter.Unsubscribe(again, version, unsubscribe!);
                return verdict;
            case MqttPacketType.Suback:
                verdict = MqttSuback.TryParse(type, body, version, out var suback);
                if (verdict.IsOk && again is not null) MqttWriter.Suback(again, version, suback!.PacketId, suback.Reasons);
                return verdict;
            case MqttPacketType.Unsuback:
                verdict = MqttSuback.TryParse(type, body, version, out var unsuback);
                if (verdict.IsOk && again is not null) MqttWriter.Unsuback(again, version, unsuback!.PacketId, unsuback.Reasons);
                return verdict;
            case MqttPacketType.Disconnect:
                verdict = MqttDisconnect.TryParse(body, version, from, out var end);
                if (verdict.IsOk && again is not null) MqttWriter.Disconnect(again, version, end!.Reason, end.ReasonString, end.SessionExpirySeconds, end.ServerReference);
                return verdict;
            case MqttPacketType.Auth:
                verdict = MqttAuth.TryParse(body, from, out var auth);
                if (verdict.IsOk && again is not null) MqttWriter.Auth(again, auth!);
                return verdict;
            case MqttPacketType.Pingreq:
                if (again is not null) MqttWriter.Pingreq(again);
                return MqttVerdict.Ok;
            default:
                if (again is not null) MqttWriter.Pingresp(again);
                return MqttVerdict.Ok;
        }
    }

    /// <summary>Reads a whole packet in one piece, fixed header included, as it would come from the wire.</summary>
    public static MqttVerdict Read(byte[] packet, MqttVersion version, MqttRole from, IBufferWriter<byte>? again = null)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        var status = MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out var verdict);
        if (status == OperationStatus.NeedMoreData || !buffer.IsEmpty && status == OperationStatus.Done) throw new ArgumentException("not one whole packet", nameof(packet));
        return status == OperationStatus.Done ? Read(frame.Type, frame.Flags, frame.Body.FirstSpan, version, from, again) : verdict;
    }

    /// <summary>One packet of that type, with the length put before the body.</summary>
    public static byte[] Packet(MqttPacketType type, byte[] body, int flags = 0) => [(byte)((int)type << 4 | flags), .. MqttNotation.Varint(body.Length), .. body];

    public static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var to = new ArrayBufferWriter<byte>();
        write(to);
        return to.WrittenSpan.ToArray();
    }

    public static string Hex(Action<IBufferWriter<byte>> write) => Convert.ToHexString(Bytes(write));

    /// <summary>The body of the one packet in <paramref name="packet"/>.</summary>
    public static byte[] Body(byte[] packet)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        if (MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out var verdict) != OperationStatus.Done || !buffer.IsEmpty) throw new ArgumentException($"not one whole packet: {verdict}", nameof(packet));
        return frame.Body.ToArray();
    }

    private static void Write(IBufferWriter<byte> again, MqttVersion version, in MqttPublish publish)
    {
        Span<byte> forward = new byte[MqttProperties.ForwardableLength(publish.Properties)];
        MqttProperties.CopyForwardable(publish.Properties, forward);
        var head = new MqttPublishHead
        {
            PacketId = publish.PacketId,
            Qos = (byte)publish.Qos,
            Retain = publish.Retain,
            Dup = publish.Dup,
            TopicAlias = publish.TopicAlias,
            MessageExpirySeconds = publish.MessageExpirySeconds,
            SubscriptionIdentifiers = publish.SubscriptionIdentifier == 0 ? default : Identifiers(publish),
        };
        MqttWriter.Publish(again, version, publish.Topic, publish.Payload, head, forward);
    }

    private static uint[] Identifiers(in MqttPublish publish)
    {
        var identifiers = new List<uint>();
        var reader = new MqttPropertyReader(publish.Properties);
        while (reader.TryRead())
            if (reader.Id == MqttPropertyId.SubscriptionIdentifier) identifiers.Add(reader.Number);
        return [.. identifiers];
    }
}

using System.Buffers.Binary;

namespace Gateway.Protocols.Mqtt;

/// <summary>A PUBACK, PUBREC, PUBREL or PUBCOMP [§3.4 … 3.7]. Reason string and user properties are checked and passed over.</summary>
public readonly record struct MqttAck(MqttPacketType Type, ushort PacketId, MqttReason Reason)
{
    /// <summary>Parses the body; two bytes are Success [§3.4.2.1].</summary>
    /// <remarks><b>errors</b> a reason not listed for the packet is a protocol error. 0x10, which only servers send, is taken from both ends.</remarks>
    public static MqttVerdict TryParse(MqttPacketType type, ReadOnlySpan<byte> body, MqttVersion version, out MqttAck ack)
    {
        ack = default;
        if (body.Length < 2) return MqttVerdict.Torn;
        ushort id = BinaryPrimitives.ReadUInt16BigEndian(body);
        if (id == 0) return MqttVerdict.Protocol("packet identifier 0", "MQTT-2.2.1-5");
        ack = new MqttAck(type, id, MqttReason.Success);
        if (body.Length == 2) return MqttVerdict.Ok;
        var verdict = TakeReason(type, body[2..], version, out var reason);
        ack = verdict.IsOk ? ack with { Reason = reason } : default;
        return verdict;
    }

    private static MqttVerdict TakeReason(MqttPacketType type, ReadOnlySpan<byte> body, MqttVersion version, out MqttReason reason)
    {
        reason = (MqttReason)body[0];
        if (version != MqttVersion.V5) return MqttVerdict.LeftOver;
        if (!reason.MayStandIn(type)) return MqttVerdict.Protocol("reason code that is not listed for this packet", StatementOf(type));
        if (body.Length == 1) return MqttVerdict.Ok;
        var rest = new MqttBody(body[1..]);
        if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
        if (!rest.IsEmpty) return MqttVerdict.LeftOver;
        var properties = new MqttPropertyReader(block, SetOf(type));
        while (properties.TryRead()) { }
        return properties.Verdict;
    }

    private static MqttPropertySet SetOf(MqttPacketType type) => type switch
    {
        MqttPacketType.Puback => MqttPropertySet.Puback,
        MqttPacketType.Pubrec => MqttPropertySet.Pubrec,
        MqttPacketType.Pubrel => MqttPropertySet.Pubrel,
        _ => MqttPropertySet.Pubcomp,
    };

    private static string StatementOf(MqttPacketType type) => type switch
    {
        MqttPacketType.Puback => "MQTT-3.4.2-1",
        MqttPacketType.Pubrec => "MQTT-3.5.2-1",
        MqttPacketType.Pubrel => "MQTT-3.6.2-1",
        _ => "MQTT-3.7.2-1",
    };
}

using System.Buffers.Binary;

namespace Gateway.Protocols.Mqtt;

/// <summary>A PUBLISH [§3.3], in place: spans point into the packet's body.</summary>
public readonly ref struct MqttPublish
{
    public ReadOnlySpan<byte> Topic { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>0 at QoS 0.</summary>
    public ushort PacketId { get; private init; }

    public int Qos { get; private init; }

    public bool Retain { get; private init; }

    public bool Dup { get; private init; }

    /// <returns>False when it breaks the specification: QoS 3 [MQTT-3.3.1-4], DUP at QoS 0 [MQTT-3.3.1-2], an empty topic or one with wildcards or NUL [MQTT-3.3.2-2], packet id 0 [MQTT-2.3.1-1], a torn body.</returns>
    public static bool TryParse(byte flags, ReadOnlySpan<byte> body, out MqttPublish publish)
    {
        publish = default;
        int qos = flags >> 1 & 3;
        if (qos == 3 || (qos == 0 && (flags & 8) != 0) || body.Length < 2) return false;
        int topicLength = BinaryPrimitives.ReadUInt16BigEndian(body);
        int at = 2 + topicLength + (qos > 0 ? 2 : 0);
        if (topicLength == 0 || body.Length < at) return false;
        var topic = body.Slice(2, topicLength);
        if (topic.IndexOfAny((byte)'#', (byte)'+', (byte)0) >= 0) return false;
        ushort id = qos > 0 ? BinaryPrimitives.ReadUInt16BigEndian(body[(2 + topicLength)..]) : (ushort)0;
        if (qos > 0 && id == 0) return false;
        publish = new MqttPublish { Topic = topic, Payload = body[at..], PacketId = id, Qos = qos, Retain = (flags & 1) != 0, Dup = (flags & 8) != 0 };
        return true;
    }
}

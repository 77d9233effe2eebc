using System.Buffers.Binary;

namespace Gateway.Protocols.Mqtt;

/// <summary>A PUBLISH [§3.3], in place.</summary>
/// <remarks><b>shape</b> spans point into the packet's body and live as long as it. <b>threading</b> stateless; parsing allocates nothing.</remarks>
public readonly ref struct MqttPublish
{
    /// <summary>A checked topic name; empty only with a <see cref="TopicAlias"/>.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>The whole property block of 5.0 without its length, checked; empty with 3.1.1. See <see cref="MqttProperties"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; private init; }

    /// <summary>0 at QoS 0.</summary>
    public ushort PacketId { get; private init; }

    public int Qos { get; private init; }

    public bool Retain { get; private init; }

    public bool Dup { get; private init; }

    /// <summary>1–65535, 0: none. Whether it is known and within the maximum is the connection's to say.</summary>
    public int TopicAlias { get; private init; }

    /// <summary>Null: never expires.</summary>
    public uint? MessageExpirySeconds { get; private init; }

    /// <summary>The first one, 0: none; only from a server. The others are found by <see cref="MqttPropertyReader"/> over <see cref="Properties"/>.</summary>
    public uint SubscriptionIdentifier { get; private init; }

    /// <summary>Parses the body. That a payload said to be UTF-8 is UTF-8 is not checked [§3.3.2.3.2 leaves it open].</summary>
    /// <param name="flags">Bits 3–0 of the first byte.</param>
    /// <param name="from">A client may not send subscription identifiers.</param>
    public static MqttVerdict TryParse(byte flags, ReadOnlySpan<byte> body, MqttVersion version, MqttRole from, out MqttPublish publish)
    {
        publish = default;
        int qos = flags >> 1 & 3;
        if (qos == 3) return MqttVerdict.Malformed("QoS 3", "MQTT-3.3.1-4");
        if (qos == 0 && (flags & 8) != 0) return MqttVerdict.Malformed("DUP at QoS 0", "MQTT-3.3.1-2");
        if (body.Length < 2) return MqttVerdict.Torn;
        int at = 2 + BinaryPrimitives.ReadUInt16BigEndian(body);
        if (body.Length < at + (qos > 0 ? 2 : 0)) return MqttVerdict.Torn;
        var topic = body[2..at];
        if ((topic.Length > 0 || version != MqttVersion.V5) && MqttTopic.CheckName(topic) is { IsOk: false } name) return name;
        ushort id = 0;
        if (qos > 0)
        {
            id = BinaryPrimitives.ReadUInt16BigEndian(body[at..]);
            if (id == 0) return MqttVerdict.Protocol("packet identifier 0", "MQTT-2.2.1-3");
            at += 2;
        }
        ReadOnlySpan<byte> payload = body[at..], block = default;
        var properties = new MqttPublishProperties();
        if (version == MqttVersion.V5)
        {
            var rest = new MqttBody(payload);
            if (rest.TakeProperties(out block) is { IsOk: false } torn) return torn;
            if (!block.IsEmpty && MqttPublishProperties.TryParse(block, from, out properties) is { IsOk: false } bad) return bad;
            if (properties.TopicAlias == 0 && topic.IsEmpty) return MqttVerdict.Protocol("neither a topic name nor a topic alias", "§3.3.2.1");
            payload = rest.Rest;
        }
        publish = new MqttPublish
        {
            Topic = topic,
            Payload = payload,
            Properties = block,
            PacketId = id,
            Qos = qos,
            Retain = (flags & 1) != 0,
            Dup = (flags & 8) != 0,
            TopicAlias = properties.TopicAlias,
            MessageExpirySeconds = properties.MessageExpirySeconds,
            SubscriptionIdentifier = properties.SubscriptionIdentifier,
        };
        return MqttVerdict.Ok;
    }
}

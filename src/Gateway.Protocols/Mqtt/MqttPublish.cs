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
        var found = new MqttPublish { Topic = topic, Payload = body[at..], PacketId = id, Qos = qos, Retain = (flags & 1) != 0, Dup = (flags & 8) != 0 };
        if (version == MqttVersion.V5 && TakeProperties(from, ref found) is { IsOk: false } properties) return properties;
        publish = found;
        return MqttVerdict.Ok;
    }

    private static MqttVerdict TakeProperties(MqttRole from, ref MqttPublish found)
    {
        var rest = new MqttBody(found.Payload);
        if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
        int alias = 0;
        uint subscription = 0;
        uint? expiry = null;
        var properties = new MqttPropertyReader(block, MqttPropertySet.Publish);
        while (properties.TryRead())
        {
            if (properties.Id == MqttPropertyId.TopicAlias) alias = (int)properties.Number;
            else if (properties.Id == MqttPropertyId.MessageExpiryInterval) expiry = properties.Number;
            else if (properties.Id != MqttPropertyId.SubscriptionIdentifier) continue;
            else if (from == MqttRole.Client) return MqttVerdict.Protocol("subscription identifier from a client", "MQTT-3.3.4-6");
            else if (subscription == 0) subscription = properties.Number;
        }
        if (!properties.Verdict.IsOk) return properties.Verdict;
        if (alias == 0 && found.Topic.IsEmpty) return MqttVerdict.Protocol("neither a topic name nor a topic alias", "§3.3.2.1");
        found = found with { Payload = rest.Rest, Properties = block, TopicAlias = alias, MessageExpirySeconds = expiry, SubscriptionIdentifier = subscription };
        return MqttVerdict.Ok;
    }
}

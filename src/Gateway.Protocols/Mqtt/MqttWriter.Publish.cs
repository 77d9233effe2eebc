using System.Buffers;
using System.Buffers.Binary;

namespace Gateway.Protocols.Mqtt;

public static partial class MqttWriter
{
    /// <summary>PUBLISH [§3.3].</summary>
    /// <param name="topic">May be empty with a topic alias.</param>
    /// <param name="forwardProperties">What <see cref="MqttProperties.CopyForwardable"/> or <see cref="MqttProperties.Compose"/> gave; left out with 3.1.1.</param>
    public static void Publish(
        IBufferWriter<byte> to, MqttVersion version, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, in MqttPublishHead head, ReadOnlySpan<byte> forwardProperties = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(topic.Length, ushort.MaxValue);
        int properties = PropertiesLength(version, head, forwardProperties.Length);
        int remaining = RemainingLength(topic.Length, payload.Length, head, properties);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)remaining, MqttVarint.Max);
        var span = to.GetSpan(1 + MqttVarint.Length((uint)remaining) + remaining - payload.Length);
        span[0] = (byte)((int)MqttPacketType.Publish << 4 | (head.Dup ? 8 : 0) | head.Qos << 1 | (head.Retain ? 1 : 0));
        int at = 1 + MqttVarint.Write(span[1..], (uint)remaining);
        BinaryPrimitives.WriteUInt16BigEndian(span[at..], (ushort)topic.Length);
        topic.CopyTo(span[(at + 2)..]);
        at += 2 + topic.Length;
        if (head.Qos > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(span[at..], head.PacketId);
            at += 2;
        }
        if (version == MqttVersion.V5) at += WriteProperties(span[at..], properties, head, forwardProperties);
        to.Advance(at);
        to.Write(payload);
    }

    /// <summary>Bytes of the whole packet <see cref="Publish"/> would write: what the receiver's maximum packet size is held against [MQTT-3.1.2-24].</summary>
    public static int PublishLength(MqttVersion version, int topicLength, int payloadLength, in MqttPublishHead head, int forwardPropertiesLength)
    {
        int remaining = RemainingLength(topicLength, payloadLength, head, PropertiesLength(version, head, forwardPropertiesLength));
        return 1 + MqttVarint.Length((uint)remaining) + remaining;
    }

    // properties: -1 when the version has none.
    private static int RemainingLength(int topic, int payload, in MqttPublishHead head, int properties) =>
        2 + topic + (head.Qos > 0 ? 2 : 0) + (properties < 0 ? 0 : MqttVarint.Length((uint)properties) + properties) + payload;

    private static int PropertiesLength(MqttVersion version, in MqttPublishHead head, int forward)
    {
        if (version != MqttVersion.V5) return -1;
        int length = forward + (head.TopicAlias > 0 ? 3 : 0) + (head.MessageExpirySeconds is null ? 0 : 5);
        foreach (uint identifier in head.SubscriptionIdentifiers.Span) length += 1 + MqttVarint.Length(identifier);
        return length;
    }

    private static int WriteProperties(Span<byte> to, int length, in MqttPublishHead head, ReadOnlySpan<byte> forward)
    {
        int at = MqttVarint.Write(to, (uint)length);
        if (head.TopicAlias > 0)
        {
            to[at] = (byte)MqttPropertyId.TopicAlias;
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 1)..], checked((ushort)head.TopicAlias));
            at += 3;
        }
        if (head.MessageExpirySeconds is { } seconds)
        {
            to[at] = (byte)MqttPropertyId.MessageExpiryInterval;
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 1)..], seconds);
            at += 5;
        }
        foreach (uint identifier in head.SubscriptionIdentifiers.Span)
        {
            to[at] = (byte)MqttPropertyId.SubscriptionIdentifier;
            at += 1 + MqttVarint.Write(to[(at + 1)..], identifier);
        }
        forward.CopyTo(to[at..]);
        return at + forward.Length;
    }
}

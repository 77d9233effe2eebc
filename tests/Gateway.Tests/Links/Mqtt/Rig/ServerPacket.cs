using Gateway.Protocols.Mqtt;
using Xunit;

namespace Gateway.Tests.Links.Mqtt.Rig;

/// <summary>A packet as a client read it; which members count depends on the type.</summary>
internal sealed record ServerPacket(MqttPacketType Type, int Bytes)
{
    public ushort Id { get; init; }

    public MqttReason Reason { get; init; }

    public MqttConnack? Connack { get; init; }

    /// <summary>Of SUBACK and UNSUBACK.</summary>
    public byte[] Reasons { get; init; } = [];

    public MqttDisconnect? Disconnect { get; init; }

    public Delivery? Message { get; init; }

    public static ServerPacket Read(in MqttFrame frame, ReadOnlySpan<byte> body, MqttVersion version)
    {
        var packet = new ServerPacket(frame.Type, frame.Length);
        switch (frame.Type)
        {
            case MqttPacketType.Connack:
                Ok(MqttConnack.TryParse(body, version, out var connack));
                return packet with { Connack = connack, Reason = connack!.Reason };
            case MqttPacketType.Publish:
                Ok(MqttPublish.TryParse(frame.Flags, body, version, MqttRole.Server, out var publish));
                return packet with { Id = publish.PacketId, Message = Delivery.Of(publish, frame.Length) };
            case MqttPacketType.Puback or MqttPacketType.Pubrec or MqttPacketType.Pubrel or MqttPacketType.Pubcomp:
                Ok(MqttAck.TryParse(frame.Type, body, version, out var ack));
                return packet with { Id = ack.PacketId, Reason = ack.Reason };
            case MqttPacketType.Suback or MqttPacketType.Unsuback:
                Ok(MqttSuback.TryParse(frame.Type, body, version, out var suback));
                return packet with { Id = suback!.PacketId, Reasons = suback.Reasons };
            case MqttPacketType.Disconnect:
                Ok(MqttDisconnect.TryParse(body, version, MqttRole.Server, out var disconnect));
                return packet with { Disconnect = disconnect, Reason = disconnect!.Reason };
            default:
                Assert.Equal(MqttPacketType.Pingresp, frame.Type);
                return packet;
        }
    }

    private static void Ok(MqttVerdict verdict) => Assert.True(verdict.IsOk, verdict.ToString());
}

/// <summary>A message as it arrived.</summary>
internal sealed record Delivery(string Topic, string Text, int Qos, bool Retain, bool Dup, ushort Id)
{
    public int Alias { get; init; }

    public uint? ExpirySeconds { get; init; }

    public uint[] SubscriptionIds { get; init; } = [];

    public byte[] Properties { get; init; } = [];

    /// <summary>Of the whole packet.</summary>
    public int Bytes { get; init; }

    public static Delivery Of(in MqttPublish publish, int bytes)
    {
        var ids = new List<uint>();
        var properties = new MqttPropertyReader(publish.Properties);
        while (properties.TryRead())
            if (properties.Id == MqttPropertyId.SubscriptionIdentifier) ids.Add(properties.Number);
        return new Delivery(Text8(publish.Topic), Text8(publish.Payload), publish.Qos, publish.Retain, publish.Dup, publish.PacketId)
        {
            Alias = publish.TopicAlias, ExpirySeconds = publish.MessageExpirySeconds, SubscriptionIds = [.. ids], Properties = publish.Properties.ToArray(), Bytes = bytes,
        };
    }

    private static string Text8(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}

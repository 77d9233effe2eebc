namespace Gateway.Protocols.Mqtt;

/// <summary>What a PUBLISH to be written carries beside topic, payload and forwarded properties.</summary>
public readonly struct MqttPublishHead
{
    /// <summary>Not 0 when <see cref="Qos"/> is above 0.</summary>
    public ushort PacketId { get; init; }

    public byte Qos { get; init; }

    public bool Retain { get; init; }

    public bool Dup { get; init; }

    /// <summary>0: none; 5.0 only, like what follows.</summary>
    public int TopicAlias { get; init; }

    /// <summary>Null: never expires.</summary>
    public uint? MessageExpirySeconds { get; init; }

    /// <summary>Only a server sends them, for every subscription the message goes out for [MQTT-3.3.4-3].</summary>
    public ReadOnlyMemory<uint> SubscriptionIdentifiers { get; init; }
}

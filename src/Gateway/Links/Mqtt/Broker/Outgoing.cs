namespace Gateway.Links.Mqtt.Broker;

/// <summary>One message in one session's queue, from routing to its last acknowledgement. Guarded by the session's lock.</summary>
internal sealed class Outgoing(MqttMessage message, int qos, bool retain, uint[] subscriptionIds, long number)
{
    public MqttMessage Message => message;

    public int Qos => qos;

    /// <summary>The RETAIN flag as this client is to see it.</summary>
    public bool Retain => retain;

    public uint[] SubscriptionIds => subscriptionIds;

    /// <summary>Place in the session's queue; the key of its row when the session is kept.</summary>
    public long Number => number;

    /// <summary>0 until it is first sent.</summary>
    public ushort PacketId { get; set; }

    public OutgoingState State { get; set; }

    /// <summary>The journal entry that has to be on disk before the next packet about it goes out; 0 = none.</summary>
    public long CommitNumber { get; set; }

    /// <summary>Its packet went out on the connection of now.</summary>
    public bool OnWire { get; set; }

    /// <summary>Some connection may have seen its PUBLISH: the next one says DUP [MQTT-3.3.1-1].</summary>
    public bool WasSent { get; set; }
}

internal enum OutgoingState : byte
{
    /// <summary>Nobody has seen it yet.</summary>
    Waiting,

    /// <summary>PUBLISH sent, or about to be sent again.</summary>
    Published,

    /// <summary>PUBREC received: only PUBREL is owed [MQTT-4.3.3-4].</summary>
    Released,
}

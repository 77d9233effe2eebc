namespace Gateway.Links.Mqtt.Broker;

/// <summary>One message in one session's queue, from routing to its last acknowledgement. Guarded by the session's lock; the engine's thread reads <see cref="Step"/> when it writes the row.</summary>
internal sealed class Outgoing(MqttMessage message, int qos, bool retain, uint[] subscriptionIds, long number)
{
    /// <summary>What one costs in memory beside its message, bytes by estimate.</summary>
    private const int OwnBytes = 200;

    private int _step;

    public MqttMessage Message => message;

    public int Qos => qos;

    /// <summary>The RETAIN flag as this client is to see it.</summary>
    public bool Retain => retain;

    public uint[] SubscriptionIds => subscriptionIds;

    /// <summary>Place in the session's queue; the key of its row when the session is kept.</summary>
    public long Number => number;

    /// <summary>A retained message for a new subscription; its bytes are held by the table of retained messages already.</summary>
    public bool IsReplay { get; init; }

    public int HeldBytes => OwnBytes + (IsReplay ? 0 : message.Bytes);

    /// <summary>0 until it is first sent.</summary>
    public ushort PacketId => Step.PacketId;

    public OutgoingState State => Step.State;

    /// <summary>Both as they belong together: a row with the id of one moment and the state of another would be sent again under id 0.</summary>
    public (ushort PacketId, OutgoingState State) Step
    {
        get
        {
            int step = Volatile.Read(ref _step);
            return ((ushort)step, (OutgoingState)(step >> 16));
        }
    }

    /// <summary>The journal entry that has to be on disk before the next packet about it goes out; 0 = none.</summary>
    public long CommitNumber { get; set; }

    /// <summary>Its packet went out on the connection of now.</summary>
    public bool OnWire { get; set; }

    /// <summary>Some connection may have seen its PUBLISH: the next one says DUP [MQTT-3.3.1-1].</summary>
    public bool WasSent { get; set; }

    public void Move(ushort packetId, OutgoingState state) => Volatile.Write(ref _step, packetId | (int)state << 16);
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

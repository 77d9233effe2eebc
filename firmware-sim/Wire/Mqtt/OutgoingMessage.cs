namespace FirmwareSim.Wire.Mqtt;

/// <summary>A QoS 1 message until it is acknowledged.</summary>
internal sealed class OutgoingMessage(ushort packetId, byte[] payload)
{
    public ushort PacketId { get; } = packetId;

    public byte[] Payload { get; } = payload;

    /// <summary>Sent at least once on some connection: the next time it carries DUP.</summary>
    public bool WasSent { get; set; }

    /// <summary>Sent on the present connection and waiting for its PUBACK.</summary>
    public bool IsInFlight { get; set; }
}

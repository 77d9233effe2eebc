using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>What a CONNECT came to.</summary>
/// <param name="Session">Null when it was refused.</param>
/// <param name="Older">The connection whose place was taken.</param>
/// <param name="Overdue">A Will that waited and is now to be published.</param>
/// <param name="After">Journal entry that has to be on disk before the client is let in: the end of a stored session. 0 = none.</param>
internal readonly record struct Attached(MqttSession? Session, bool Present, MqttConnection? Older, PendingWill? Overdue, MqttReason Reason, long After)
{
    public static Attached Refused(MqttReason reason) => new(null, false, null, null, reason, 0);
}

/// <summary>A Will [§3.1.2.5] whose connection is over.</summary>
/// <param name="TellEngine">False after a take-over: the device speaks on another connection, it did not die.</param>
internal sealed record PendingWill(MqttWill Will, MqttSession Session, MqttIdentity Identity, MqttConnection Connection, bool TellEngine, long DueMs)
{
    /// <summary>What it costs in memory while it waits, by estimate.</summary>
    public int HeldBytes => 500 + Will.Topic.Length + Will.Payload.Length + Will.Properties.Length;
}

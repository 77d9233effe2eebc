using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>What a CONNECT came to.</summary>
/// <param name="Session">Null when it was refused.</param>
/// <param name="Older">The connection whose place was taken.</param>
/// <param name="Overdue">A Will that waited and is now to be published.</param>
internal readonly record struct Attached(MqttSession? Session, bool Present, MqttConnection? Older, PendingWill? Overdue, MqttReason Reason);

/// <param name="Retained">What is to be sent for each new subscription, with the journal entry it must not overtake.</param>
internal readonly record struct SubscribeOutcome(MqttReason[] Reasons, List<(MqttMessage Message, Subscription Subscription, long After)> Retained);

/// <summary>A Will [§3.1.2.5] whose connection is over.</summary>
/// <param name="TellEngine">False after a take-over: the device speaks on another connection, it did not die.</param>
internal sealed record PendingWill(MqttWill Will, MqttSession Session, MqttIdentity Identity, MqttConnection Connection, bool TellEngine, long DueMs);

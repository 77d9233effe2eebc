namespace Gateway.Protocols.Mqtt;

/// <summary>What the server publishes when this client is lost [§3.1.2.5, §3.1.3.2].</summary>
/// <param name="DelaySeconds">Will Delay Interval; 0 with 3.1.1.</param>
/// <param name="MessageExpirySeconds">Null: never.</param>
/// <param name="Properties">The forwardable properties, raw and in their order; empty with 3.1.1. See <see cref="MqttProperties"/>.</param>
public sealed record MqttWill(byte[] Topic, byte[] Payload, int Qos, bool Retain, uint DelaySeconds, uint? MessageExpirySeconds, byte[] Properties);

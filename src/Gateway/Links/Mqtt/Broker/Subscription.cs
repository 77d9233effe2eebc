namespace Gateway.Links.Mqtt.Broker;

/// <summary>What one client asked for with one topic filter. Immutable; a repeated SUBSCRIBE replaces it [MQTT-3.8.4-3].</summary>
/// <param name="Filter">As asked, with <c>$share/group/</c> when it is shared.</param>
/// <param name="RetainHandling">0 send retained messages, 1 only when the subscription is new, 2 do not.</param>
/// <param name="Identifier">Subscription identifier, 0 = none.</param>
internal sealed record Subscription(MqttSession Session, string Filter, int Qos, bool NoLocal, bool RetainAsPublished, int RetainHandling, uint Identifier)
{
    /// <summary>What it costs in memory with its branch of the tree, bytes by estimate.</summary>
    public int HeldBytes => 400 + 4 * Filter.Length + 300 * (1 + Filter.AsSpan().Count('/'));
}

namespace Gateway.Protocols.Mqtt;

/// <summary>One filter of a SUBSCRIBE with its options [§3.8.3.1]; with 3.1.1 only the QoS.</summary>
/// <param name="Filter">Text of at least one character; whether its wildcards stand right is told by <see cref="MqttTopic.CheckFilter"/>.</param>
/// <param name="Qos">The most the client wants, 0–2.</param>
/// <param name="NoLocal">Not what this client itself published.</param>
/// <param name="RetainAsPublished">Keep the RETAIN flag when forwarding.</param>
/// <param name="RetainHandling">Retained messages: 0 send now, 1 only for a new subscription, 2 never.</param>
public readonly record struct MqttSubscription(string Filter, int Qos, bool NoLocal, bool RetainAsPublished, int RetainHandling)
{
    internal byte Options => (byte)(Qos | (NoLocal ? 4 : 0) | (RetainAsPublished ? 8 : 0) | RetainHandling << 4);

    internal static MqttVerdict TryParse(string filter, byte options, MqttVersion version, out MqttSubscription subscription)
    {
        subscription = new MqttSubscription(filter, options & 3, (options & 4) != 0, (options & 8) != 0, options >> 4 & 3);
        if (version != MqttVersion.V5)
            return options <= 2 ? MqttVerdict.Ok : MqttVerdict.Malformed("requested QoS byte is not 0, 1 or 2", "3.1.1 MQTT-3-8.3-4");
        if ((options & 0xC0) != 0) return MqttVerdict.Malformed("reserved bits of the subscription options are set", "MQTT-3.8.3-5");
        if (subscription.Qos == 3) return MqttVerdict.Protocol("maximum QoS 3", "§3.8.3.1");
        if (subscription.RetainHandling == 3) return MqttVerdict.Protocol("retain handling 3", "§3.8.3.1");
        return subscription.NoLocal && MqttTopic.IsShared(filter) ? MqttVerdict.Protocol("No Local on a shared subscription", "MQTT-3.8.3-4") : MqttVerdict.Ok;
    }
}

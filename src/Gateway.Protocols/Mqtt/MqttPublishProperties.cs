namespace Gateway.Protocols.Mqtt;

/// <summary>The properties of a PUBLISH that are between two neighbours and not passed on [§3.3.2.3].</summary>
internal readonly record struct MqttPublishProperties(int TopicAlias, uint? MessageExpirySeconds, uint SubscriptionIdentifier)
{
    /// <summary>Checks the whole block.</summary>
    public static MqttVerdict TryParse(ReadOnlySpan<byte> block, MqttRole from, out MqttPublishProperties found)
    {
        found = default;
        int alias = 0;
        uint subscription = 0;
        uint? expiry = null;
        var properties = new MqttPropertyReader(block, MqttPropertySet.Publish);
        while (properties.TryRead())
        {
            if (properties.Id == MqttPropertyId.TopicAlias) alias = (int)properties.Number;
            else if (properties.Id == MqttPropertyId.MessageExpiryInterval) expiry = properties.Number;
            else if (properties.Id != MqttPropertyId.SubscriptionIdentifier) continue;
            else if (from == MqttRole.Client) return MqttVerdict.Protocol("subscription identifier from a client", "MQTT-3.3.4-6");
            else if (subscription == 0) subscription = properties.Number;
        }
        found = new MqttPublishProperties(alias, expiry, subscription);
        return properties.Verdict;
    }
}

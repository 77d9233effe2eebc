namespace Gateway.Protocols.Mqtt;

/// <summary>Takes the will's part off a CONNECT's payload [§3.1.3.2 … 4].</summary>
internal static class MqttWillReader
{
    public static MqttVerdict Take(ref MqttBody rest, MqttConnectFlags flags, MqttVersion version, out MqttWill? will)
    {
        will = null;
        uint delay = 0;
        uint? expiry = null;
        ReadOnlySpan<byte> block = default;
        if (version == MqttVersion.V5)
        {
            if (rest.TakeProperties(out block) is { IsOk: false } torn) return torn;
            var properties = new MqttPropertyReader(block, MqttPropertySet.Will);
            while (properties.TryRead())
            {
                if (properties.Id == MqttPropertyId.WillDelayInterval) delay = properties.Number;
                else if (properties.Id == MqttPropertyId.MessageExpiryInterval) expiry = properties.Number;
            }
            if (!properties.Verdict.IsOk) return properties.Verdict;
        }
        if (!rest.TryBinary(out var topic) || !rest.TryBinary(out var payload)) return MqttVerdict.Torn;
        var name = MqttTopic.CheckName(topic);
        if (!name.IsOk) return name;
        byte[] forward = new byte[MqttProperties.ForwardableLength(block)];
        MqttProperties.CopyForwardable(block, forward);
        will = new MqttWill(topic.ToArray(), payload.ToArray(), flags.WillQos, flags.WillRetain, delay, expiry, forward);
        return MqttVerdict.Ok;
    }
}

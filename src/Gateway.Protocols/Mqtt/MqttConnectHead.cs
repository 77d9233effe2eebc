namespace Gateway.Protocols.Mqtt;

/// <summary>The part of CONNECT that is the same in every version: protocol name, level, flags, keep-alive [§3.1.2.1 … 10].</summary>
internal static class MqttConnectHead
{
    public static MqttVerdict Take(ref MqttBody rest, out MqttConnectFlags flags, out byte level, out int keepAliveSeconds)
    {
        (flags, level, keepAliveSeconds) = (default, 0, 0);
        if (!rest.TryBinary(out var name)) return MqttVerdict.Torn;
        bool isMqtt = name.SequenceEqual("MQTT"u8);
        // The name of 3.1: too old, but it is MQTT.
        if (!isMqtt && !name.SequenceEqual("MQIsdp"u8)) return MqttVerdict.Malformed("protocol name is not MQTT", "MQTT-3.1.2-1");
        if (!rest.TryByte(out level)) return MqttVerdict.Torn;
        var version = (MqttVersion)level;
        if (!isMqtt || version is not (MqttVersion.V311 or MqttVersion.V5))
            return new MqttVerdict(MqttReason.UnsupportedProtocolVersion, "protocol level is neither 4 (3.1.1) nor 5 (5.0)", "MQTT-3.1.2-2");
        if (!rest.TryByte(out byte bits) || !rest.TryU16(out ushort keepAlive)) return MqttVerdict.Torn;
        keepAliveSeconds = keepAlive;
        flags = new MqttConnectFlags(bits);
        return flags.Check(version);
    }
}

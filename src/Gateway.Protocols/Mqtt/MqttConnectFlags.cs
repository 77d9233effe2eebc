namespace Gateway.Protocols.Mqtt;

/// <summary>The connect flags byte [§3.1.2.3].</summary>
internal readonly record struct MqttConnectFlags(byte Bits)
{
    public bool CleanStart => (Bits & 0x02) != 0;

    public bool HasWill => (Bits & 0x04) != 0;

    public int WillQos => Bits >> 3 & 3;

    public bool WillRetain => (Bits & 0x20) != 0;

    public bool HasPassword => (Bits & 0x40) != 0;

    public bool HasUser => (Bits & 0x80) != 0;

    public static MqttConnectFlags Of(MqttConnect connect) => new((byte)(
        (connect.CleanStart ? 0x02 : 0)
        | (connect.Will is { } will ? 0x04 | will.Qos << 3 | (will.Retain ? 0x20 : 0) : 0)
        | (connect.Password is null ? 0 : 0x40)
        | (connect.User is null ? 0 : 0x80)));

    public MqttVerdict Check(MqttVersion version)
    {
        if ((Bits & 1) != 0) return MqttVerdict.Malformed("reserved connect flag is set", "MQTT-3.1.2-3");
        if (!HasWill && WillQos != 0) return MqttVerdict.Malformed("will QoS without a will", "MQTT-3.1.2-11");
        if (!HasWill && WillRetain) return MqttVerdict.Malformed("will retain without a will", "MQTT-3.1.2-13");
        if (WillQos == 3) return MqttVerdict.Malformed("will QoS 3", "MQTT-3.1.2-12");
        return version == MqttVersion.V311 && HasPassword && !HasUser ? MqttVerdict.Malformed("password without a user name", "3.1.1 MQTT-3.1.2-22") : MqttVerdict.Ok;
    }
}

namespace Gateway.Protocols.Mqtt;

/// <summary>What reading a packet came to: fine, or what is wrong with it, in words a person can act on.</summary>
/// <param name="Reason"><see cref="MqttReason.Success"/>, or what 5.0 answers before it closes (DISCONNECT or CONNACK).</param>
/// <param name="What">A constant text.</param>
/// <param name="Clause">Of 5.0 unless it says 3.1.1: a conformance statement (MQTT-x.y.z-n) or a section (§x.y.z).</param>
/// <remarks><b>shape</b> a value; making one allocates nothing.</remarks>
public readonly record struct MqttVerdict(MqttReason Reason, string What, string Clause)
{
    public static MqttVerdict Ok => default;

    public bool IsOk => Reason == MqttReason.Success;

    internal static MqttVerdict Torn => Malformed("a field runs beyond the end of the packet", "MQTT-4.13.1-1");

    internal static MqttVerdict LeftOver => Malformed("bytes after the last field", "MQTT-4.13.1-1");

    internal static MqttVerdict Malformed(string what, string clause) => new(MqttReason.MalformedPacket, what, clause);

    internal static MqttVerdict Protocol(string what, string clause) => new(MqttReason.ProtocolError, what, clause);

    public override string ToString() => IsOk ? "ok" : $"{What} [{Clause}]";
}

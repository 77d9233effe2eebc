namespace Gateway.Protocols.Mqtt;

/// <summary>A SUBACK [§3.9] or UNSUBACK [§3.11].</summary>
/// <param name="Reasons">One <see cref="MqttReason"/> for each filter asked for; an UNSUBACK of 3.1.1 has none. Whether they are as many as the filters is the client's to check.</param>
public sealed record MqttSuback(ushort PacketId, byte[] Reasons)
{
    /// <param name="type">Suback or Unsuback.</param>
    public static MqttVerdict TryParse(MqttPacketType type, ReadOnlySpan<byte> body, MqttVersion version, out MqttSuback? suback)
    {
        suback = null;
        var rest = new MqttBody(body);
        if (!rest.TryU16(out ushort id)) return MqttVerdict.Torn;
        if (id == 0) return MqttVerdict.Protocol("packet identifier 0", "MQTT-2.2.1-6");
        bool isUnsuback = type == MqttPacketType.Unsuback;
        if (version == MqttVersion.V5)
        {
            if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
            var properties = new MqttPropertyReader(block, isUnsuback ? MqttPropertySet.Unsuback : MqttPropertySet.Suback);
            while (properties.TryRead()) { }
            if (!properties.Verdict.IsOk) return properties.Verdict;
        }
        else if (isUnsuback && !rest.IsEmpty) return MqttVerdict.LeftOver;
        if (CheckReasons(type, rest.Rest, version) is { IsOk: false } bad) return bad;
        suback = new MqttSuback(id, rest.Rest.ToArray());
        return MqttVerdict.Ok;
    }

    private static MqttVerdict CheckReasons(MqttPacketType type, ReadOnlySpan<byte> reasons, MqttVersion version)
    {
        bool isSuback = type == MqttPacketType.Suback;
        if (reasons.IsEmpty) return version == MqttVersion.V5 || isSuback ? MqttVerdict.Malformed("no reason codes", isSuback ? "§3.9.3" : "§3.11.3") : MqttVerdict.Ok;
        foreach (byte code in reasons)
        {
            var reason = (MqttReason)code;
            bool listed = version == MqttVersion.V5 ? reason.MayStandIn(type) : reason is <= MqttReason.GrantedQos2 or MqttReason.UnspecifiedError;
            if (!listed) return MqttVerdict.Protocol("reason code that is not listed for this packet", isSuback ? "MQTT-3.9.3-2" : "MQTT-3.11.3-2");
        }
        return MqttVerdict.Ok;
    }
}

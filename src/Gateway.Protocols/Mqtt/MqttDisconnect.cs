namespace Gateway.Protocols.Mqtt;

/// <summary>A DISCONNECT [§3.14]; in 3.1.1 only a client sends it, and without anything in it.</summary>
/// <param name="Reason"><see cref="MqttReason.Success"/> is the normal end.</param>
/// <param name="SessionExpirySeconds">Only from a client; null: as it was. Not above 0 when CONNECT said 0: the connection's to check [§3.14.2.2.2].</param>
public sealed record MqttDisconnect(MqttReason Reason, uint? SessionExpirySeconds, string? ReasonString, string? ServerReference)
{
    public static MqttVerdict TryParse(ReadOnlySpan<byte> body, MqttVersion version, MqttRole from, out MqttDisconnect? disconnect)
    {
        disconnect = null;
        if (version != MqttVersion.V5 && from == MqttRole.Server) return MqttVerdict.Protocol("a server of 3.1.1 sends no DISCONNECT", "3.1.1 §3.14");
        if (version != MqttVersion.V5 && !body.IsEmpty) return MqttVerdict.LeftOver;
        var reason = body.IsEmpty ? MqttReason.Success : (MqttReason)body[0];
        if (!reason.MayEnd(from)) return MqttVerdict.Protocol("reason code that is not listed for this packet and sender", "MQTT-3.14.2-1");
        var found = new MqttDisconnect(reason, null, null, null);
        if (body.Length > 1 && TakeProperties(body[1..], from, ref found) is { IsOk: false } properties) return properties;
        disconnect = found;
        return MqttVerdict.Ok;
    }

    private static MqttVerdict TakeProperties(ReadOnlySpan<byte> body, MqttRole from, ref MqttDisconnect found)
    {
        var rest = new MqttBody(body);
        if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
        if (!rest.IsEmpty) return MqttVerdict.LeftOver;
        var properties = new MqttPropertyReader(block, MqttPropertySet.Disconnect);
        while (properties.TryRead())
        {
            switch (properties.Id)
            {
                case MqttPropertyId.SessionExpiryInterval when from == MqttRole.Server:
                    return MqttVerdict.Protocol("session expiry from a server", "MQTT-3.14.2-2");
                case MqttPropertyId.SessionExpiryInterval:
                    found = found with { SessionExpirySeconds = properties.Number };
                    break;
                case MqttPropertyId.ReasonString:
                    found = found with { ReasonString = properties.Text() };
                    break;
                case MqttPropertyId.ServerReference:
                    found = found with { ServerReference = properties.Text() };
                    break;
            }
        }
        return properties.Verdict;
    }
}

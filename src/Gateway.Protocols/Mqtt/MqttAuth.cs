namespace Gateway.Protocols.Mqtt;

/// <summary>An AUTH [§3.15], 5.0 only.</summary>
/// <param name="Method">Null only in an AUTH without a body, which means Success [§3.15.2.1].</param>
public sealed record MqttAuth(MqttReason Reason, string? Method, byte[]? Data, string? ReasonString)
{
    public static MqttVerdict TryParse(ReadOnlySpan<byte> body, MqttRole from, out MqttAuth? auth)
    {
        auth = null;
        var reason = body.IsEmpty ? MqttReason.Success : (MqttReason)body[0];
        if (!reason.MayAuthenticate(from)) return MqttVerdict.Protocol("reason code that is not listed for this packet and sender", "MQTT-3.15.2-1");
        var found = new MqttAuth(reason, null, null, null);
        if (!body.IsEmpty && TakeProperties(body[1..], ref found) is { IsOk: false } properties) return properties;
        auth = found;
        return MqttVerdict.Ok;
    }

    private static MqttVerdict TakeProperties(ReadOnlySpan<byte> body, ref MqttAuth found)
    {
        var rest = new MqttBody(body);
        if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
        if (!rest.IsEmpty) return MqttVerdict.LeftOver;
        var properties = new MqttPropertyReader(block, MqttPropertySet.Auth);
        while (properties.TryRead())
        {
            switch (properties.Id)
            {
                case MqttPropertyId.AuthenticationMethod:
                    found = found with { Method = properties.Text() };
                    break;
                case MqttPropertyId.AuthenticationData:
                    found = found with { Data = properties.Bytes.ToArray() };
                    break;
                case MqttPropertyId.ReasonString:
                    found = found with { ReasonString = properties.Text() };
                    break;
            }
        }
        if (!properties.Verdict.IsOk) return properties.Verdict;
        return found.Method is null ? MqttVerdict.Protocol("AUTH without an authentication method", "§3.15.2.2.2") : MqttVerdict.Ok;
    }
}

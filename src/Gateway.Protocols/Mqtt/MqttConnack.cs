namespace Gateway.Protocols.Mqtt;

/// <summary>A CONNACK [§3.2]; the properties of 5.0 have the standard's value for <i>absent</i> when there were none.</summary>
public sealed record MqttConnack
{
    public MqttReason Reason { get; init; }

    public bool SessionPresent { get; init; }

    /// <summary>Null: as the client asked.</summary>
    public uint? SessionExpirySeconds { get; init; }

    /// <summary>QoS 1 and 2 messages the server takes at once, 1–65535.</summary>
    public int ReceiveMaximum { get; init; } = ushort.MaxValue;

    public int MaximumQos { get; init; } = 2;

    public bool RetainAvailable { get; init; } = true;

    /// <summary>Largest packet the server takes, bytes; null: no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    public string? AssignedClientId { get; init; }

    /// <summary>Highest topic alias the server takes; 0: none.</summary>
    public int TopicAliasMaximum { get; init; }

    public string? ReasonString { get; init; }

    public bool WildcardAvailable { get; init; } = true;

    public bool SubscriptionIdentifiersAvailable { get; init; } = true;

    public bool SharedAvailable { get; init; } = true;

    /// <summary>Seconds; null: as the client asked.</summary>
    public int? ServerKeepAlive { get; init; }

    public string? ResponseInformation { get; init; }

    public string? ServerReference { get; init; }

    public string? AuthenticationMethod { get; init; }

    public byte[]? AuthenticationData { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>Parses the body.</summary>
    /// <param name="version">What the client asked for. A server that knows only 3.1.1 refuses a 5.0 client in the form of 3.1.1, two bytes: that is read too.</param>
    public static MqttVerdict TryParse(ReadOnlySpan<byte> body, MqttVersion version, out MqttConnack? connack)
    {
        connack = null;
        var rest = new MqttBody(body);
        if (!rest.TryByte(out byte flags) || !rest.TryByte(out byte code)) return MqttVerdict.Torn;
        if (flags > 1) return MqttVerdict.Malformed("reserved acknowledge flag is set", "MQTT-3.2.2-1");
        bool isOldForm = version != MqttVersion.V5 || (rest.IsEmpty && code is > 0 and <= (byte)MqttReturnCode.NotAuthorized);
        var reason = isOldForm ? ((MqttReturnCode)code).ToReason() : (MqttReason)code;
        if (reason is not { } known || !known.MayStandIn(MqttPacketType.Connack)) return MqttVerdict.Protocol("CONNACK with a code that is not listed", "MQTT-3.2.2-8");
        if (known != MqttReason.Success && flags != 0) return MqttVerdict.Protocol("a session with a refusal", "MQTT-3.2.2-6");
        var found = new MqttConnack { Reason = known, SessionPresent = flags != 0 };
        if (!isOldForm && TakeProperties(ref rest, ref found) is { IsOk: false } properties) return properties;
        if (!rest.IsEmpty) return MqttVerdict.LeftOver;
        connack = found;
        return MqttVerdict.Ok;
    }

    private static MqttVerdict TakeProperties(ref MqttBody rest, ref MqttConnack found)
    {
        if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
        List<KeyValuePair<string, string>>? users = null;
        var properties = new MqttPropertyReader(block, MqttPropertySet.Connack);
        while (properties.TryRead())
        {
            if (properties.Id == MqttPropertyId.UserProperty) (users ??= []).Add(properties.Pair());
            else found = With(found, properties);
        }
        if (!properties.Verdict.IsOk) return properties.Verdict;
        if (users is not null) found = found with { UserProperties = users };
        return found.AuthenticationData is not null && found.AuthenticationMethod is null
            ? MqttVerdict.Protocol("authentication data without a method", "§3.2.2.3.18")
            : MqttVerdict.Ok;
    }

    private static MqttConnack With(MqttConnack found, in MqttPropertyReader property) => property.Id switch
    {
        MqttPropertyId.SessionExpiryInterval => found with { SessionExpirySeconds = property.Number },
        MqttPropertyId.ReceiveMaximum => found with { ReceiveMaximum = (int)property.Number },
        MqttPropertyId.MaximumQos => found with { MaximumQos = (int)property.Number },
        MqttPropertyId.RetainAvailable => found with { RetainAvailable = property.Number == 1 },
        MqttPropertyId.MaximumPacketSize => found with { MaximumPacketSize = property.Number },
        MqttPropertyId.AssignedClientIdentifier => found with { AssignedClientId = property.Text() },
        MqttPropertyId.TopicAliasMaximum => found with { TopicAliasMaximum = (int)property.Number },
        MqttPropertyId.ReasonString => found with { ReasonString = property.Text() },
        MqttPropertyId.WildcardSubscriptionAvailable => found with { WildcardAvailable = property.Number == 1 },
        MqttPropertyId.SubscriptionIdentifierAvailable => found with { SubscriptionIdentifiersAvailable = property.Number == 1 },
        MqttPropertyId.SharedSubscriptionAvailable => found with { SharedAvailable = property.Number == 1 },
        MqttPropertyId.ServerKeepAlive => found with { ServerKeepAlive = (int)property.Number },
        MqttPropertyId.ResponseInformation => found with { ResponseInformation = property.Text() },
        MqttPropertyId.ServerReference => found with { ServerReference = property.Text() },
        MqttPropertyId.AuthenticationMethod => found with { AuthenticationMethod = property.Text() },
        MqttPropertyId.AuthenticationData => found with { AuthenticationData = property.Bytes.ToArray() },
        _ => found,
    };
}

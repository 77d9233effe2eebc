using System.Text;

namespace Gateway.Protocols.Mqtt;

/// <summary>A CONNECT [§3.1], decoded: it comes once a connection, so it may allocate.</summary>
/// <remarks>The properties of 5.0 have the standard's value for <i>absent</i> when the packet had none, or was 3.1.1.</remarks>
public sealed record MqttConnect
{
    public required MqttVersion Version { get; init; }

    /// <summary>May be empty: the server gives one [MQTT-3.1.3-6]. With 3.1.1 only when <see cref="CleanStart"/>.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>3.1.1: Clean Session.</summary>
    public bool CleanStart { get; init; }

    /// <summary>0: never closed for silence.</summary>
    public int KeepAliveSeconds { get; init; }

    public MqttWill? Will { get; init; }

    public string? User { get; init; }

    public byte[]? Password { get; init; }

    /// <summary><see cref="uint.MaxValue"/>: never expires. 3.1.1: 0 with Clean Session, never without.</summary>
    public uint SessionExpirySeconds { get; init; }

    /// <summary>QoS 1 and 2 messages the client takes at once, 1–65535.</summary>
    public int ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>Largest packet the client takes, bytes; 0: no limit.</summary>
    public uint MaximumPacketSize { get; init; }

    /// <summary>Highest topic alias the client takes; 0: none.</summary>
    public int TopicAliasMaximum { get; init; }

    public bool RequestResponseInformation { get; init; }

    /// <summary>False: no reason strings and user properties but in PUBLISH, CONNACK and DISCONNECT [MQTT-3.1.2-29].</summary>
    public bool RequestProblemInformation { get; init; } = true;

    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    public string? AuthenticationMethod { get; init; }

    public byte[]? AuthenticationData { get; init; }

    /// <summary>Parses the body.</summary>
    /// <param name="connect">Null unless the verdict is Ok.</param>
    /// <param name="level">The protocol level the client asked for, also when it is not known here; 0 when it was not readable. 5 and above read a CONNACK of 5.0.</param>
    public static MqttVerdict TryParse(ReadOnlySpan<byte> body, out MqttConnect? connect, out byte level)
    {
        connect = null;
        var rest = new MqttBody(body);
        var head = MqttConnectHead.Take(ref rest, out var flags, out level, out int keepAlive);
        if (!head.IsOk) return head;
        var version = (MqttVersion)level;
        var found = new MqttConnect { Version = version, CleanStart = flags.CleanStart, KeepAliveSeconds = keepAlive };
        found = found with { SessionExpirySeconds = version == MqttVersion.V311 && !flags.CleanStart ? uint.MaxValue : 0 };
        if (version == MqttVersion.V5 && TakeProperties(ref rest, ref found) is { IsOk: false } properties) return properties;
        var verdict = TakePayload(ref rest, flags, ref found);
        if (!verdict.IsOk) return verdict;
        if (version == MqttVersion.V311 && found.ClientId.Length == 0 && !flags.CleanStart)
            return new MqttVerdict(MqttReason.ClientIdentifierNotValid, "no client id and a session to keep", "3.1.1 MQTT-3.1.3-8");
        connect = found;
        return MqttVerdict.Ok;
    }

    private static MqttVerdict TakePayload(ref MqttBody rest, MqttConnectFlags flags, ref MqttConnect found)
    {
        if (rest.TakeText(out var id) is { IsOk: false } badId) return badId;
        MqttWill? will = null;
        if (flags.HasWill && MqttWillReader.Take(ref rest, flags, found.Version, out will) is { IsOk: false } badWill) return badWill;
        ReadOnlySpan<byte> user = default, password = default;
        if (flags.HasUser && rest.TakeText(out user) is { IsOk: false } badUser) return badUser;
        if (flags.HasPassword && !rest.TryBinary(out password)) return MqttVerdict.Torn;
        if (!rest.IsEmpty) return MqttVerdict.LeftOver;
        found = found with
        {
            ClientId = Encoding.UTF8.GetString(id),
            Will = will,
            User = flags.HasUser ? Encoding.UTF8.GetString(user) : null,
            Password = flags.HasPassword ? password.ToArray() : null,
        };
        return MqttVerdict.Ok;
    }

    private static MqttVerdict TakeProperties(ref MqttBody rest, ref MqttConnect found)
    {
        if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
        List<KeyValuePair<string, string>>? users = null;
        var properties = new MqttPropertyReader(block, MqttPropertySet.Connect);
        while (properties.TryRead())
        {
            if (properties.Id == MqttPropertyId.UserProperty) (users ??= []).Add(properties.Pair());
            else found = With(found, properties);
        }
        if (!properties.Verdict.IsOk) return properties.Verdict;
        if (users is not null) found = found with { UserProperties = users };
        return found.AuthenticationData is not null && found.AuthenticationMethod is null
            ? MqttVerdict.Protocol("authentication data without a method", "§3.1.2.11.10")
            : MqttVerdict.Ok;
    }

    private static MqttConnect With(MqttConnect found, in MqttPropertyReader property) => property.Id switch
    {
        MqttPropertyId.SessionExpiryInterval => found with { SessionExpirySeconds = property.Number },
        MqttPropertyId.ReceiveMaximum => found with { ReceiveMaximum = (int)property.Number },
        MqttPropertyId.MaximumPacketSize => found with { MaximumPacketSize = property.Number },
        MqttPropertyId.TopicAliasMaximum => found with { TopicAliasMaximum = (int)property.Number },
        MqttPropertyId.RequestResponseInformation => found with { RequestResponseInformation = property.Number == 1 },
        MqttPropertyId.RequestProblemInformation => found with { RequestProblemInformation = property.Number == 1 },
        MqttPropertyId.AuthenticationMethod => found with { AuthenticationMethod = property.Text() },
        MqttPropertyId.AuthenticationData => found with { AuthenticationData = property.Bytes.ToArray() },
        _ => found,
    };
}

using static Gateway.Protocols.Mqtt.MqttPropertyId;

namespace Gateway.Protocols.Mqtt;

/// <summary>Which properties a packet may carry [table 2-4].</summary>
/// <param name="clause">The packet's section on its properties, for verdicts.</param>
internal sealed class MqttPropertySet(string clause, params ReadOnlySpan<MqttPropertyId> allowed)
{
    private const ulong User = 1UL << (int)UserProperty;

    private readonly ulong _allowed = Bits(allowed) | User;

    public static readonly MqttPropertySet Connect = new("§3.1.2.11", SessionExpiryInterval, ReceiveMaximum, MaximumPacketSize, TopicAliasMaximum,
        RequestResponseInformation, RequestProblemInformation, AuthenticationMethod, AuthenticationData);

    public static readonly MqttPropertySet Will = new("§3.1.3.2", WillDelayInterval, PayloadFormatIndicator, MessageExpiryInterval, ContentType, ResponseTopic, CorrelationData);

    public static readonly MqttPropertySet Connack = new("§3.2.2.3", SessionExpiryInterval, ReceiveMaximum, MaximumQos, RetainAvailable, MaximumPacketSize,
        AssignedClientIdentifier, TopicAliasMaximum, ReasonString, WildcardSubscriptionAvailable, SubscriptionIdentifierAvailable, SharedSubscriptionAvailable,
        ServerKeepAlive, ResponseInformation, ServerReference, AuthenticationMethod, AuthenticationData);

    public static readonly MqttPropertySet Publish = new("§3.3.2.3", PayloadFormatIndicator, MessageExpiryInterval, TopicAlias, ResponseTopic, CorrelationData,
        SubscriptionIdentifier, ContentType) { Many = User | 1UL << (int)SubscriptionIdentifier };

    public static readonly MqttPropertySet Puback = new("§3.4.2.2", ReasonString);
    public static readonly MqttPropertySet Pubrec = new("§3.5.2.2", ReasonString);
    public static readonly MqttPropertySet Pubrel = new("§3.6.2.2", ReasonString);
    public static readonly MqttPropertySet Pubcomp = new("§3.7.2.2", ReasonString);
    public static readonly MqttPropertySet Subscribe = new("§3.8.2.1", SubscriptionIdentifier);
    public static readonly MqttPropertySet Suback = new("§3.9.2.1", ReasonString);
    public static readonly MqttPropertySet Unsubscribe = new("§3.10.2.1");
    public static readonly MqttPropertySet Unsuback = new("§3.11.2.1", ReasonString);
    public static readonly MqttPropertySet Disconnect = new("§3.14.2.2", SessionExpiryInterval, ReasonString, ServerReference);
    public static readonly MqttPropertySet Auth = new("§3.15.2.2", AuthenticationMethod, AuthenticationData, ReasonString);

    public string Clause => clause;

    /// <summary>Those that may stand more than once, a bit each.</summary>
    public ulong Many { get; private init; } = User;

    public bool Allows(MqttPropertyId id) => (int)id < 64 && (_allowed >> (int)id & 1) != 0;

    private static ulong Bits(ReadOnlySpan<MqttPropertyId> ids)
    {
        ulong bits = 0;
        foreach (var id in ids) bits |= 1UL << (int)id;
        return bits;
    }
}

namespace Gateway.Protocols.Mqtt;

/// <summary>Reasons of 5.0 said in the words of 3.1.1 and back, and which packet may carry which.</summary>
public static class MqttReasons
{
    /// <summary>The return code of 3.1.1 that says most of <paramref name="reason"/>; what 3.1.1 has no word for is <see cref="MqttReturnCode.ServerUnavailable"/>.</summary>
    /// <remarks>A malformed CONNECT gets no CONNACK in 3.1.1, only the end of the connection [3.1.1 MQTT-3.2.2-6].</remarks>
    public static MqttReturnCode ToReturnCode(this MqttReason reason) => reason switch
    {
        MqttReason.Success => MqttReturnCode.Accepted,
        MqttReason.UnsupportedProtocolVersion => MqttReturnCode.UnacceptableProtocolLevel,
        MqttReason.ClientIdentifierNotValid => MqttReturnCode.IdentifierRejected,
        MqttReason.BadUserNameOrPassword => MqttReturnCode.BadUserNameOrPassword,
        MqttReason.NotAuthorized or MqttReason.Banned or MqttReason.BadAuthenticationMethod => MqttReturnCode.NotAuthorized,
        _ => MqttReturnCode.ServerUnavailable,
    };

    /// <summary>The reason of 5.0 for a return code of 3.1.1; null for a reserved one.</summary>
    public static MqttReason? ToReason(this MqttReturnCode code) => code switch
    {
        MqttReturnCode.Accepted => MqttReason.Success,
        MqttReturnCode.UnacceptableProtocolLevel => MqttReason.UnsupportedProtocolVersion,
        MqttReturnCode.IdentifierRejected => MqttReason.ClientIdentifierNotValid,
        MqttReturnCode.ServerUnavailable => MqttReason.ServerUnavailable,
        MqttReturnCode.BadUserNameOrPassword => MqttReason.BadUserNameOrPassword,
        MqttReturnCode.NotAuthorized => MqttReason.NotAuthorized,
        _ => null,
    };

    /// <summary>Tables 3-1 (CONNACK) and 3-4 … 3-9.</summary>
    internal static bool MayStandIn(this MqttReason reason, MqttPacketType type) => type switch
    {
        MqttPacketType.Connack => reason is MqttReason.Success or (>= MqttReason.UnspecifiedError and <= MqttReason.Banned) or MqttReason.BadAuthenticationMethod
            or MqttReason.TopicNameInvalid or MqttReason.PacketTooLarge or MqttReason.QuotaExceeded
            or (>= MqttReason.PayloadFormatInvalid and <= MqttReason.ServerMoved) or MqttReason.ConnectionRateExceeded,
        MqttPacketType.Puback or MqttPacketType.Pubrec => reason is MqttReason.Success or MqttReason.NoMatchingSubscribers or MqttReason.UnspecifiedError
            or MqttReason.ImplementationSpecificError or MqttReason.NotAuthorized or MqttReason.TopicNameInvalid or MqttReason.PacketIdentifierInUse
            or MqttReason.QuotaExceeded or MqttReason.PayloadFormatInvalid,
        MqttPacketType.Pubrel or MqttPacketType.Pubcomp => reason is MqttReason.Success or MqttReason.PacketIdentifierNotFound,
        MqttPacketType.Suback => reason is <= MqttReason.GrantedQos2 or MqttReason.UnspecifiedError or MqttReason.ImplementationSpecificError
            or MqttReason.NotAuthorized or MqttReason.TopicFilterInvalid or MqttReason.PacketIdentifierInUse or MqttReason.QuotaExceeded
            or MqttReason.SharedSubscriptionsNotSupported or MqttReason.SubscriptionIdentifiersNotSupported or MqttReason.WildcardSubscriptionsNotSupported,
        MqttPacketType.Unsuback => reason is MqttReason.Success or MqttReason.NoSubscriptionExisted or MqttReason.UnspecifiedError
            or MqttReason.ImplementationSpecificError or MqttReason.NotAuthorized or MqttReason.TopicFilterInvalid or MqttReason.PacketIdentifierInUse,
        _ => false,
    };

    /// <summary>Table 3-10: what each end may say in a DISCONNECT.</summary>
    internal static bool MayEnd(this MqttReason reason, MqttRole from) => reason switch
    {
        MqttReason.Success or (>= MqttReason.UnspecifiedError and <= MqttReason.ImplementationSpecificError) or MqttReason.TopicNameInvalid
            or (>= MqttReason.ReceiveMaximumExceeded and <= MqttReason.PayloadFormatInvalid) => true,
        MqttReason.DisconnectWithWill => from == MqttRole.Client,
        MqttReason.NotAuthorized or MqttReason.ServerBusy or MqttReason.ServerShuttingDown
            or (>= MqttReason.KeepAliveTimeout and <= MqttReason.TopicFilterInvalid)
            or (>= MqttReason.RetainNotSupported and <= MqttReason.WildcardSubscriptionsNotSupported) => from == MqttRole.Server,
        _ => false,
    };

    /// <summary>Table 3-11: what each end may say in an AUTH.</summary>
    internal static bool MayAuthenticate(this MqttReason reason, MqttRole from) => reason switch
    {
        MqttReason.ContinueAuthentication => true,
        MqttReason.Success => from == MqttRole.Server,
        MqttReason.ReAuthenticate => from == MqttRole.Client,
        _ => false,
    };
}

using Gateway.Protocols.Mqtt;

namespace Gateway.Links.MqttClient;

/// <summary>How a connection, or the attempt at one, ended: what to do next, and what to tell people.</summary>
internal sealed record BrokerEnd(BrokerEndKind Kind, string Why)
{
    public static readonly BrokerEnd Stopped = new(BrokerEndKind.Stopped, "the gateway stops");

    public static BrokerEnd Lost(string why) => new(BrokerEndKind.Lost, why);

    public static BrokerEnd Refused(string why) => new(BrokerEndKind.Refused, why);

    /// <summary>A CONNACK that refuses, or a DISCONNECT [MQTT 5.0 §2.4].</summary>
    /// <param name="words">What the broker added in its own words, or null.</param>
    public static BrokerEnd Of(MqttReason reason, string did, BrokerOptions options, string? words, string? elsewhere = null)
    {
        string said = words is null ? "" : $": \"{words}\"";
        return reason switch
        {
            MqttReason.SessionTakenOver => new(BrokerEndKind.TakenOver, $"another client connected as \"{options.ClientId}\" and took our session over; every gateway needs a ClientId of its own{said}"),
            MqttReason.UnsupportedProtocolVersion => Refused($"does not speak MQTT {options.Version}; set Version to {(options.ProtocolVersion == MqttVersion.V5 ? "3.1.1" : "5.0")}{said}"),
            MqttReason.UseAnotherServer or MqttReason.ServerMoved => Refused($"{did} ({reason}): it points to {elsewhere ?? "another server without naming it"}{said}"),
            MqttReason.BadUserNameOrPassword or MqttReason.NotAuthorized or MqttReason.Banned or MqttReason.ClientIdentifierNotValid or MqttReason.BadAuthenticationMethod
                or MqttReason.TopicNameInvalid or MqttReason.RetainNotSupported or MqttReason.QosNotSupported => Refused($"{did} ({reason}){said}"),
            _ => Lost($"{did} ({reason}){said}"),
        };
    }
}

internal enum BrokerEndKind : byte
{
    /// <summary>We wanted it.</summary>
    Stopped,

    /// <summary>The network or the broker went; it may be back any moment.</summary>
    Lost,

    /// <summary>It will not be otherwise until somebody changes the configuration, here or there.</summary>
    Refused,

    /// <summary>A client of our name is at work; coming back at once would only start a fight.</summary>
    TakenOver,
}

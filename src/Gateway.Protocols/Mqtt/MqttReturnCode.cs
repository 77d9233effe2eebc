namespace Gateway.Protocols.Mqtt;

/// <summary>CONNACK return codes of MQTT 3.1.1 [3.1.1 table 3.1].</summary>
public enum MqttReturnCode : byte
{
    Accepted,
    UnacceptableProtocolLevel,
    IdentifierRejected,
    ServerUnavailable,
    BadUserNameOrPassword,
    NotAuthorized,
}

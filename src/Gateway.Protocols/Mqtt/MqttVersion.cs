namespace Gateway.Protocols.Mqtt;

/// <summary>Protocol level of CONNECT [§3.1.2.2].</summary>
public enum MqttVersion : byte
{
    None = 0,
    V311 = 4,
    V5 = 5,
}

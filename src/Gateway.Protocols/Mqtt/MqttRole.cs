namespace Gateway.Protocols.Mqtt;

/// <summary>Which end of the connection sent a packet: some fields are one end's only.</summary>
public enum MqttRole : byte
{
    Client,
    Server,
}

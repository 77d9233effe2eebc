namespace Gateway.Protocols.Mqtt;

/// <summary>Control packet types [§2.1.2]; AUTH is 5.0's only.</summary>
public enum MqttPacketType : byte
{
    Connect = 1, Connack, Publish, Puback, Pubrec, Pubrel, Pubcomp, Subscribe, Suback, Unsubscribe, Unsuback, Pingreq, Pingresp, Disconnect, Auth,
}

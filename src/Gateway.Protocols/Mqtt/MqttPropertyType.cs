namespace Gateway.Protocols.Mqtt;

/// <summary>How a property's value stands on the wire [§1.5, table 2-4].</summary>
internal enum MqttPropertyType : byte
{
    None,
    Byte,
    U16,
    U32,
    Varint,
    Text,
    Binary,
    Pair,
}

using System.Buffers;

namespace Gateway.Protocols.Mqtt;

public static partial class MqttWriter
{
    /// <summary>CONNACK [§3.2]; with 3.1.1 session present and <see cref="MqttReasons.ToReturnCode"/> of the reason.</summary>
    public static void Connack(IBufferWriter<byte> to, MqttVersion version, MqttConnack connack)
    {
        var body = new MqttComposer();
        body.Byte(connack.SessionPresent ? (byte)1 : (byte)0);
        body.Byte(version == MqttVersion.V5 ? (byte)connack.Reason : (byte)connack.Reason.ToReturnCode());
        if (version == MqttVersion.V5) body.Block(PropertiesOf(connack));
        body.Send(to, MqttPacketType.Connack);
    }

    private static MqttComposer PropertiesOf(MqttConnack connack)
    {
        var properties = new MqttComposer();
        if (connack.SessionExpirySeconds is { } expiry) properties.U32(MqttPropertyId.SessionExpiryInterval, expiry);
        if (connack.ReceiveMaximum != ushort.MaxValue) properties.U16(MqttPropertyId.ReceiveMaximum, connack.ReceiveMaximum);
        if (connack.MaximumQos < 2) properties.Flag(MqttPropertyId.MaximumQos, connack.MaximumQos == 1);
        if (!connack.RetainAvailable) properties.Flag(MqttPropertyId.RetainAvailable, false);
        if (connack.MaximumPacketSize is { } size) properties.U32(MqttPropertyId.MaximumPacketSize, size);
        properties.Text(MqttPropertyId.AssignedClientIdentifier, connack.AssignedClientId);
        if (connack.TopicAliasMaximum > 0) properties.U16(MqttPropertyId.TopicAliasMaximum, connack.TopicAliasMaximum);
        properties.Text(MqttPropertyId.ReasonString, connack.ReasonString);
        properties.UserProperties(connack.UserProperties);
        if (!connack.WildcardAvailable) properties.Flag(MqttPropertyId.WildcardSubscriptionAvailable, false);
        if (!connack.SubscriptionIdentifiersAvailable) properties.Flag(MqttPropertyId.SubscriptionIdentifierAvailable, false);
        if (!connack.SharedAvailable) properties.Flag(MqttPropertyId.SharedSubscriptionAvailable, false);
        if (connack.ServerKeepAlive is { } keepAlive) properties.U16(MqttPropertyId.ServerKeepAlive, keepAlive);
        properties.Text(MqttPropertyId.ResponseInformation, connack.ResponseInformation);
        properties.Text(MqttPropertyId.ServerReference, connack.ServerReference);
        properties.Text(MqttPropertyId.AuthenticationMethod, connack.AuthenticationMethod);
        properties.Binary(MqttPropertyId.AuthenticationData, connack.AuthenticationData);
        return properties;
    }
}

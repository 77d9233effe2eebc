using System.Buffers;

namespace Gateway.Protocols.Mqtt;

public static partial class MqttWriter
{
    /// <summary>CONNECT [§3.1] of <see cref="MqttConnect.Version"/>; properties with the value that absence means are left out.</summary>
    public static void Connect(IBufferWriter<byte> to, MqttConnect connect)
    {
        var body = new MqttComposer();
        body.Binary("MQTT"u8);
        body.Byte((byte)connect.Version);
        body.Byte(MqttConnectFlags.Of(connect).Bits);
        body.U16(checked((ushort)connect.KeepAliveSeconds));
        if (connect.Version == MqttVersion.V5) body.Block(PropertiesOf(connect));
        body.Text(connect.ClientId);
        if (connect.Will is { } will) Will(body, connect.Version, will);
        if (connect.User is { } user) body.Text(user);
        if (connect.Password is { } password) body.Binary(password);
        body.Send(to, MqttPacketType.Connect);
    }

    private static void Will(MqttComposer body, MqttVersion version, MqttWill will)
    {
        if (version == MqttVersion.V5)
        {
            var properties = new MqttComposer();
            if (will.DelaySeconds > 0) properties.U32(MqttPropertyId.WillDelayInterval, will.DelaySeconds);
            if (will.MessageExpirySeconds is { } expiry) properties.U32(MqttPropertyId.MessageExpiryInterval, expiry);
            properties.Raw(will.Properties);
            body.Block(properties);
        }
        body.Binary(will.Topic);
        body.Binary(will.Payload);
    }

    private static MqttComposer PropertiesOf(MqttConnect connect)
    {
        var properties = new MqttComposer();
        if (connect.SessionExpirySeconds > 0) properties.U32(MqttPropertyId.SessionExpiryInterval, connect.SessionExpirySeconds);
        if (connect.ReceiveMaximum != ushort.MaxValue) properties.U16(MqttPropertyId.ReceiveMaximum, connect.ReceiveMaximum);
        if (connect.MaximumPacketSize > 0) properties.U32(MqttPropertyId.MaximumPacketSize, connect.MaximumPacketSize);
        if (connect.TopicAliasMaximum > 0) properties.U16(MqttPropertyId.TopicAliasMaximum, connect.TopicAliasMaximum);
        if (connect.RequestResponseInformation) properties.Flag(MqttPropertyId.RequestResponseInformation, true);
        if (!connect.RequestProblemInformation) properties.Flag(MqttPropertyId.RequestProblemInformation, false);
        properties.UserProperties(connect.UserProperties);
        properties.Text(MqttPropertyId.AuthenticationMethod, connect.AuthenticationMethod);
        properties.Binary(MqttPropertyId.AuthenticationData, connect.AuthenticationData);
        return properties;
    }
}

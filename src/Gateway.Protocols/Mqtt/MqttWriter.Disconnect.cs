using System.Buffers;

namespace Gateway.Protocols.Mqtt;

public static partial class MqttWriter
{
    /// <summary>DISCONNECT [§3.14]; with 3.1.1 two bytes, and only a client may send it.</summary>
    /// <param name="sessionExpirySeconds">Only from a client [MQTT-3.14.2-2].</param>
    public static void Disconnect(
        IBufferWriter<byte> to, MqttVersion version, MqttReason reason = MqttReason.Success, string? reasonString = null, uint? sessionExpirySeconds = null, string? serverReference = null)
    {
        var body = new MqttComposer();
        if (version == MqttVersion.V5)
        {
            var properties = ReasonString(reasonString);
            if (sessionExpirySeconds is { } expiry) properties.U32(MqttPropertyId.SessionExpiryInterval, expiry);
            properties.Text(MqttPropertyId.ServerReference, serverReference);
            bool hasProperties = !properties.Written.IsEmpty;
            if (reason != MqttReason.Success || hasProperties) body.Byte((byte)reason);
            if (hasProperties) body.Block(properties);
        }
        body.Send(to, MqttPacketType.Disconnect);
    }

    /// <summary>AUTH [§3.15], 5.0 only; Success with nothing else has no body.</summary>
    public static void Auth(IBufferWriter<byte> to, MqttAuth auth)
    {
        var properties = new MqttComposer();
        properties.Text(MqttPropertyId.AuthenticationMethod, auth.Method);
        properties.Binary(MqttPropertyId.AuthenticationData, auth.Data);
        properties.Text(MqttPropertyId.ReasonString, auth.ReasonString);
        var body = new MqttComposer();
        if (auth.Reason != MqttReason.Success || !properties.Written.IsEmpty)
        {
            body.Byte((byte)auth.Reason);
            body.Block(properties);
        }
        body.Send(to, MqttPacketType.Auth);
    }
}

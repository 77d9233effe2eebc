using System.Buffers;

namespace Gateway.Protocols.Mqtt;

public static partial class MqttWriter
{
    /// <summary>SUBSCRIBE [§3.8]; with 3.1.1 only filters and QoS.</summary>
    public static void Subscribe(IBufferWriter<byte> to, MqttVersion version, MqttSubscribe subscribe)
    {
        var body = new MqttComposer();
        body.U16(subscribe.PacketId);
        if (version == MqttVersion.V5)
        {
            var properties = new MqttComposer();
            if (subscribe.SubscriptionIdentifier > 0) properties.Varint(MqttPropertyId.SubscriptionIdentifier, subscribe.SubscriptionIdentifier);
            body.Block(properties);
        }
        foreach (var subscription in subscribe.Subscriptions)
        {
            body.Text(subscription.Filter);
            body.Byte(version == MqttVersion.V5 ? subscription.Options : (byte)subscription.Qos);
        }
        body.Send(to, MqttPacketType.Subscribe, 2);
    }

    /// <summary>UNSUBSCRIBE [§3.10].</summary>
    public static void Unsubscribe(IBufferWriter<byte> to, MqttVersion version, MqttUnsubscribe unsubscribe)
    {
        var body = new MqttComposer();
        body.U16(unsubscribe.PacketId);
        if (version == MqttVersion.V5) body.Block(new MqttComposer());
        foreach (string filter in unsubscribe.Filters) body.Text(filter);
        body.Send(to, MqttPacketType.Unsubscribe, 2);
    }

    /// <summary>SUBACK [§3.9]; with 3.1.1 every refusal is 0x80 [3.1.1 MQTT-3.9.3-2].</summary>
    /// <param name="reasons">One <see cref="MqttReason"/> for each filter, in their order.</param>
    public static void Suback(IBufferWriter<byte> to, MqttVersion version, ushort packetId, ReadOnlySpan<byte> reasons, string? reasonString = null)
    {
        var body = new MqttComposer();
        body.U16(packetId);
        if (version == MqttVersion.V5) body.Block(ReasonString(reasonString));
        foreach (byte reason in reasons) body.Byte(version == MqttVersion.V5 ? reason : Math.Min(reason, (byte)MqttReason.UnspecifiedError));
        body.Send(to, MqttPacketType.Suback);
    }

    /// <summary>UNSUBACK [§3.11]; with 3.1.1 only the packet identifier.</summary>
    /// <param name="reasons">One <see cref="MqttReason"/> for each filter, in their order.</param>
    public static void Unsuback(IBufferWriter<byte> to, MqttVersion version, ushort packetId, ReadOnlySpan<byte> reasons, string? reasonString = null)
    {
        var body = new MqttComposer();
        body.U16(packetId);
        if (version == MqttVersion.V5)
        {
            body.Block(ReasonString(reasonString));
            body.Raw(reasons);
        }
        body.Send(to, MqttPacketType.Unsuback);
    }
}

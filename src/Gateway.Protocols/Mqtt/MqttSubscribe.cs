using System.Text;

namespace Gateway.Protocols.Mqtt;

/// <summary>A SUBSCRIBE [§3.8].</summary>
/// <param name="SubscriptionIdentifier">0: none.</param>
/// <param name="Subscriptions">At least one, in the packet's order, which is that of the answer [MQTT-3.9.3-1].</param>
public sealed record MqttSubscribe(ushort PacketId, uint SubscriptionIdentifier, IReadOnlyList<MqttSubscription> Subscriptions)
{
    /// <summary>Parses the body; a filter with wildcards in the wrong place does not make the packet wrong, see <see cref="MqttTopic.CheckFilter"/>.</summary>
    public static MqttVerdict TryParse(ReadOnlySpan<byte> body, MqttVersion version, out MqttSubscribe? subscribe)
    {
        subscribe = null;
        var rest = new MqttBody(body);
        if (!rest.TryU16(out ushort id)) return MqttVerdict.Torn;
        if (id == 0) return MqttVerdict.Protocol("packet identifier 0", "MQTT-2.2.1-3");
        uint identifier = 0;
        if (version == MqttVersion.V5)
        {
            if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
            var properties = new MqttPropertyReader(block, MqttPropertySet.Subscribe);
            while (properties.TryRead())
                if (properties.Id == MqttPropertyId.SubscriptionIdentifier) identifier = properties.Number;
            if (!properties.Verdict.IsOk) return properties.Verdict;
        }
        if (rest.IsEmpty) return MqttVerdict.Protocol("SUBSCRIBE without a topic filter", "MQTT-3.8.3-2");
        var subscriptions = new List<MqttSubscription>();
        while (!rest.IsEmpty)
        {
            if (rest.TakeText(out var filter) is { IsOk: false } text) return text;
            if (filter.IsEmpty) return MqttVerdict.Malformed("empty topic filter", "MQTT-4.7.3-1");
            if (!rest.TryByte(out byte options)) return MqttVerdict.Torn;
            var verdict = MqttSubscription.TryParse(Encoding.UTF8.GetString(filter), options, version, out var subscription);
            if (!verdict.IsOk) return verdict;
            subscriptions.Add(subscription);
        }
        subscribe = new MqttSubscribe(id, identifier, subscriptions);
        return MqttVerdict.Ok;
    }
}

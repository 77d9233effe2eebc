using System.Text;

namespace Gateway.Protocols.Mqtt;

/// <summary>An UNSUBSCRIBE [§3.10].</summary>
/// <param name="Filters">At least one, in the packet's order, which is that of the answer [MQTT-3.11.3-1].</param>
public sealed record MqttUnsubscribe(ushort PacketId, IReadOnlyList<string> Filters)
{
    public static MqttVerdict TryParse(ReadOnlySpan<byte> body, MqttVersion version, out MqttUnsubscribe? unsubscribe)
    {
        unsubscribe = null;
        var rest = new MqttBody(body);
        if (!rest.TryU16(out ushort id)) return MqttVerdict.Torn;
        if (id == 0) return MqttVerdict.Protocol("packet identifier 0", "MQTT-2.2.1-3");
        if (version == MqttVersion.V5)
        {
            if (rest.TakeProperties(out var block) is { IsOk: false } torn) return torn;
            var properties = new MqttPropertyReader(block, MqttPropertySet.Unsubscribe);
            while (properties.TryRead()) { }
            if (!properties.Verdict.IsOk) return properties.Verdict;
        }
        if (rest.IsEmpty) return MqttVerdict.Protocol("UNSUBSCRIBE without a topic filter", "MQTT-3.10.3-2");
        var filters = new List<string>();
        while (!rest.IsEmpty)
        {
            if (rest.TakeText(out var filter) is { IsOk: false } text) return text;
            if (filter.IsEmpty) return MqttVerdict.Malformed("empty topic filter", "MQTT-4.7.3-1");
            filters.Add(Encoding.UTF8.GetString(filter));
        }
        unsubscribe = new MqttUnsubscribe(id, filters);
        return MqttVerdict.Ok;
    }
}

using System.Globalization;
using System.Text;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.MqttClient;

/// <summary>What has to be said to a broker so that our session there holds the subscriptions we want and no others.</summary>
/// <param name="Ask">To subscribe to.</param>
/// <param name="Drop">To unsubscribe from.</param>
internal sealed record SubscriptionPlan(IReadOnlyList<MqttSubscription> Ask, IReadOnlyList<string> Drop)
{
    private const int FiltersMax = 50;

    // Fixed header, packet identifier, properties.
    private const int OverheadBytes = 16;

    public bool IsEmpty => Ask.Count == 0 && Drop.Count == 0;

    /// <param name="known">What the session is known to hold; null when nothing is known of it.</param>
    public static SubscriptionPlan Of(IReadOnlyList<MqttSubscription> wanted, IReadOnlyList<MqttSubscription>? known, bool sessionPresent)
    {
        if (!sessionPresent || known is null) return new SubscriptionPlan(wanted, []);
        return new SubscriptionPlan([.. wanted.Except(known)], [.. known.Select(k => k.Filter).Except(wanted.Select(w => w.Filter))]);
    }

    /// <summary>What a device's messages come on when the operator names no topics.</summary>
    public static IReadOnlyList<MqttSubscription> Below(IEnumerable<string> prefixes) => [.. prefixes.Distinct(StringComparer.Ordinal).Select(p => Subscription($"{p}/#", 1))];

    /// <summary>Retained messages only for a subscription that is new [§3.8.3.1]; RETAIN then marks exactly those.</summary>
    public static MqttSubscription Subscription(string filter, int qos) => new(filter, qos, NoLocal: false, RetainAsPublished: false, RetainHandling: 1);

    /// <summary>Cuts a list into packets of a size every broker takes.</summary>
    /// <param name="packetBytesMax">The broker's maximum packet size.</param>
    public static IEnumerable<IReadOnlyList<T>> Packets<T>(IEnumerable<T> all, Func<T, string> filterOf, uint packetBytesMax)
    {
        var packet = new List<T>();
        long bytes = OverheadBytes;
        foreach (var one in all)
        {
            int more = 3 + Encoding.UTF8.GetByteCount(filterOf(one));
            if (packet.Count > 0 && (packet.Count == FiltersMax || bytes + more > packetBytesMax))
            {
                yield return packet;
                (packet, bytes) = ([], OverheadBytes);
            }
            packet.Add(one);
            bytes += more;
        }
        if (packet.Count > 0) yield return packet;
    }

    /// <summary>As it is remembered: whose session it is, then a line <c>qos filter</c> each.</summary>
    public static string ToText(string session, IEnumerable<MqttSubscription> subscriptions) =>
        string.Join('\n', subscriptions.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Qos} {s.Filter}")).Prepend(session));

    /// <summary>Null when nothing is remembered, or another session.</summary>
    public static IReadOnlyList<MqttSubscription>? FromText(string session, string? text)
    {
        string[] lines = text?.Split('\n') ?? [];
        return lines.Length > 0 && lines[0] == session ? [.. lines.Skip(1).Select(l => Subscription(l[2..], l[0] - '0'))] : null;
    }
}

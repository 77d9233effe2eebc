using Gateway.Domain.Ledger;

namespace Gateway.Links.Mqtt.Access;

/// <summary>Which topics are whose: a device publishes and subscribes to its own and nowhere else.</summary>
internal sealed class DeviceTopics
{
    private readonly ILookup<string, Device> _byTopic;
    private readonly ILookup<string, Device> _below;

    public DeviceTopics(SiteLedger ledger)
    {
        _byTopic = ledger.Devices.Where(d => d is { Link: LinkKind.Mqtt, Broker: null }).ToLookup(d => MqttAddress.TopicOf(d.Address), StringComparer.Ordinal);
        _below = _byTopic.SelectMany(g => Parents(g.Key).Where(_byTopic.Contains).SelectMany(p => g.Select(d => (Parent: p, Device: d)))).ToLookup(p => p.Parent, p => p.Device, StringComparer.Ordinal);
    }

    /// <summary>Filters; none for a device that does not connect to the listener: one behind another broker signs in there.</summary>
    public static IReadOnlyList<string> Of(Device device) => device.Broker is not null ? [] : device.Link switch
    {
        // "prefix/#" is the prefix itself too [§4.7.1.2].
        LinkKind.Mqtt => [$"{MqttAddress.TopicOf(device.Address)}/#"],
        LinkKind.Sparkplug => [NodeTopics(device.Address.Split('/'))],
        _ => [],
    };

    /// <summary>What it may subscribe to besides: an edge node waits for its host to be online before it is born.</summary>
    public static IReadOnlyList<string> ReadBy(Device device) => device.Link == LinkKind.Sparkplug ? ["spBv1.0/STATE/#"] : [];

    /// <summary>Whether its topics tell it from every other device. If not, whoever may use them speaks for all of these, so they come in through one client.</summary>
    public bool StandAlone(Device device) => device.Broker is null && device.Link switch
    {
        LinkKind.Mqtt => SharersOf(device).Count == 1,
        LinkKind.Sparkplug => device.Address.Split('/') is [_, _],
        _ => false,
    };

    /// <summary>The devices of its topic, itself among them.</summary>
    public IReadOnlyList<Device> SharersOf(Device device) => device is { Link: LinkKind.Mqtt, Broker: null } ? [.. _byTopic[MqttAddress.TopicOf(device.Address)]] : [device];

    /// <summary>Filters that deny what lies below the topics of these devices and belongs to others.</summary>
    public IEnumerable<string> OthersBelow(IReadOnlyList<Device> devices) =>
        devices.Where(d => d is { Link: LinkKind.Mqtt, Broker: null }).SelectMany(d => _below[MqttAddress.TopicOf(d.Address)]).Where(d => !devices.Contains(d)).SelectMany(Of).Select(f => TopicFilters.Denies + f);

    /// <summary>An edge node is one client: it speaks for itself and for all devices behind it.</summary>
    private static string NodeTopics(string[] address) => $"spBv1.0/{address[0]}/+/{address[1]}/#";

    private static IEnumerable<string> Parents(string topic)
    {
        for (int slash = topic.LastIndexOf('/'); slash > 0; slash = topic.LastIndexOf('/', slash - 1)) yield return topic[..slash];
    }
}

using Gateway.Domain.Ledger;

namespace Gateway.Links.Mqtt.Access;

/// <summary>Which topics are a device's own: it publishes and subscribes there and nowhere else.</summary>
internal static class DeviceTopics
{
    /// <summary>Filters; none for a device that does not connect to the listener.</summary>
    public static IReadOnlyList<string> Of(Device device) => device.Link switch
    {
        // "prefix/#" is the prefix itself too [§4.7.1.2].
        LinkKind.Mqtt => [$"{device.Address}/#"],
        LinkKind.Sparkplug => [NodeTopics(device.Address.Split('/'))],
        _ => [],
    };

    /// <summary>What it may subscribe to besides: an edge node waits for its host to be online before it is born.</summary>
    public static IReadOnlyList<string> ReadBy(Device device) => device.Link == LinkKind.Sparkplug ? ["spBv1.0/STATE/#"] : [];

    /// <summary>An edge node is one client: it speaks for itself and for all devices behind it, whichever of them the ledger's entry is about.</summary>
    private static string NodeTopics(string[] address) => $"spBv1.0/{address[0]}/+/{address[1]}/#";
}

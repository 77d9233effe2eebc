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
        _ => [],
    };
}

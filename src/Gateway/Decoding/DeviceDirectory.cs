using System.Collections.Concurrent;
using System.Collections.Frozen;
using Gateway.Decoding.Boxes;
using Gateway.Domain.Ledger;

namespace Gateway.Decoding;

/// <summary>Finds the device behind an address of a link, registered or not. Safe for all link threads; the number of unregistered ones is bounded.</summary>
public sealed class DeviceDirectory
{
    /// <summary>Strangers beyond this are refused and counted: a hostile client must not fill the memory with names.</summary>
    public const int UnregisteredMax = 1_000;

    private readonly string _siteId;
    private readonly TimeZoneInfo _zone;
    private readonly ProfileCatalog _profiles;
    private readonly FrozenDictionary<(LinkKind, string?, string), DeviceRoute> _byAddress;
    private readonly FrozenDictionary<(string? Broker, string Topic), TopicDevices> _byTopic;
    private readonly ConcurrentDictionary<(LinkKind, string?, string), DeviceRoute> _unregistered = new();
    private readonly Lock _growth = new();

    public DeviceDirectory(SiteLedger ledger, ProfileCatalog profiles)
    {
        (_siteId, _zone, _profiles) = (ledger.Site.Id, ledger.Site.TimeZone, profiles);
        Registered = [.. ledger.Devices.Select((d, i) => new DeviceRoute(i, d.Id, _siteId, d, profiles[d.Profile], _zone))];
        _byAddress = Registered.ToFrozenDictionary(r => (r.Device!.Link, r.Device.Via, r.Device.Address));
        _byTopic = Registered.Where(r => r.Device!.Link == LinkKind.Mqtt).GroupBy(r => (r.Device!.Broker, Topic: MqttAddress.TopicOf(r.Device.Address))).ToFrozenDictionary(g => g.Key, g => new TopicDevices(g.Key.Topic, [.. g]));
    }

    /// <summary>In the ledger's order; a route's index is its place here.</summary>
    public IReadOnlyList<DeviceRoute> Registered { get; }

    /// <param name="via">The bus or the broker the address belongs to; null = our own listener.</param>
    public DeviceRoute? Find(LinkKind link, string address, string? via = null) => _byAddress.GetValueOrDefault((link, via, address));

    /// <summary>The registered devices of one MQTT topic or topic prefix, or null.</summary>
    /// <param name="broker">The broker it is a topic of; null = our own listener.</param>
    public TopicDevices? OnTopic(string topic, string? broker = null) => _byTopic.GetValueOrDefault((broker, topic));

    /// <summary>The route of a stranger, made at its first message.</summary>
    /// <param name="id">Its name in the store; unique as far as the caller makes it so.</param>
    /// <param name="via">The broker it speaks through; null = our own listener.</param>
    /// <param name="isNew">True for the one caller that must tell the engine.</param>
    /// <returns>Null when the kind has no profile to read it with, or there are too many strangers already.</returns>
    public DeviceRoute? Unregistered(LinkKind link, string address, string id, WireProfile? profile, out bool isNew, string? via = null)
    {
        isNew = false;
        if (_unregistered.TryGetValue((link, via, address), out var known)) return known;
        if (profile is null) return null;
        lock (_growth)
        {
            if (_unregistered.TryGetValue((link, via, address), out known)) return known;
            if (_unregistered.Count >= UnregisteredMax) return null;
            var route = new DeviceRoute(Registered.Count + _unregistered.Count, id, _siteId, null, profile, _zone);
            isNew = _unregistered.TryAdd((link, via, address), route);
            return route;
        }
    }

    /// <summary>Profiles that read Sparkplug metrics, by id: a Sparkplug topic names no kind, so an unregistered device is known by its metrics.</summary>
    public IEnumerable<WireProfile> SparkplugProfiles => _profiles.All.Where(p => p.Sparkplug is not null).OrderBy(p => p.Device.Id, StringComparer.Ordinal);

    /// <summary>The profile that an unregistered black box is read with: of those that fit what it sends the first by id.</summary>
    public WireProfile? ProfileForBox(Func<BoxMapping, bool> fits) => _profiles.All.Where(p => p.Box is { } box && fits(box)).MinBy(p => p.Device.Id, StringComparer.Ordinal);

    public WireProfile? ProfileForUnregistered(string kind, LinkKind link) => _profiles.ForUnregistered(kind, link);
}

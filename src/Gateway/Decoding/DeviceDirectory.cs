using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<(LinkKind, string?, string), DeviceRoute> _unregistered = new();
    private readonly Lock _growth = new();
    private volatile DirectorySnapshot _snapshot;
    private int _nextIndex;

    public DeviceDirectory(SiteLedger ledger, ProfileCatalog profiles)
    {
        (_siteId, _zone, _profiles) = (ledger.Site.Id, ledger.Site.TimeZone, profiles);
        _snapshot = new DirectorySnapshot(0, []);
        _snapshot = Prepare(ledger);
    }

    /// <summary>Moves with each ledger that is taken over: whoever keeps a route looks at it before the next message and asks again when it moved. Read it before you ask.</summary>
    public int Version => _snapshot.Version;

    /// <summary>In the ledger's order; at a start a route's index is its place here.</summary>
    public IReadOnlyList<DeviceRoute> Registered => _snapshot.Registered;

    /// <summary>The route of a registered device, or null.</summary>
    public DeviceRoute? ById(string id) => _snapshot.ById(id);

    /// <param name="via">The bus or the broker the address belongs to; null = our own listener.</param>
    public DeviceRoute? Find(LinkKind link, string address, string? via = null) => _snapshot.At((link, via, address));

    /// <summary>The registered devices of one MQTT topic or topic prefix, or null.</summary>
    /// <param name="broker">The broker it is a topic of; null = our own listener.</param>
    public TopicDevices? OnTopic(string topic, string? broker = null) => _snapshot.OnTopic(broker, topic);

    /// <summary>
    /// What the links would find with another ledger of the same site. A device keeps its index and the clock of its series; with another profile it gets a new index, for what was
    /// read with the old one is still on its way. Indices are given once and never again.
    /// </summary>
    /// <remarks><b>Threading</b>: one caller at a time, and what it prepared is published before the next begins.</remarks>
    public DirectorySnapshot Prepare(SiteLedger ledger)
    {
        var before = _snapshot;
        return new DirectorySnapshot(before.Version + 1, [.. ledger.Devices.Select(d => RouteOf(d, before.ById(d.Id)))]);
    }

    /// <summary>From now on the links find these. The engine must know all their indices already.</summary>
    public void Publish(DirectorySnapshot prepared)
    {
        lock (_growth)
        {
            _snapshot = prepared;
            foreach (var route in prepared.Registered) _unregistered.TryRemove(DirectorySnapshot.AddressOf(route.Device!), out _);
        }
    }

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
            // It was registered since the caller looked.
            if (_snapshot.At((link, via, address)) is { } registered) return registered;
            if (_unregistered.Count >= UnregisteredMax) return null;
            var route = new DeviceRoute(_nextIndex++, id, _siteId, null, profile, _zone);
            isNew = _unregistered.TryAdd((link, via, address), route);
            return route;
        }
    }

    /// <summary>Profiles that read Sparkplug metrics, by id: a Sparkplug topic names no kind, so an unregistered device is known by its metrics.</summary>
    public IEnumerable<WireProfile> SparkplugProfiles => _profiles.All.Where(p => p.Sparkplug is not null).OrderBy(p => p.Device.Id, StringComparer.Ordinal);

    /// <summary>The profile that an unregistered black box is read with: of those that fit what it sends the first by id.</summary>
    public WireProfile? ProfileForBox(Func<BoxMapping, bool> fits) => _profiles.All.Where(p => p.Box is { } box && fits(box)).MinBy(p => p.Device.Id, StringComparer.Ordinal);

    public WireProfile? ProfileForUnregistered(string kind, LinkKind link) => _profiles.ForUnregistered(kind, link);

    private DeviceRoute RouteOf(Device device, DeviceRoute? before)
    {
        var profile = _profiles[device.Profile];
        if (before is not null && before.Profile == profile && before.Device == device) return before;
        int index = before is not null && before.Profile == profile ? before.Index : NextIndex();
        return new DeviceRoute(index, device.Id, _siteId, device, profile, _zone, before);
    }

    private int NextIndex()
    {
        lock (_growth) return _nextIndex++;
    }
}

using System.Collections.Frozen;
using Gateway.Domain.Ledger;

namespace Gateway.Decoding;

/// <summary>The registered devices of one ledger as the links find them. Immutable; <see cref="DeviceDirectory"/> swaps it whole.</summary>
public sealed class DirectorySnapshot
{
    private readonly FrozenDictionary<(LinkKind, string?, string), DeviceRoute> _byAddress;
    private readonly FrozenDictionary<(string? Broker, string Topic), TopicDevices> _byTopic;
    private readonly FrozenDictionary<string, DeviceRoute> _byId;

    internal DirectorySnapshot(int version, IReadOnlyList<DeviceRoute> registered)
    {
        (Version, Registered) = (version, registered);
        _byId = registered.ToFrozenDictionary(r => r.Id, StringComparer.Ordinal);
        _byAddress = registered.ToFrozenDictionary(r => AddressOf(r.Device!));
        _byTopic = registered.Where(r => r.Device!.Link == LinkKind.Mqtt).GroupBy(r => (r.Device!.Broker, Topic: MqttAddress.TopicOf(r.Device.Address))).ToFrozenDictionary(g => g.Key, g => new TopicDevices(g.Key.Topic, [.. g]));
    }

    /// <summary>Grows by one with each ledger that is taken over.</summary>
    public int Version { get; }

    /// <summary>In the ledger's order. A route's <see cref="DeviceRoute.Index"/> is its own for good and says nothing about its place here.</summary>
    public IReadOnlyList<DeviceRoute> Registered { get; }

    internal DeviceRoute? ById(string id) => _byId.GetValueOrDefault(id);

    internal DeviceRoute? At(in (LinkKind, string?, string) address) => _byAddress.GetValueOrDefault(address);

    internal TopicDevices? OnTopic(string? broker, string topic) => _byTopic.GetValueOrDefault((broker, topic));

    internal static (LinkKind, string?, string) AddressOf(Device device) => (device.Link, device.Via, device.Address);
}

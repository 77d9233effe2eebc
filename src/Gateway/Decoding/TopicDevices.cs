using System.Collections.Frozen;
using System.Text;
using Gateway.Decoding.Forms;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;

namespace Gateway.Decoding;

/// <summary>The registered devices of one MQTT topic: one, or several that their messages tell apart by a serial.</summary>
public sealed class TopicDevices
{
    private readonly FrozenDictionary<string, ReadingKind> _endings;
    private readonly FrozenDictionary<string, DeviceRoute>.AlternateLookup<ReadOnlySpan<char>> _bySerial;

    /// <param name="devices">At least one; if one has a serial, all have (the ledger's reader sees to it).</param>
    internal TopicDevices(string topic, IReadOnlyList<DeviceRoute> devices)
    {
        Topic = topic;
        Shared = MqttAddress.SerialOf(devices[0].Device!.Address) is not null;
        First = devices[0];
        _endings = devices.SelectMany(d => d.Profile.Json?.Envelope?.Endings ?? FrozenDictionary<string, ReadingKind>.Empty).DistinctBy(e => e.Key).ToFrozenDictionary(StringComparer.Ordinal);
        _bySerial = devices.ToFrozenDictionary(d => MqttAddress.SerialOf(d.Device!.Address) ?? "", StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Topic { get; }

    /// <summary>Only the message says whose it is.</summary>
    public bool Shared { get; }

    /// <summary>The only device of a topic that is not shared; of a shared one the first, whose profile says how its messages are told apart.</summary>
    public DeviceRoute First { get; }

    public DeviceRoute? Find(ReadOnlySpan<byte> serialUtf8)
    {
        Span<char> serial = stackalloc char[EnvelopeScan.TextBytesMax];
        return _bySerial.TryGetValue(serial[..Encoding.UTF8.GetChars(serialUtf8, serial)], out var device) ? device : null;
    }

    /// <summary>The kind of message that a topic below this one carries by its last level: ours, or the vendor's own.</summary>
    public ReadingKind? KindOfEnding(string ending) =>
        MessageKinds.OfTopicEnding(ending) ?? (_endings.TryGetValue(ending, out var kind) ? kind : null);
}

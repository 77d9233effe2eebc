using System.Text;
using Gateway.Decoding;
using Gateway.Decoding.Forms;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;

namespace Gateway.Links.Mqtt;

/// <summary>What a topic means. Resolved once for each topic of a connection; <see cref="SenderOf"/> is asked for each message.</summary>
internal sealed class MqttTopicRoute
{
    private readonly DeviceDirectory _directory;
    private readonly string? _broker;
    private readonly TopicDevices? _devices;
    private readonly ReadingKind? _ending;
    private readonly MqttSender _fixed;

    private MqttTopicRoute(ReadOnlySpan<byte> topic, DeviceDirectory directory, string? broker, MqttSender sender, TopicDevices? devices = null, ReadingKind? ending = null)
    {
        Topic = topic.ToArray();
        (_directory, _broker, _fixed, _devices, _ending) = (directory, broker, sender, devices, ending);
    }

    public byte[] Topic { get; }

    /// <summary>The Sparkplug host's business, if there is one.</summary>
    public bool IsSparkplug => Topic.AsSpan().StartsWith("spBv1.0/"u8);

    /// <summary>Why nobody reads this topic.</summary>
    public DecodeOutcome Refusal => _fixed.Refusal;

    /// <summary>The one device of the topic; null when there is none or only a message says which.</summary>
    public DeviceRoute? Device => _fixed.Device;

    /// <summary>
    /// A ledger entry's topic is either the whole topic (a vendor's own), or what stands before <c>/telemetry</c>, <c>/heartbeat</c>, <c>/event</c>, <c>/status</c> or an
    /// ending of the profile. By default <c>site/{site}/{kind}/{device}</c>; only of that form a talker that is not in the ledger is listed.
    /// </summary>
    /// <param name="broker">The broker it came from: the same topic is another device on each. Null = our own listener.</param>
    public static MqttTopicRoute Resolve(ReadOnlySpan<byte> topic, DeviceDirectory directory, string? broker = null)
    {
        string text = Encoding.UTF8.GetString(topic);
        if (directory.OnTopic(text, broker) is { } whole) return Known(topic, directory, broker, whole, ending: null);
        int slash = text.LastIndexOf('/');
        if (slash <= 0) return Unreadable(topic, directory, broker, DecodeOutcome.UnknownTopic);
        string address = text[..slash], ending = text[(slash + 1)..];
        if (directory.OnTopic(address, broker) is { } devices)
            return devices.KindOfEnding(ending) is { } said ? Known(topic, directory, broker, devices, said) : Unreadable(topic, directory, broker, DecodeOutcome.UnknownTopic);
        string[] parts = address.Split('/');
        if (MessageKinds.OfTopicEnding(ending) is not { } kind || parts.Length != 4 || parts[0] != "site" || parts[3].Length is 0 or > 64) return Unreadable(topic, directory, broker, DecodeOutcome.UnknownTopic);
        var profile = directory.ProfileForUnregistered(parts[2], LinkKind.Mqtt);
        var stranger = directory.Unregistered(LinkKind.Mqtt, address, NameOf(parts[3], broker), profile, out bool isNew, broker);
        return stranger is null
            ? Unreadable(topic, directory, broker, profile is null ? DecodeOutcome.NoSuchMapping : DecodeOutcome.TooManyUnregistered)
            : new MqttTopicRoute(topic, directory, broker, new MqttSender(stranger, kind, DecodeOutcome.Decoded, isNew, address, parts[2]));
    }

    /// <summary>Who sent this message and what kind of message it is. Where the topic says both, the payload is not looked at.</summary>
    public MqttSender SenderOf(ReadOnlySpan<byte> payload) => _devices is null ? _fixed : Look(_devices, payload);

    private static MqttTopicRoute Known(ReadOnlySpan<byte> topic, DeviceDirectory directory, string? broker, TopicDevices devices, ReadingKind? ending)
    {
        var device = devices.First;
        // A topic without an ending carries what proves life, unless the message itself says otherwise.
        var kind = ending ?? device.Profile.Device.Life;
        bool mustLook = devices.Shared || ending is null && device.Profile.Json?.Envelope?.KindMember is not null;
        var sender = new MqttSender(devices.Shared ? null : device, kind, DecodeOutcome.Decoded, false, devices.Topic, device.Device!.Kind);
        return new MqttTopicRoute(topic, directory, broker, sender, mustLook ? devices : null, ending);
    }

    private MqttSender Look(TopicDevices devices, ReadOnlySpan<byte> payload)
    {
        Span<byte> serial = stackalloc byte[EnvelopeScan.TextBytesMax], kind = stackalloc byte[EnvelopeScan.TextBytesMax];
        var shared = devices.First.Profile.Json!.Envelope!;
        byte[]? kindMember = _ending is null ? shared.KindMember : null;
        var outcome = EnvelopeScan.Read(payload, devices.Shared ? shared.Serial : null, kindMember, ref serial, ref kind);
        if (outcome != DecodeOutcome.Decoded) return _fixed with { Refusal = outcome, Device = null };
        var found = devices.Shared ? Owner(devices, serial.Trim((byte)' ')) : _fixed;
        if (found.Device is not { } device || _ending is not null || device.Profile.Json!.Envelope is not { KindMember: { } own } envelope) return found;
        // Devices of one topic agree on where the serial stands, not necessarily on the rest.
        if (!own.AsSpan().SequenceEqual(kindMember))
        {
            kind = stackalloc byte[EnvelopeScan.TextBytesMax];
            EnvelopeScan.Read(payload, null, own, ref serial, ref kind);
        }
        return envelope.KindOf(kind) is { } said ? found with { Kind = said } : found with { Refusal = DecodeOutcome.UnknownKind, Device = null };
    }

    private MqttSender Owner(TopicDevices devices, ReadOnlySpan<byte> serial)
    {
        if (serial.IsEmpty) return _fixed with { Refusal = DecodeOutcome.NoSerial };
        if (devices.Find(serial) is { } known) return new MqttSender(known, _ending ?? known.Profile.Device.Life, DecodeOutcome.Decoded, false, devices.Topic, known.Device!.Kind);
        string id = Encoding.UTF8.GetString(serial), address = MqttAddress.Of(devices.Topic, id);
        var stranger = _directory.Unregistered(LinkKind.Mqtt, address, NameOf(id, _broker), devices.First.Profile, out bool isNew, _broker);
        return new MqttSender(stranger, _fixed.Kind, stranger is null ? DecodeOutcome.TooManyUnregistered : DecodeOutcome.Decoded, isNew, address, _fixed.DeviceKind);
    }

    /// <summary>Strangers of one name on two brokers are two series in the store.</summary>
    private static string NameOf(string id, string? broker) => broker is null ? id : $"{id}@{broker}";

    private static MqttTopicRoute Unreadable(ReadOnlySpan<byte> topic, DeviceDirectory directory, string? broker, DecodeOutcome why) =>
        new(topic, directory, broker, new MqttSender(null, ReadingKind.Status, why, false, null, null));
}

/// <summary>Who sent a message.</summary>
/// <param name="Device">Null when nobody can read it; <paramref name="Refusal"/> says why.</param>
/// <param name="IsNewStranger">The engine has to be told that this device exists. Says so once, or for every message of a topic of its own: ask only at a device's first message on a connection.</param>
/// <param name="Address">Its address on this link; null when the topic is nobody's.</param>
/// <param name="DeviceKind">Kind of device, as far as the topic tells.</param>
internal readonly record struct MqttSender(DeviceRoute? Device, ReadingKind Kind, DecodeOutcome Refusal, bool IsNewStranger, string? Address, string? DeviceKind);

using System.Text;
using Gateway.Decoding;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;

namespace Gateway.Links.Mqtt;

/// <summary>What a topic means: which device, which kind of message. Resolved once for each topic of a connection.</summary>
/// <param name="Device">Null when nobody can read it; <paramref name="Refusal"/> says why.</param>
/// <param name="IsNewStranger">The engine has to be told that this device exists.</param>
internal sealed record MqttTopicRoute(byte[] Topic, DeviceRoute? Device, ReadingKind Kind, DecodeOutcome Refusal, bool IsNewStranger, string? DeviceKind)
{
    /// <summary>Default form of topics: <c>site/{site}/{kind}/{device}/{telemetry|heartbeat|status|event}</c>; a ledger entry may name another prefix.</summary>
    /// <param name="broker">The broker it came from: the same topic is another device on each. Null = our own listener.</param>
    public static MqttTopicRoute Resolve(ReadOnlySpan<byte> topic, DeviceDirectory directory, string? broker = null)
    {
        string text = Encoding.UTF8.GetString(topic);
        int slash = text.LastIndexOf('/');
        if (slash <= 0 || KindOf(text.AsSpan(slash + 1)) is not { } kind) return Unreadable(topic, DecodeOutcome.UnknownTopic);
        string address = text[..slash];
        if (directory.Find(LinkKind.Mqtt, address, broker) is { } known) return new MqttTopicRoute(topic.ToArray(), known, kind, DecodeOutcome.Decoded, false, known.Device!.Kind);
        string[] parts = address.Split('/');
        if (parts.Length != 4 || parts[0] != "site" || parts[3].Length is 0 or > 64) return Unreadable(topic, DecodeOutcome.UnknownTopic);
        var profile = directory.ProfileForUnregistered(parts[2], LinkKind.Mqtt);
        var stranger = directory.Unregistered(LinkKind.Mqtt, address, broker is null ? parts[3] : $"{parts[3]}@{broker}", profile, out bool isNew, broker);
        return stranger is null
            ? Unreadable(topic, profile is null ? DecodeOutcome.NoSuchMapping : DecodeOutcome.TooManyUnregistered)
            : new MqttTopicRoute(topic.ToArray(), stranger, kind, DecodeOutcome.Decoded, isNew, parts[2]);
    }

    private static MqttTopicRoute Unreadable(ReadOnlySpan<byte> topic, DecodeOutcome why) => new(topic.ToArray(), null, ReadingKind.Status, why, false, null);

    private static ReadingKind? KindOf(ReadOnlySpan<char> verb) => verb switch
    {
        "telemetry" => ReadingKind.Measurement,
        "heartbeat" => ReadingKind.Heartbeat,
        "event" => ReadingKind.Event,
        "status" => ReadingKind.Status,
        _ => null,
    };
}

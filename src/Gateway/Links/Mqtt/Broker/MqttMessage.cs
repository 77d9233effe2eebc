using System.Text;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>An application message on its way from one client to others. Immutable but for its key; shared by all queues it stands in.</summary>
/// <param name="Topic">UTF-8, checked.</param>
/// <param name="Properties">The properties a server passes on unchanged [MQTT-3.3.2-4, -15, -18], raw; empty from a 3.1.1 client.</param>
/// <param name="ExpiresAtMs">Ms of the gateway's timeline after which it is worth nothing; <see cref="Never"/> when it carries no expiry.</param>
internal sealed record MqttMessage(byte[] Topic, byte[] Payload, byte[] Properties, int Qos, bool Retain, long ExpiresAtMs)
{
    public const long Never = long.MaxValue;

    /// <summary>Key of its row in the store, 0 = none yet. The store's alone.</summary>
    public long StoredAs { get; set; }

    public int Bytes => Topic.Length + Payload.Length + Properties.Length;

    public string TopicText => Encoding.UTF8.GetString(Topic);

    public static long ExpiryOf(uint? seconds, long nowMs) => seconds is { } s ? nowMs + 1000L * s : Never;

    public bool IsExpired(long nowMs) => nowMs >= ExpiresAtMs;

    /// <summary>What is left of the expiry when it is sent [MQTT-3.3.2-6]; null when it has none.</summary>
    public uint? SecondsLeft(long nowMs) => ExpiresAtMs == Never ? null : (uint)Math.Clamp((ExpiresAtMs - nowMs + 999) / 1000, 1, uint.MaxValue);
}

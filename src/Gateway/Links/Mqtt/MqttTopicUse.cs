using Gateway.Links.Mqtt.Broker;

namespace Gateway.Links.Mqtt;

/// <summary>What one connection needs to know about one topic it publishes to; worked out at its first message.</summary>
internal sealed class MqttTopicUse(byte[] topic, MqttTopicRoute? route, TopicMatch match)
{
    public byte[] Topic => topic;

    /// <summary>What it means to the engine; null = the client has no right to it.</summary>
    public MqttTopicRoute? Route => route;

    /// <summary>Its subscribers; worked out anew when a subscription changed.</summary>
    public TopicMatch Match { get; set; } = match;
}

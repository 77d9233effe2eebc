namespace Gateway.Links.Mqtt.Broker;

/// <summary>Who gets the messages of one topic, worked out once and good as long as no subscription changes. One delivery a client, however many of its filters match [§3.3.4].</summary>
internal sealed class TopicMatch
{
    private readonly Target[] _targets;
    private readonly List<Subscription> _plain;
    private readonly bool _anyNoLocal;

    public TopicMatch(int version, List<Subscription> plain, SharedGroup[] shared)
    {
        (Version, Shared, _plain) = (version, shared, plain);
        _anyNoLocal = plain.Exists(s => s.NoLocal);
        _targets = Targets(plain);
    }

    /// <summary>The broker's version it was worked out at.</summary>
    public int Version { get; }

    public SharedGroup[] Shared { get; }

    public bool Any => _targets.Length > 0 || Shared.Length > 0;

    /// <summary>The receivers of a message that this session published; subscriptions with No Local do not bring it back to its sender [MQTT-3.8.3-3].</summary>
    public Target[] TargetsFor(MqttSession? from) =>
        _anyNoLocal && from is not null && _plain.Exists(s => IsOwn(s, from)) ? Targets(_plain.FindAll(s => !IsOwn(s, from))) : _targets;

    // By client id: the Will of a session that was taken over is its client's own message too.
    private static bool IsOwn(Subscription s, MqttSession from) => s.NoLocal && string.Equals(s.Session.ClientId, from.ClientId, StringComparison.Ordinal);

    private static Target[] Targets(List<Subscription> subscriptions) =>
        [.. subscriptions.GroupBy(s => s.Session).Select(g => new Target(g.Key, g.Max(s => s.Qos), g.Any(s => s.RetainAsPublished), [.. g.Where(s => s.Identifier > 0).Select(s => s.Identifier).Distinct()]))];
}

/// <param name="Qos">The highest any of the client's matching filters asked for [MQTT-3.3.5-1].</param>
internal readonly record struct Target(MqttSession Session, int Qos, bool RetainAsPublished, uint[] Identifiers);

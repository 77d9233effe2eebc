using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.MqttClient;

/// <summary>Our end of the session on one broker: what outlives its connections, as long as the process lives [§4.1].</summary>
/// <remarks>Owned by the connection there is; one ends before the next begins.</remarks>
internal sealed class BrokerSession(BrokerOptions options, MqttIntake intake, IReadOnlyList<MqttSubscription> wanted, IBrokerMemory memory)
{
    /// <summary>Far above what devices of one site publish to; a broker that makes up topics without end costs a look-up each.</summary>
    private const int TopicsMax = 20_000;

    private readonly Dictionary<byte[], MqttTopicRoute> _topics = new(0, Utf8Comparer.Instance);
    private MqttTopicRoute? _last;
    private int _version;

    public BrokerOptions Options => options;

    public IReadOnlyList<MqttSubscription> Wanted => wanted;

    public MqttIntake Intake => intake;

    public IngestBuffer Ingest => intake.Ingest;

    public BrokerTally Tally { get; } = new();

    public PacketIds Ids { get; } = new();

    public OutboundMessages Outbound => field ??= new OutboundMessages(Ids, Tally);

    /// <summary>Ours, or the one the broker gave us [§3.2.2.3.7].</summary>
    public string ClientId { get; set; } = options.ClientId ?? "";

    /// <summary>QoS 2 messages taken in and not released yet: the same id is the same message [MQTT-4.3.3-10]. A killed process forgets them; the broker then sends again what it had no PUBREC for, and the repeat overwrites itself in the store (SeriesClock).</summary>
    public HashSet<ushort> Received { get; } = [];

    public MqttArrivals Arrivals { get; } = new();

    /// <summary>The devices that spoke through it.</summary>
    public MqttTalkers Talkers => field ??= new MqttTalkers(Arrivals);

    private string Name => $"{options.Address} {ClientId}";

    /// <summary>The broker knows us, or does not: then what we remember of the session is void [MQTT-3.2.2-5].</summary>
    public void Begin(MqttConnack connack, long nowMs)
    {
        if (connack.AssignedClientId is { } given) ClientId = given;
        if (!connack.SessionPresent) Received.Clear();
        Arrivals.Begin(nowMs, connack.SessionPresent);
        Outbound.Open(OutboundLimits.Of(options.ProtocolVersion, connack), connack.SessionPresent);
    }

    /// <summary>What has to be subscribed to, and what to be dropped.</summary>
    public SubscriptionPlan Plan(bool sessionPresent) => SubscriptionPlan.Of(wanted, SubscriptionPlan.FromText(Name, memory.Subscriptions(options.Id)), sessionPresent);

    /// <summary>Before anything is asked for: all that may be there from now on. A crash in between then leaves nothing on the broker that we do not know of.</summary>
    public Task RememberBeforeAsync(SubscriptionPlan plan) =>
        memory.RememberAsync(options.Id, SubscriptionPlan.ToText(Name, wanted.Except(plan.Ask).Concat(plan.Drop.Concat(plan.Ask.Select(a => a.Filter)).Select(Unsure))));

    /// <summary>What the broker granted.</summary>
    public Task RememberAsync(IEnumerable<string> refused) => memory.RememberAsync(options.Id, SubscriptionPlan.ToText(Name, wanted.ExceptBy(refused, w => w.Filter)));

    /// <summary>What a topic means; worked out at its first message.</summary>
    public MqttTopicRoute RouteOf(ReadOnlySpan<byte> topic)
    {
        if (_version != intake.Version)
        {
            (_version, _last) = (intake.Version, null);
            _topics.Clear();
        }
        if (_last is { } last && topic.SequenceEqual(last.Topic)) return last;
        if (_topics.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(topic, out var known)) return _last = known;
        var route = intake.Resolve(topic);
        if (_topics.Count < TopicsMax) _topics.Add(route.Topic, route);
        return _last = route;
    }

    /// <summary>A QoS nobody wants: it is asked for again, or dropped, whatever became of it.</summary>
    private static MqttSubscription Unsure(string filter) => SubscriptionPlan.Subscription(filter, 9);
}

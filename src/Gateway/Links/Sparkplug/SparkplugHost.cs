using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Protocols.SparkplugB;

namespace Gateway.Links.Sparkplug;

/// <summary>
/// The gateway as Sparkplug B 3.0 host application: keeps the sessions of all edge nodes of one carrier, puts their messages in order, turns metrics into
/// readings, and asks for a rebirth when it no longer understands a node. A state machine without clock or socket: the carrier brings time and messages.
/// </summary>
/// <remarks>
/// <b>Threading</b>: any thread; one lock, under which nothing waits. <c>publish</c> is called outside it. <b>Limits</b>: every table, list and length, by
/// <see cref="SparkplugOptions"/> and <see cref="SparkplugLimits"/>. <b>Source</b>: Sparkplug 3.0 §5; what it leaves open is decided in
/// <c>Gateway.Protocols/SparkplugB/FORMAT.md</c>.
/// </remarks>
public sealed partial class SparkplugHost
{
    public const string Name = "sparkplug";

    private const int SampleBytesMax = 64;

    private readonly SparkplugOptions _options;
    private readonly DeviceDirectory _directory;
    private readonly IngestBuffer _ingest;
    private readonly RefusedMessages _refused;
    private readonly Action<byte[], byte[], int, bool> _publish;
    private readonly byte[] _hostId;
    private readonly string? _broker;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, EdgeNode> _nodes = new(StringComparer.Ordinal);
    private readonly SparkplugDecoder _decoder;
    private readonly SparkplugPayload _incoming;
    private readonly SparkplugPayload _released;
    private readonly List<Publication> _outbox = [];
    // The latest time anybody said: messages that waited are older, and carrier threads are a little apart.
    private long _nowMs;
    private int _strangerNodes;
    private int _strangerDevices;
    private long _heldBytes;
    private long _gaps;
    private long _rebirths;
    private long _skippedMetrics;

    /// <param name="broker">The broker that carries it, as the ledger's devices name it; null = our own listener.</param>
    /// <param name="publish">Sends a message over the carrier: topic, payload, QoS, retain. Must not block; while the carrier is lost it is not called.</param>
    public SparkplugHost(SparkplugOptions options, DeviceDirectory directory, TextTable texts, IngestBuffer ingest, RefusedMessages refused, Action<byte[], byte[], int, bool> publish, string? broker = null)
    {
        _broker = broker;
        (_options, _directory, _ingest, _refused, _publish) = (options, directory, ingest, refused, publish);
        _hostId = Encoding.UTF8.GetBytes(options.HostId);
        _decoder = new SparkplugDecoder(texts, ingest);
        (_incoming, _released) = (new SparkplugPayload(options.MetricsMax), new SparkplugPayload(options.MetricsMax));
        foreach (var route in directory.Registered.Where(r => r.Device!.Link == LinkKind.Sparkplug && r.Device.Broker == broker)) Expect(route);
    }

    /// <summary>Takes one message of the carrier.</summary>
    /// <param name="retained">The broker kept it: it says what was, not what is.</param>
    /// <param name="receivedAtMs">When the carrier had it whole, ms of the gateway's timeline.</param>
    public SparkplugOutcome Take(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, bool retained, long receivedAtMs)
    {
        if (!_options.Enabled) return new SparkplugOutcome(SparkplugAnswer.NotSparkplug);
        var verdict = SparkplugTopic.TryParse(topic, out var parsed);
        if (verdict == SparkplugTopicVerdict.Foreign) return new SparkplugOutcome(SparkplugAnswer.NotSparkplug);
        if (verdict == SparkplugTopicVerdict.Malformed) return RefuseTopic(DecodeOutcome.UnknownTopic, topic);
        SparkplugOutcome outcome;
        Publication[] due;
        lock (_gate)
        {
            _nowMs = Math.Max(_nowMs, receivedAtMs);
            outcome = parsed.Type switch
            {
                SparkplugMessageType.State => State(parsed.Node, payload, receivedAtMs),
                // Commands are for nodes, whoever gives them.
                SparkplugMessageType.NCmd or SparkplugMessageType.DCmd => Taken,
                _ => OfNode(parsed, topic, payload, retained, receivedAtMs),
            };
            due = Due();
        }
        Send(due);
        return outcome;
    }

    /// <summary>Lets time pass: gaps that were not filled are given up, rebirth requests that had to wait go out. Call about once a second.</summary>
    public void Tick(long nowMs)
    {
        Publication[] due;
        lock (_gate)
        {
            _nowMs = Math.Max(_nowMs, nowMs);
            foreach (var node in _nodes.Values)
            {
                if (node.Held.OldestMs is { } since && _nowMs - since >= _options.ReorderTimeoutMs) GiveUp(node);
                Release(node);
                if (node.RebirthWanted) AskRebirth(node);
            }
            due = Due();
        }
        Send(due);
    }

    public SparkplugFigures Figures()
    {
        lock (_gate)
        {
            return new SparkplugFigures(_nodes.Values.Count(n => n.IsBorn), _nodes.Values.Sum(n => n.Devices.Values.Count(d => d.IsBorn)),
                _nodes.Values.Sum(n => n.Held.Count), _gaps, _rebirths, _skippedMetrics);
        }
    }

    private static SparkplugOutcome Taken => new(SparkplugAnswer.Taken);

    private static SparkplugOutcome Full => new(SparkplugAnswer.Full);

    /// <summary>What the ledger names is known from the start, so that strangers can never take its room.</summary>
    private void Expect(DeviceRoute route)
    {
        string[] ids = route.Device!.Address.Split('/');
        string address = $"{ids[0]}/{ids[1]}";
        if (!_nodes.TryGetValue(address, out var node)) _nodes[address] = node = new EdgeNode(ids[0], ids[1]);
        var source = node.Self;
        if (ids.Length == 3) node.Devices[ids[2]] = source = new SparkplugSource(route.Device.Address);
        source.Route = route;
    }

    private SparkplugOutcome OfNode(in SparkplugTopic topic, ReadOnlySpan<byte> topicBytes, ReadOnlySpan<byte> payload, bool retained, long atMs)
    {
        var node = FindNode(topic);
        if (node is not null && !Release(node)) return Full;
        string address = node?.Address ?? "";
        if (_incoming.Read(payload) != SparkplugVerdict.Read) return Refuse(DecodeOutcome.BadFrame, address, payload);
        if (node is null && topic.Type == SparkplugMessageType.NDeath) return RefuseTopic(DecodeOutcome.StaleDeath, topicBytes);
        if (node is null && retained) return RefuseTopic(DecodeOutcome.BeforeBirth, topicBytes);
        node ??= AddNode(topic);
        if (node is null) return RefuseTopic(DecodeOutcome.TooManyUnregistered, topicBytes);
        var outcome = retained ? Retained(node, topic, payload, atMs) : topic.Type switch
        {
            SparkplugMessageType.NBirth => NodeBirth(node, payload, atMs),
            SparkplugMessageType.NDeath => NodeDeath(node, payload, atMs),
            _ => InOrder(node, topic, payload, atMs),
        };
        if (outcome.Answer != SparkplugAnswer.Full) _skippedMetrics += _incoming.Skipped;
        return outcome;
    }

    private EdgeNode? FindNode(in SparkplugTopic topic)
    {
        Span<char> address = stackalloc char[2 * SparkplugLimits.IdBytesMax + 1];
        int length = Encoding.UTF8.GetChars(topic.Group, address);
        address[length++] = '/';
        length += Encoding.UTF8.GetChars(topic.Node, address[length..]);
        return _nodes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(address[..length], out var node) ? node : null;
    }

    private EdgeNode? AddNode(in SparkplugTopic topic)
    {
        if (_strangerNodes >= _options.NodesMax) return null;
        _strangerNodes++;
        var node = new EdgeNode(Encoding.UTF8.GetString(topic.Group), Encoding.UTF8.GetString(topic.Node));
        _nodes.Add(node.Address, node);
        return node;
    }

    /// <summary>The node itself where no device is named; null for a device that has no birth here.</summary>
    private static SparkplugSource? FindSource(EdgeNode node, ReadOnlySpan<char> device) =>
        device.IsEmpty ? node.Self : node.Devices.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(device, out var source) ? source : null;

    private SparkplugSource? AddDevice(EdgeNode node, ReadOnlySpan<char> device)
    {
        if (IsFull) return null;
        _strangerDevices++;
        var source = new SparkplugSource($"{node.Address}/{device}");
        node.Devices.Add(device.ToString(), source);
        return source;
    }

    private bool IsFull => _strangerDevices >= _options.DevicesMax;

    /// <summary>Counts it. The sample a person sees is the payload's first bytes in hex: it is no text.</summary>
    private SparkplugOutcome Refuse(DecodeOutcome reason, string address, ReadOnlySpan<byte> payload)
    {
        Span<byte> hex = stackalloc byte[2 * SampleBytesMax];
        Convert.TryToHexStringLower(payload[..Math.Min(payload.Length, SampleBytesMax)], hex, out int written);
        _refused.Count(Name, reason, address, hex[..written]);
        return new SparkplugOutcome(SparkplugAnswer.Refused, reason);
    }

    private SparkplugOutcome RefuseTopic(DecodeOutcome reason, ReadOnlySpan<byte> topic)
    {
        _refused.Count(Name, reason, "", topic);
        return new SparkplugOutcome(SparkplugAnswer.Refused, reason);
    }

    private Publication[] Due()
    {
        if (_outbox.Count == 0) return [];
        Publication[] due = [.. _outbox];
        _outbox.Clear();
        return due;
    }

    private void Send(Publication[] due)
    {
        foreach (var (topic, payload, qos, retain) in due) _publish(topic, payload, qos, retain);
    }

    private readonly record struct Publication(byte[] Topic, byte[] Payload, int Qos, bool Retain);
}

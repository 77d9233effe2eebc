using System.Text;
using Gateway.Decoding;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>Messages from the client [§3.3, §4.3]: to the engine, to subscribers, and the acknowledgement after the commit.</summary>
internal sealed partial class MqttConnection
{
    private const int TopicsMax = 256;

    /// <summary>A longer topic is looked up anew each time: what a connection remembers is bounded in bytes too.</summary>
    private const int TopicBytesMax = 256;

    /// <summary>Topics that aliases stand for, together.</summary>
    private const int AliasBytesMax = 64 * 1024;

    private const int PatienceMsMax = 128;

    private MqttTopicUse? _lastTopic;
    private Dictionary<byte[], MqttTopicUse>? _topics;
    private int _topicsVersion;
    private byte[]?[]? _aliases;
    private int _aliasBytes;
    private int _inflight;
    private int _pubrecs;
    private double _allowance;
    private long _allowanceAt;
    private bool _tooFast;
    private int _patienceMs;

    /// <summary>Devices that spoke through it.</summary>
    public MqttTalkers Talkers { get; } = new();

    private Next Publish(in MqttPublish publish, long receivedAtMs, out MqttVerdict verdict)
    {
        var options = _link.Options;
        var session = _session!;
        if (publish.Qos > 0 && Volatile.Read(ref _inflight) >= options.InflightMax && _version != MqttVersion.V5) return Wait(out verdict);
        verdict = MqttVerdict.Ok;
        if (!IsWithinRate()) return Wait(out verdict);
        var topic = publish.Topic;
        if (publish.TopicAlias > 0 && Alias(publish.TopicAlias, ref topic, out verdict) == Next.End) return Next.End;
        // A QoS 2 message that comes again before its PUBREL is the same message [MQTT-4.3.3-10].
        if (publish.Qos == 2 && session.HasReceived(publish.PacketId)) return Owe(publish, MqttReason.Success);
        if (_version == MqttVersion.V5 && publish.Qos > 0 && Volatile.Read(ref _inflight) - Volatile.Read(ref _pubrecs) + session.ReceivedHere >= options.InflightMax)
            return Against(MqttReason.ReceiveMaximumExceeded, $"more than {options.InflightMax} messages at once", "MQTT-3.3.4-7", out verdict);
        var use = UseOf(topic);
        if (use.Route is not { } route)
        {
            _link.Tally.Denied();
            _link.Intake.Refuse(DecodeOutcome.NotAllowed, ClientId, topic);
            return Owe(publish, MqttReason.NotAuthorized);
        }
        var match = MatchOf(use);
        bool alone = !publish.Retain && !match.Any;
        if ((!alone || publish.Qos == 2) && !_link.HasRoomForSessions) return Wait(out verdict);
        // The plain way of a device: nobody else wants it, and one lock takes reading and acknowledgement together.
        bool together = alone && publish.Qos == 1;
        if (together) Interlocked.Increment(ref _inflight);
        var outcome = _link.Intake.Take(Talkers, route, publish.Payload, publish.Retain, receivedAtMs, together ? this : null, Token(MqttPacketType.Puback, publish.PacketId));
        if (together && outcome != IntakeOutcome.Taken) Interlocked.Decrement(ref _inflight);
        if (outcome == IntakeOutcome.Full) return Wait(out verdict);
        _link.Tally.Received();
        if (together && outcome == IntakeOutcome.Taken) return Next.Read;
        bool unheard = outcome == IntakeOutcome.NotForUs && !match.Any;
        if (unheard && !publish.Retain) _link.Intake.Refuse(route.Refusal, ClientId, topic);
        if (!alone || publish.Qos == 2) Distribute(publish, use, match, receivedAtMs);
        return Owe(publish, unheard ? MqttReason.NoMatchingSubscribers : MqttReason.Success);
    }

    /// <summary>Queues of subscribers and the fact that this packet id was taken reach the disk in one commit, or a crash between them would deliver a QoS 2 message twice, or never.</summary>
    private void Distribute(in MqttPublish publish, MqttTopicUse use, TopicMatch match, long nowMs)
    {
        using var group = _link.Broker.Group();
        // The same message may be coming in by an older connection of the session at this very moment: one of them has it.
        if (publish.Qos == 2 && !_session!.Receive(publish.PacketId)) return;
        if (publish.Retain || match.Any)
        {
            byte[] properties = new byte[MqttProperties.ForwardableLength(publish.Properties)];
            MqttProperties.CopyForwardable(publish.Properties, properties);
            var message = new MqttMessage(use.Topic, publish.Payload.ToArray(), properties, publish.Qos, publish.Retain, MqttMessage.ExpiryOf(publish.MessageExpirySeconds, nowMs));
            _link.Broker.Route(message, match, _session, _touched ??= []);
        }
    }

    /// <summary>The answer takes its turn behind what is being committed [MQTT-4.6.0-2].</summary>
    private Next Owe(in MqttPublish publish, MqttReason reason)
    {
        if (publish.Qos == 0) return Next.Read;
        Interlocked.Increment(ref _inflight);
        if (publish.Qos == 2) Interlocked.Increment(ref _pubrecs);
        var type = publish.Qos == 2 ? MqttPacketType.Pubrec : MqttPacketType.Puback;
        _link.Intake.Ingest.AppendAck(this, Token(type, publish.PacketId, _version == MqttVersion.V5 ? reason : MqttReason.Success));
        return Next.Read;
    }

    /// <summary>Sets up or looks up a topic alias [§3.3.2.3.4].</summary>
    private Next Alias(int alias, ref ReadOnlySpan<byte> topic, out MqttVerdict verdict)
    {
        verdict = MqttVerdict.Ok;
        int most = _link.Options.TopicAliasMax;
        if (alias > most) return Against(MqttReason.TopicAliasInvalid, $"topic alias {alias}, expected at most {most}", "MQTT-3.3.2-9", out verdict);
        _aliases ??= new byte[most + 1][];
        ReadOnlySpan<byte> known = _aliases[alias];
        if (topic.IsEmpty)
        {
            topic = known;
            return known.IsEmpty ? Against(MqttReason.ProtocolError, $"topic alias {alias} without a topic, and none was set up", "§3.3.2.3.4", out verdict) : Next.Read;
        }
        if (topic.SequenceEqual(known)) return Next.Read;
        _aliasBytes += topic.Length - known.Length;
        if (_aliasBytes > AliasBytesMax) return Against(MqttReason.QuotaExceeded, $"topic aliases for more than {AliasBytesMax} bytes of topics", "§4.13", out verdict);
        _aliases[alias] = topic.ToArray();
        return Next.Read;
    }

    private MqttTopicUse UseOf(ReadOnlySpan<byte> topic)
    {
        if (_rightsMoved || _topicsVersion != _link.Intake.Version) (_rightsMoved, _topicsVersion, _topics, _lastTopic) = (false, _link.Intake.Version, null, null);
        if (_lastTopic is { } last && topic.SequenceEqual(last.Topic)) return last;
        _topics ??= new Dictionary<byte[], MqttTopicUse>(0, Utf8Comparer.Instance);
        if (_topics.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(topic, out var known)) return _lastTopic = known;
        // Without the right to it the topic is not even looked at: a stranger's device must not come into being by it. What begins with $ is the server's own [§4.7.2].
        var route = topic[0] != (byte)'$' && _identity!.Rights.MayPublish(topic) ? _link.Intake.Resolve(topic) : null;
        var use = new MqttTopicUse(topic.ToArray(), route, _link.Broker.Match(Encoding.UTF8.GetString(topic)));
        // A client that makes up topics without end costs itself a look-up each, and us nothing.
        if (_topics.Count < TopicsMax && topic.Length <= TopicBytesMax) _topics.Add(use.Topic, use);
        return _lastTopic = use;
    }

    private TopicMatch MatchOf(MqttTopicUse use)
    {
        if (use.Match.Version != _link.Broker.Version) use.Match = _link.Broker.Match(Encoding.UTF8.GetString(use.Topic));
        return use.Match;
    }

    /// <summary>A token bucket of one second [DESIGN §8: limits on everything]. False: read on a little later.</summary>
    private bool IsWithinRate()
    {
        int perSecond = _link.Options.MessagesPerSecondMax;
        if (perSecond == 0) return true;
        if (_allowance < 1)
        {
            long now = _link.Time.GetTimestamp();
            double seconds = _allowanceAt == 0 ? 1 : _link.Time.GetElapsedTime(_allowanceAt, now).TotalSeconds;
            _allowance = Math.Min(perSecond, _allowance + seconds * perSecond);
            _allowanceAt = now;
            if (_allowance < 1)
            {
                _tooFast = true;
                return false;
            }
        }
        _allowance--;
        return true;
    }

    private static Next Wait(out MqttVerdict verdict)
    {
        verdict = MqttVerdict.Ok;
        return Next.Wait;
    }

    private async Task WaitForRoomAsync()
    {
        _heldBack = true;
        if (_tooFast)
        {
            _tooFast = false;
            _link.Tally.Slowed();
            await Task.Delay(TimeSpan.FromMilliseconds(20), _link.Time);
        }
        else if (Volatile.Read(ref _inflight) >= _link.Options.InflightMax || !_link.HasRoomForSessions || !MayAsk())
        {
            // A commit is a matter of milliseconds; a disk that refuses is not, and then a thousand connections must not keep asking.
            _patienceMs = Math.Clamp(2 * _patienceMs, 2, PatienceMsMax);
            await Task.Delay(TimeSpan.FromMilliseconds(_patienceMs), _link.Time);
        }
        else await _link.Intake.Ingest.SpaceAsync();
        Volatile.Write(ref _lastReceived, _link.Time.GetTimestamp());
        _heldBack = false;
    }
}

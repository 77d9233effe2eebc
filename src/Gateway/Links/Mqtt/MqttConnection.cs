using System.Buffers;
using System.Buffers.Binary;
using Gateway.Decoding;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Protocols.Mqtt;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Links.Mqtt;

/// <summary>One device connection: reads packets, hands readings to the ingest buffer, answers after the commit. The reading half runs on the listener's polling thread and never blocks.</summary>
internal sealed class MqttConnection(ConnectionContext context, MqttLink link) : IAcknowledge
{
    private const int TopicsMax = 256;
    private const long Qos2 = 1L << 16;

    // One decoder for each polling thread: decoding never spans two reads.
    [ThreadStatic]
    private static (JsonDecoder Decoder, DecodedMessage Message)? _scratch;

    private readonly MqttOutbound _out = new(context.Transport.Output, why => link.Abort(context, why));
    private readonly Dictionary<int, DeviceRoute> _devices = [];
    private readonly List<MqttTopicRoute> _topics = [];
    private readonly HashSet<ushort> _unreleased = [];
    private MqttTopicRoute? _lastTopic;
    private DeviceRoute? _lastDevice;
    private int _inflight;
    private bool _disconnected;
    private byte[]? _scratchBytes;

    public string ClientId { get; private set; } = "";

    public MqttConnect? Connect { get; private set; }

    public ConnectionContext Context => context;

    public long OpenedTimestamp { get; } = link.Time.GetTimestamp();

    /// <summary>When the last packet came; the keep-alive is judged on it.</summary>
    public long LastReceivedTimestamp => Volatile.Read(ref _lastReceived);

    private long _lastReceived = link.Time.GetTimestamp();

    /// <summary>Another connection took this client id: what happened here is no death.</summary>
    public bool TakenOver { get; set; }

    public async Task RunAsync()
    {
        var input = context.Transport.Input;
        string end = "closed by the device";
        try
        {
            while (true)
            {
                var result = await input.ReadAsync();
                var buffer = result.Buffer;
                Volatile.Write(ref _lastReceived, link.Time.GetTimestamp());
                var verdict = Take(ref buffer, out string? why);
                input.AdvanceTo(buffer.Start, verdict == Verdict.Full ? buffer.Start : buffer.End);
                if (verdict == Verdict.Close)
                {
                    end = why!;
                    break;
                }
                if (verdict == Verdict.Full) await WaitForRoomAsync();
                else if (result.IsCompleted) break;
            }
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            end = gone.Message;
        }
        _out.Flush();
        _out.Close();
        Closed(end);
    }

    bool IAcknowledge.Committed(long token)
    {
        Interlocked.Decrement(ref _inflight);
        return _out.Append(static (to, t) => MqttAnswer.Id(to, (t & Qos2) != 0 ? MqttPacketType.Pubrec : MqttPacketType.Puback, (ushort)t), token);
    }

    void IAcknowledge.Flush() => _out.Flush();

    /// <summary>A packet at a time until the buffer is used up; a packet that finds no room stays in the buffer.</summary>
    private Verdict Take(ref ReadOnlySequence<byte> buffer, out string? why)
    {
        why = null;
        long receivedAtMs = link.Clock.MsOf(_lastReceived);
        while (!buffer.IsEmpty)
        {
            var rest = buffer;
            var status = MqttFrame.TryRead(ref rest, link.Options.PacketBytesMax, out var frame);
            if (status == OperationStatus.NeedMoreData) break;
            if (status == OperationStatus.InvalidData)
            {
                why = $"malformed or larger than {link.Options.PacketBytesMax} bytes";
                return Verdict.Close;
            }
            var verdict = Handle(frame, receivedAtMs, out why);
            if (verdict == Verdict.Full) return verdict;
            buffer = rest;
            if (verdict == Verdict.Close) return verdict;
        }
        _out.Flush();
        return Verdict.GoOn;
    }

    private Verdict Handle(in MqttFrame frame, long receivedAtMs, out string? why)
    {
        why = null;
        var body = Contiguous(frame.Body);
        if (Connect is null && frame.Type != MqttPacketType.Connect) return Violation(out why, $"{frame.Type} before CONNECT");
        switch (frame.Type)
        {
            case MqttPacketType.Publish:
                return MqttPublish.TryParse(frame.Flags, body, out var publish) ? Publish(publish, receivedAtMs) : Violation(out why, "malformed PUBLISH");
            case MqttPacketType.Pubrel when frame.Flags == 2 && body.Length == 2:
                ushort id = BinaryPrimitives.ReadUInt16BigEndian(body);
                _unreleased.Remove(id);
                _out.Append(static (to, i) => MqttAnswer.Id(to, MqttPacketType.Pubcomp, i), id);
                return Verdict.GoOn;
            case MqttPacketType.Pingreq when frame.Flags == 0 && body.IsEmpty:
                _out.Append(static (to, _) => MqttAnswer.Pingresp(to), 0);
                return Verdict.GoOn;
            case MqttPacketType.Connect when Connect is null && frame.Flags == 0:
                return Accept(body, out why);
            case MqttPacketType.Disconnect when frame.Flags == 0 && body.IsEmpty:
                _disconnected = true;
                why = "disconnected";
                return Verdict.Close;
            case MqttPacketType.Subscribe when frame.Flags == 2:
                return Subscribe(body, out why);
            case MqttPacketType.Unsubscribe when frame.Flags == 2 && body.Length >= 2:
                _out.Append(static (to, i) => MqttAnswer.Id(to, MqttPacketType.Unsuback, i), BinaryPrimitives.ReadUInt16BigEndian(body));
                return Verdict.GoOn;
            default:
                return Violation(out why, $"unexpected {frame.Type} with flags {frame.Flags}");
        }
    }

    private Verdict Accept(ReadOnlySpan<byte> body, out string? why)
    {
        why = null;
        var verdict = MqttConnect.TryParse(body, out var connect, out byte level);
        if (verdict == MqttConnectVerdict.Accepted)
        {
            Connect = connect;
            ClientId = connect!.ClientId;
            link.Connected(this);
            _out.Append(static (to, _) => MqttAnswer.Connack(to, MqttReturnCode.Accepted), 0);
            return Verdict.GoOn;
        }
        if (verdict == MqttConnectVerdict.UnsupportedLevel && level == 5) _out.Append(static (to, _) => MqttAnswer.ConnackUnsupportedV5(to), 0);
        else if (verdict == MqttConnectVerdict.UnsupportedLevel) _out.Append(static (to, _) => MqttAnswer.Connack(to, MqttReturnCode.UnacceptableProtocolLevel), 0);
        else if (verdict == MqttConnectVerdict.ClientIdRejected) _out.Append(static (to, _) => MqttAnswer.Connack(to, MqttReturnCode.IdentifierRejected), 0);
        return Violation(out why, verdict == MqttConnectVerdict.UnsupportedLevel ? $"protocol level {level}, expected 4 (MQTT 3.1.1)" : "malformed CONNECT");
    }

    private Verdict Subscribe(ReadOnlySpan<byte> body, out string? why)
    {
        why = null;
        if (body.Length < 5) return Violation(out why, "malformed SUBSCRIBE");
        int filters = 0, at = 2;
        for (; at + 2 <= body.Length && filters < 100; filters++) at += 2 + BinaryPrimitives.ReadUInt16BigEndian(body[at..]) + 1;
        if (at != body.Length) return Violation(out why, "malformed SUBSCRIBE");
        _out.Append(static (to, s) => MqttAnswer.SubackRefused(to, s.Id, s.Filters), (Id: BinaryPrimitives.ReadUInt16BigEndian(body), Filters: filters));
        return Verdict.GoOn;
    }

    private Verdict Publish(in MqttPublish publish, long receivedAtMs)
    {
        if (publish.Qos > 0 && Volatile.Read(ref _inflight) >= link.Options.InflightMax) return Verdict.Full;
        // A QoS 2 message that comes again before its PUBREL is the same message [MQTT-4.3.3-2].
        bool repeated = publish.Qos == 2 && _unreleased.Contains(publish.PacketId);
        if (!repeated)
        {
            var sender = RouteOf(publish.Topic).SenderOf(publish.Payload);
            if (sender.Device is { } device)
            {
                Meet(sender, device, publish.Payload, receivedAtMs);
                if (sender.Kind == ReadingKind.Status) Status(device, publish.Payload, receivedAtMs);
                else if (Read(device, sender.Kind, publish, receivedAtMs) is { } verdict) return verdict;
            }
            else link.Refused.Count(MqttLink.Name, sender.Refusal, sender.Address ?? ClientId, sender.Address is null ? publish.Topic : publish.Payload);
        }
        if (publish.Qos == 2) _unreleased.Add(publish.PacketId);
        if (publish.Qos == 0) return Verdict.GoOn;
        // Nothing of it is kept, but the device is owed an answer, in its turn.
        Interlocked.Increment(ref _inflight);
        link.Ingest.AppendAck(this, Token(publish));
        return Verdict.GoOn;
    }

    /// <summary>Null = it became no reading.</summary>
    private Verdict? Read(DeviceRoute device, ReadingKind kind, in MqttPublish publish, long receivedAtMs)
    {
        var (decoder, message) = _scratch ??= (new JsonDecoder(link.Texts), new DecodedMessage());
        var outcome = decoder.Decode(device, publish.Payload, message, kind);
        if (outcome != DecodeOutcome.Decoded)
        {
            link.Refused.Count(MqttLink.Name, outcome, device.Id, publish.Payload);
            return null;
        }
        bool owed = publish.Qos > 0;
        if (owed) Interlocked.Increment(ref _inflight);
        if (link.Ingest.TryAppend(device, message, kind, publish.Retain ? ReadingFlags.Retained : ReadingFlags.None, receivedAtMs, owed ? this : null, Token(publish)))
        {
            if (publish.Qos == 2) _unreleased.Add(publish.PacketId);
            return Verdict.GoOn;
        }
        if (owed) Interlocked.Decrement(ref _inflight);
        return Verdict.Full;
    }

    private static long Token(in MqttPublish publish) => publish.PacketId | (publish.Qos == 2 ? Qos2 : 0);

    private void Status(DeviceRoute device, ReadOnlySpan<byte> payload, long receivedAtMs)
    {
        if (MqttStatus.SaysOffline(payload)) link.Ingest.AppendEvent(LinkEventKind.Died, receivedAtMs, device.Index, cause: PresenceCause.Will);
    }

    private MqttTopicRoute RouteOf(ReadOnlySpan<byte> topic)
    {
        if (_lastTopic is { } last && topic.SequenceEqual(last.Topic)) return last;
        foreach (var known in _topics)
            if (topic.SequenceEqual(known.Topic)) return _lastTopic = known;
        var route = MqttTopicRoute.Resolve(topic, link.Directory);
        if (_topics.Count < TopicsMax) _topics.Add(route);
        return _lastTopic = route;
    }

    /// <summary>The first message of a device on this connection makes it the connection's.</summary>
    private void Meet(in MqttSender sender, DeviceRoute device, ReadOnlySpan<byte> payload, long receivedAtMs)
    {
        if (ReferenceEquals(device, _lastDevice)) return;
        _lastDevice = device;
        if (!_devices.TryAdd(device.Index, device)) return;
        if (sender.IsNewStranger) link.Stranger(device, sender.Address!, sender.DeviceKind, payload, receivedAtMs);
        link.DeviceUp(device, this, receivedAtMs);
    }

    private async Task WaitForRoomAsync()
    {
        if (Volatile.Read(ref _inflight) >= link.Options.InflightMax) await Task.Delay(TimeSpan.FromMilliseconds(2), link.Time);
        else await link.Ingest.SpaceAsync();
    }

    private void Closed(string why)
    {
        long atMs = link.Clock.NowMs();
        link.Disconnected(this, why);
        foreach (var device in _devices.Values) link.DeviceDown(device, this, atMs);
        if (_disconnected || TakenOver || link.IsStopping || Connect?.Will is not { } will) return;
        var willed = MqttTopicRoute.Resolve(System.Text.Encoding.UTF8.GetBytes(will.Topic), link.Directory).Device;
        var dead = willed is not null ? [willed] : _devices.Values.ToList();
        foreach (var device in dead)
            if (link.IsOwner(device, this)) link.Ingest.AppendEvent(LinkEventKind.Died, atMs, device.Index, cause: PresenceCause.Will);
    }

    private ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment) return body.FirstSpan;
        int length = (int)body.Length;
        if (_scratchBytes is null || _scratchBytes.Length < length) _scratchBytes = new byte[Math.Max(length, 1024)];
        body.CopyTo(_scratchBytes);
        return _scratchBytes.AsSpan(0, length);
    }

    private static Verdict Violation(out string? why, string what)
    {
        why = what;
        return Verdict.Close;
    }

    private enum Verdict { GoOn, Full, Close }
}

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
        return _out.Append(static (to, t) => MqttWriter.Ack(to, MqttVersion.V311, (t & Qos2) != 0 ? MqttPacketType.Pubrec : MqttPacketType.Puback, (ushort)t), token);
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
            var status = MqttFrame.TryRead(ref rest, link.Options.PacketBytesMax, out var frame, out var refused);
            if (status == OperationStatus.NeedMoreData) break;
            if (status == OperationStatus.InvalidData)
            {
                why = refused.ToString();
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
                var verdict = MqttPublish.TryParse(frame.Flags, body, MqttVersion.V311, MqttRole.Client, out var publish);
                return verdict.IsOk ? Publish(publish, receivedAtMs) : Violation(out why, $"PUBLISH: {verdict}");
            case MqttPacketType.Pubrel when body.Length == 2:
                ushort id = BinaryPrimitives.ReadUInt16BigEndian(body);
                _unreleased.Remove(id);
                _out.Append(static (to, i) => MqttWriter.Ack(to, MqttVersion.V311, MqttPacketType.Pubcomp, i), id);
                return Verdict.GoOn;
            case MqttPacketType.Pingreq:
                _out.Append(static (to, _) => MqttWriter.Pingresp(to), 0);
                return Verdict.GoOn;
            case MqttPacketType.Connect when Connect is null:
                return Accept(body, out why);
            case MqttPacketType.Disconnect when body.IsEmpty:
                _disconnected = true;
                why = "disconnected";
                return Verdict.Close;
            case MqttPacketType.Subscribe:
                return Subscribe(body, out why);
            case MqttPacketType.Unsubscribe when body.Length >= 2:
                _out.Append(static (to, i) => MqttWriter.Unsuback(to, MqttVersion.V311, i, []), BinaryPrimitives.ReadUInt16BigEndian(body));
                return Verdict.GoOn;
            default:
                return Violation(out why, $"unexpected {frame.Type} with flags {frame.Flags}");
        }
    }

    private Verdict Accept(ReadOnlySpan<byte> body, out string? why)
    {
        why = null;
        var verdict = MqttConnect.TryParse(body, out var connect, out byte level);
        if (verdict.IsOk && connect!.Version == MqttVersion.V311)
        {
            Connect = connect;
            ClientId = connect.ClientId;
            link.Connected(this);
            Answer(MqttVersion.V311, MqttReason.Success);
            return Verdict.GoOn;
        }
        if (level == (byte)MqttVersion.V5) Answer(MqttVersion.V5, MqttReason.UnsupportedProtocolVersion);
        else if (verdict.Reason is MqttReason.UnsupportedProtocolVersion or MqttReason.ClientIdentifierNotValid) Answer(MqttVersion.V311, verdict.Reason);
        return Violation(out why, $"CONNECT of level {level}: {verdict}");
    }

    private void Answer(MqttVersion version, MqttReason reason) =>
        _out.Append(static (to, a) => MqttWriter.Connack(to, a.version, new MqttConnack { Reason = a.reason }), (version, reason));

    private Verdict Subscribe(ReadOnlySpan<byte> body, out string? why)
    {
        why = null;
        var parsed = MqttSubscribe.TryParse(body, MqttVersion.V311, out var subscribe);
        if (!parsed.IsOk) return Violation(out why, $"SUBSCRIBE: {parsed}");
        byte[] refusals = new byte[subscribe!.Subscriptions.Count];
        Array.Fill(refusals, (byte)MqttReason.UnspecifiedError);
        _out.Append(static (to, s) => MqttWriter.Suback(to, MqttVersion.V311, s.PacketId, s.refusals), (subscribe.PacketId, refusals));
        return Verdict.GoOn;
    }

    private Verdict Publish(in MqttPublish publish, long receivedAtMs)
    {
        if (publish.Qos > 0 && Volatile.Read(ref _inflight) >= link.Options.InflightMax) return Verdict.Full;
        // A QoS 2 message that comes again before its PUBREL is the same message [MQTT-4.3.3-2].
        bool repeated = publish.Qos == 2 && _unreleased.Contains(publish.PacketId);
        if (!repeated)
        {
            var topic = RouteOf(publish.Topic, publish.Payload, receivedAtMs);
            if (topic.Device is not { } device) link.Refused.Count(MqttLink.Name, topic.Refusal, ClientId, publish.Topic);
            else if (topic.Kind == ReadingKind.Status) Status(device, publish.Payload, receivedAtMs);
            else if (Read(device, topic.Kind, publish, receivedAtMs) is { } verdict) return verdict;
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
        var outcome = decoder.Decode(device, publish.Payload, message);
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

    private MqttTopicRoute RouteOf(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, long receivedAtMs)
    {
        if (_lastTopic is { } last && topic.SequenceEqual(last.Topic)) return last;
        foreach (var known in _topics)
            if (topic.SequenceEqual(known.Topic)) return _lastTopic = known;
        var route = MqttTopicRoute.Resolve(topic, link.Directory);
        if (_topics.Count < TopicsMax) _topics.Add(route);
        if (route.Device is { } device)
        {
            if (route.IsNewStranger) link.Stranger(device, System.Text.Encoding.UTF8.GetString(topic[..topic.LastIndexOf((byte)'/')]), route.DeviceKind, payload, receivedAtMs);
            if (_devices.TryAdd(device.Index, device)) link.DeviceUp(device, this, receivedAtMs);
        }
        return _lastTopic = route;
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
        var willed = MqttTopicRoute.Resolve(will.Topic, link.Directory).Device;
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

using System.Buffers;
using System.IO.Pipelines;
using Gateway.Ingest;
using Gateway.Links.Mqtt.Broker;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt;

/// <summary>
/// One client's connection: reads packets, hands readings to the ingest buffer and messages to the broker, answers after the commit. The reading half runs on the
/// listener's polling thread and never blocks.
/// </summary>
internal sealed partial class MqttConnection : IAcknowledge
{
    private const int ScratchBytesMax = 64 * 1024;

    /// <summary>A sender without pause would be read on and on while all others of its polling thread wait: after so many bytes it goes on on the thread pool.</summary>
    public const int TurnBytesMax = 64 * 1024;

    // Where a packet that lies in several pieces is put together. One for each thread, not for each connection: reading a packet never spans two turns.
    [ThreadStatic]
    private static byte[]? _scratchBytes;

    private readonly IDuplexPipe _transport;
    private readonly MqttLink _link;
    private readonly MqttOutbound _out;
    private readonly Action<string> _abort;
    private readonly MqttPeer _peer;
    private MqttVersion _version;
    private MqttSession? _session;
    private MqttIdentity? _identity;
    private MqttConnect? _arriving;
    private HashSet<MqttSession>? _touched;
    private long _lastReceived;
    private volatile bool _heldBack;
    private volatile string? _ending;

    /// <param name="abort">Cuts the transport at once, for a peer that cannot be spoken to any more.</param>
    public MqttConnection(IDuplexPipe transport, MqttPeer peer, MqttLink link, Action<string> abort)
    {
        (_transport, _peer, _link, _abort) = (transport, peer, link, abort);
        _out = new MqttOutbound(transport.Output, link.Aside, CutOff, Drained);
        OpenedTimestamp = _lastReceived = link.Time.GetTimestamp();
    }

    public string ClientId { get; private set; } = "";

    public MqttPeer Peer => _peer;

    public bool IsConnected => _session is not null;

    public long OpenedTimestamp { get; }

    /// <summary>Seconds without a packet after which it is over [MQTT-3.1.2-22]; 0 = none.</summary>
    public int KeepAliveSeconds { get; private set; }

    /// <summary>When the last packet came; the keep-alive is judged on it.</summary>
    public long LastReceivedTimestamp => Volatile.Read(ref _lastReceived);

    /// <summary>It is we who do not read: silence proves nothing.</summary>
    public bool IsHeldBack => _heldBack;

    /// <summary>Its transport was cut; it is over as soon as its reading half comes round.</summary>
    public bool IsCut { get; private set; }

    /// <summary>It was told why it is ended [§3.14], and may not have heard it yet.</summary>
    public bool HasLastWord { get; private set; }

    /// <summary>When we decided to end it; 0 = not yet. A peer that does not let it end is cut off.</summary>
    public long EndingTimestamp { get; private set; }

    public async Task RunAsync()
    {
        string end = "of a fault of ours";
        try
        {
            end = await ReadAsync(_transport.Input);
        }
        catch (Exception gone) when (gone is IOException or Microsoft.AspNetCore.Connections.ConnectionAbortedException or Microsoft.AspNetCore.Connections.ConnectionResetException or OperationCanceledException)
        {
            end = gone.Message;
        }
        finally
        {
            _out.Flush();
            _out.Close();
            Closed(end);
        }
    }

    /// <summary>Ends the connection from our side: says why (5.0) and lets the reading half run out. Safe from any thread.</summary>
    public void End(MqttReason reason, string why)
    {
        if (_ending is not null) return;
        EndingTimestamp = _link.Time.GetTimestamp();
        _ending = why;
        Volatile.Read(ref _stored)?.TrySetResult();
        if (_version == MqttVersion.V5 && _welcome) _out.Append(static (to, r) => MqttWriter.Disconnect(to, MqttVersion.V5, r), reason);
        _out.Flush();
        // The reader may wake on the caller's thread: not while the caller holds anything.
        _link.Aside.Schedule(static input => ((PipeReader)input!).CancelPendingRead(), _transport.Input);
    }

    /// <summary>Cuts the transport, once.</summary>
    public void Abort(string why)
    {
        if (IsCut) return;
        IsCut = true;
        _ending ??= why;
        Volatile.Read(ref _stored)?.TrySetResult();
        _abort(why);
    }

    bool IAcknowledge.Committed(long token)
    {
        var type = (MqttPacketType)(token >> 16 & 0xF);
        if (type is MqttPacketType.Suback or MqttPacketType.Unsuback) return AnswerSubscription(type, (ushort)token);
        if (type == MqttPacketType.Connack)
        {
            _stored?.TrySetResult();
            return false;
        }
        if (type != MqttPacketType.Pubcomp) Interlocked.Decrement(ref _inflight);
        if (type == MqttPacketType.Pubrec) Interlocked.Decrement(ref _pubrecs);
        return _out.Append(static (to, t) => MqttWriter.Ack(to, (MqttVersion)(t >> 32), (MqttPacketType)(t >> 16 & 0xF), (ushort)t, (MqttReason)(t >> 24 & 0xFF)), token);
    }

    void IAcknowledge.Flush() => _out.Flush();

    /// <summary>What the engine gives back when it has committed: packet id, type of the answer, its reason, the version it is written in.</summary>
    private long Token(MqttPacketType type, ushort packetId, MqttReason reason = MqttReason.Success) => packetId | (long)type << 16 | (long)reason << 24 | (long)_version << 32;

    /// <summary>Reads until the end, and says why that came.</summary>
    private async Task<string> ReadAsync(PipeReader input)
    {
        long turnBytes = 0;
        while (true)
        {
            var result = await input.ReadAsync();
            if (_ending is { } asked) return asked;
            var buffer = result.Buffer;
            long length = buffer.Length;
            Volatile.Write(ref _lastReceived, _link.Time.GetTimestamp());
            var next = Take(ref buffer, out var verdict);
            turnBytes += length - buffer.Length;
            input.AdvanceTo(buffer.Start, next == Next.Read ? buffer.End : buffer.Start);
            if (next == Next.End) return Say(verdict);
            if (turnBytes >= TurnBytesMax)
            {
                turnBytes = 0;
                await Task.Yield();
            }
            if (next == Next.Wait) await WaitForRoomAsync();
            else if (next == Next.SignIn)
            {
                if (await SignInAsync(_arriving!) is { } refusal) return refusal;
            }
            else if (result.IsCompleted) return "closed by the client";
            else _patienceMs = 0;
        }
    }

    /// <summary>A packet at a time until the buffer is used up; a packet that finds no room stays in the buffer.</summary>
    private Next Take(ref ReadOnlySequence<byte> buffer, out MqttVerdict verdict)
    {
        verdict = MqttVerdict.Ok;
        long receivedAtMs = _link.Clock.MsOf(_lastReceived);
        var next = Next.Read;
        while (!buffer.IsEmpty && _ending is null)
        {
            var rest = buffer;
            var status = MqttFrame.TryRead(ref rest, _link.Options.PacketBytesMax, out var frame, out verdict);
            if (status == OperationStatus.NeedMoreData) break;
            next = status == OperationStatus.InvalidData ? Next.End : Handle(frame, receivedAtMs, out verdict);
            if (next == Next.Wait) break;
            buffer = rest;
            if (next != Next.Read) break;
        }
        if (_touched is { Count: > 0 })
        {
            _link.Broker.Pump(_touched);
            _touched.Clear();
        }
        _out.Flush();
        return next;
    }

    private Next Handle(in MqttFrame frame, long receivedAtMs, out MqttVerdict verdict)
    {
        verdict = MqttVerdict.Ok;
        var body = Contiguous(frame.Body);
        if (!IsConnected && frame.Type != MqttPacketType.Connect) return Against(MqttReason.ProtocolError, "a packet before CONNECT", "MQTT-3.1.0-1", out verdict);
        switch (frame.Type)
        {
            case MqttPacketType.Publish:
                verdict = MqttPublish.TryParse(frame.Flags, body, _version, MqttRole.Client, out var publish);
                return verdict.IsOk ? Publish(publish, receivedAtMs, out verdict) : Next.End;
            case MqttPacketType.Puback or MqttPacketType.Pubrec or MqttPacketType.Pubcomp or MqttPacketType.Pubrel:
                verdict = MqttAck.TryParse(frame.Type, body, _version, out var ack);
                return verdict.IsOk ? Acknowledged(ack, out verdict) : Next.End;
            // Each change of a subscription makes every publisher look its subscribers up anew.
            case MqttPacketType.Subscribe or MqttPacketType.Unsubscribe when !IsWithinRate():
                return Wait(out verdict);
            case MqttPacketType.Pingreq when body.IsEmpty:
                _out.Append(static (to, _) => MqttWriter.Pingresp(to), 0);
                return Next.Read;
            case MqttPacketType.Connect when !IsConnected:
                return Arrive(body, out verdict);
            case MqttPacketType.Connect:
                return Against(MqttReason.ProtocolError, "a second CONNECT", "MQTT-3.1.0-2", out verdict);
            case MqttPacketType.Subscribe:
                verdict = MqttSubscribe.TryParse(body, _version, out var subscribe);
                return verdict.IsOk ? Subscribe(subscribe!, out verdict) : Next.End;
            case MqttPacketType.Unsubscribe:
                verdict = MqttUnsubscribe.TryParse(body, _version, out var unsubscribe);
                return verdict.IsOk ? Unsubscribe(unsubscribe!, out verdict) : Next.End;
            case MqttPacketType.Disconnect:
                verdict = MqttDisconnect.TryParse(body, _version, MqttRole.Client, out var disconnect);
                return verdict.IsOk ? Disconnect(disconnect!, out verdict) : Next.End;
            case MqttPacketType.Auth:
                // No CONNECT with an authentication method is ever accepted, so nothing can be continued [MQTT-4.12.0-6].
                return Against(MqttReason.ProtocolError, "AUTH without an authentication method", "MQTT-4.12.0-1", out verdict);
            default:
                return Against(MqttReason.ProtocolError, $"{frame.Type} from a client", "MQTT-2.1.2", out verdict);
        }
    }

    private Next Disconnect(MqttDisconnect disconnect, out MqttVerdict verdict)
    {
        verdict = MqttVerdict.Ok;
        if (disconnect.SessionExpirySeconds is { } seconds)
        {
            if (seconds > 0 && !_isToBeKept) return Against(MqttReason.ProtocolError, "DISCONNECT gives a session expiry to a session that had none", "MQTT-3.14.2-2", out verdict);
            _expiryAtEnd = Math.Min(seconds, (uint)_link.Options.SessionExpirySecondsMax);
        }
        // Only the normal end takes the Will back [MQTT-3.14.4-3].
        _wantsWill = disconnect.Reason != MqttReason.Success;
        _disconnected = true;
        return Next.End;
    }

    /// <summary>Tells the client what it did, where its version has words for it.</summary>
    private string Say(in MqttVerdict verdict)
    {
        if (_disconnected) return "disconnected";
        if (!verdict.IsOk) _link.Refuses(this, verdict);
        if (_version != MqttVersion.V5) return verdict.ToString();
        // The words are left out when they would make it larger than the client takes, or when it did not want any [MQTT-3.14.2-3].
        bool words = _wantsWords && verdict.What.Length * 3 + 16 <= _sendBytesMax;
        if (IsConnected) _out.Append(static (to, s) => MqttWriter.Disconnect(to, MqttVersion.V5, s.Reason, s.Words), (verdict.Reason, Words: words ? verdict.What : null));
        HasLastWord = IsConnected;
        return verdict.ToString();
    }

    private static Next Against(MqttReason reason, string what, string clause, out MqttVerdict verdict)
    {
        verdict = new MqttVerdict(reason, what, clause);
        return Next.End;
    }

    private static ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment) return body.FirstSpan;
        int length = (int)body.Length;
        // A large packet is rare; what it needs is not kept.
        if (length > ScratchBytesMax) return body.ToArray();
        if (_scratchBytes is null || _scratchBytes.Length < length) _scratchBytes = new byte[Math.Max(length, 1024)];
        body.CopyTo(_scratchBytes);
        return _scratchBytes.AsSpan(0, length);
    }

    private void CutOff()
    {
        _link.Tally.CutOffSlow();
        Abort("the peer does not read its acknowledgements");
    }

    private void Touch(MqttSession session) => (_touched ??= []).Add(session);

    /// <summary>What the reading half does after a packet.</summary>
    private enum Next { Read, Wait, SignIn, End }
}

using System.Buffers;
using System.IO.Pipelines;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Protocols.Mqtt;

namespace Gateway.Links.MqttClient;

/// <summary>
/// One connection to a broker, from CONNECT to its end: reads packets, hands readings to the ingest buffer, acknowledges after the commit. The reading half runs on the thread
/// pool; while there is no room for what comes it does not read, and the broker waits.
/// </summary>
/// <remarks><b>Threading</b>: <see cref="RunAsync"/> once; <see cref="Watch"/>, <see cref="Send"/> and <see cref="End"/> from any thread; <see cref="IAcknowledge"/> on the engine's.</remarks>
internal sealed partial class BrokerConnection : IAcknowledge
{
    /// <summary>A reading half that stood still for longer than this finds old messages in the socket and at the broker.</summary>
    private static readonly TimeSpan StandstillMax = TimeSpan.FromSeconds(5);

    private readonly IBrokerTransport _transport;
    private readonly BrokerSession _session;
    private readonly IBrokerConnectionOwner _owner;
    private readonly MqttOutbound _out;
    private readonly MqttVersion _version;
    private readonly TimeProvider _time;
    private byte[] _scratch = new byte[1024];
    private long _lastReceived;
    private long _lastPing;
    private long _keepAliveTicks;
    private volatile bool _connected;
    private volatile bool _standing;
    private BrokerEnd? _ending;

    public BrokerConnection(IBrokerTransport transport, BrokerSession session, IBrokerConnectionOwner owner)
    {
        (_transport, _session, _owner) = (transport, session, owner);
        (_version, _time) = (session.Options.ProtocolVersion, session.Intake.Clock.Time);
        // Cutting the transport may wake the reading half: not on the stack of whoever writes.
        _out = new MqttOutbound(transport.Output, PipeScheduler.ThreadPool, () => ThreadPool.UnsafeQueueUserWorkItem(static cut => cut.Abort(), transport, preferLocal: false), Send);
        _lastReceived = _lastPing = _time.GetTimestamp();
        _keepAliveTicks = TimeSpan.FromSeconds(session.Options.KeepAliveSeconds).Ticks;
    }

    /// <summary>When something last came from the broker; silence is judged on it.</summary>
    public long LastReceivedTimestamp => Volatile.Read(ref _lastReceived);

    /// <summary>It does not read: there is no room for what comes, or the disk is awaited.</summary>
    public bool IsStanding => _standing;

    /// <summary>Speaks MQTT until the connection ends, whoever ends it.</summary>
    public async Task<BrokerEnd> RunAsync(MqttConnect connect)
    {
        _out.Append(static (to, c) => MqttWriter.Connect(to, c), connect);
        _out.Flush();
        var end = await ReadAsync(_transport.Input);
        _session.Outbound.Close();
        // Our own decision says more than the broken pipe that follows from it.
        end = Volatile.Read(ref _ending) ?? end;
        if (end.Kind == BrokerEndKind.Stopped) await LeaveAsync();
        _out.Flush();
        _out.Close();
        return end;
    }

    /// <summary>Judges silence, ours and the broker's; call every second.</summary>
    public void Watch()
    {
        long now = _time.GetTimestamp();
        var silent = _time.GetElapsedTime(LastReceivedTimestamp, now);
        if (IsStanding || Volatile.Read(ref _ending) is not null) return;
        if (!_connected || _awaited > 0)
        {
            if (silent.TotalSeconds > _session.Options.ConnectTimeoutSeconds) Cut($"no {(_connected ? "SUBACK" : "CONNACK")} within {_session.Options.ConnectTimeoutSeconds} s");
            return;
        }
        AskAgain(now);
        long keepAlive = Volatile.Read(ref _keepAliveTicks);
        if (keepAlive == 0) return;
        if (silent.Ticks >= keepAlive) Cut($"no answer to PINGREQ: nothing from it for {silent.TotalSeconds:0} s");
        else if (_time.GetElapsedTime(_lastPing, now).Ticks >= keepAlive / 2)
        {
            _lastPing = now;
            _out.Append(static (to, _) => MqttWriter.Pingreq(to), 0);
            _out.Flush();
        }
    }

    /// <summary>Something waits to be published.</summary>
    public void Send()
    {
        if (_connected) _session.Outbound.Send(_out);
    }

    /// <summary>Ends it from our side: the reading half runs out, and with 5.0 the broker is told why.</summary>
    public void End(BrokerEnd end, MqttReason say = MqttReason.Success)
    {
        if (Interlocked.CompareExchange(ref _ending, end, null) is not null) return;
        if (end.Kind != BrokerEndKind.Stopped && _version == MqttVersion.V5 && _connected) _out.Append(static (to, r) => MqttWriter.Disconnect(to, MqttVersion.V5, r), say);
        _out.Flush();
        Wake();
    }

    bool IAcknowledge.Committed(long token)
    {
        bool flush = _out.Append(static (to, t) => MqttWriter.Ack(to, (MqttVersion)(t >> 32), (MqttPacketType)(t >> 16 & 0xF), (ushort)t), token);
        // Only now: whoever waits for the last one says goodbye behind it.
        Interlocked.Decrement(ref _owed);
        return flush;
    }

    void IAcknowledge.Flush() => _out.Flush();

    private async Task<BrokerEnd> ReadAsync(PipeReader input)
    {
        while (true)
        {
            var result = await input.ReadAsync();
            if (Volatile.Read(ref _ending) is { } asked) return asked;
            if (_askAgain) AskRefused();
            if (!result.IsCanceled) Volatile.Write(ref _lastReceived, _time.GetTimestamp());
            var buffer = result.Buffer;
            var next = Take(ref buffer);
            input.AdvanceTo(buffer.Start, next == Next.Read ? buffer.End : buffer.Start);
            _out.Flush();
            if (Volatile.Read(ref _ending) is { } decided) return decided;
            if (next == Next.Wait) await WaitForRoomAsync();
            else if (next == Next.Subscribe) await SubscribeAsync();
            else if (next == Next.Granted) await GrantedAsync();
            else if (result.IsCompleted) return BrokerEnd.Lost(_transport.Fault ?? (_connected ? "the broker closed the connection" : "the broker closed the connection without a CONNACK"));
        }
    }

    /// <summary>A packet at a time until the buffer is used up; a packet that finds no room stays in the buffer.</summary>
    private Next Take(ref ReadOnlySequence<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_skipping > 0)
            {
                long skipped = Math.Min(_skipping, buffer.Length);
                _skipping -= skipped;
                buffer = buffer.Slice(skipped);
                continue;
            }
            var rest = buffer;
            var status = MqttFrame.TryRead(ref rest, _session.Options.PacketBytesMax, out var frame, out var verdict);
            if (status == OperationStatus.NeedMoreData) break;
            if (status == OperationStatus.InvalidData)
            {
                if (verdict.Reason == MqttReason.PacketTooLarge && _connected)
                {
                    if (!SkipTooLarge(buffer, verdict)) break;
                    continue;
                }
                return Against(verdict);
            }
            var next = Handle(frame);
            if (next == Next.Wait) return next;
            buffer = rest;
            if (next != Next.Read) return next;
        }
        return Next.Read;
    }

    private Next Handle(in MqttFrame frame)
    {
        var body = Contiguous(frame.Body);
        MqttVerdict verdict;
        if (!_connected) return frame.Type == MqttPacketType.Connack ? Connack(body) : Against(MqttReason.ProtocolError, $"{frame.Type} before CONNACK", "MQTT-3.2.0-1");
        switch (frame.Type)
        {
            case MqttPacketType.Publish:
                verdict = MqttPublish.TryParse(frame.Flags, body, _version, MqttRole.Server, out var publish);
                return verdict.IsOk ? Publish(publish) : Against(verdict);
            case MqttPacketType.Puback or MqttPacketType.Pubrel:
                verdict = MqttAck.TryParse(frame.Type, body, _version, out var ack);
                return verdict.IsOk ? Acknowledged(ack) : Against(verdict);
            case MqttPacketType.Suback or MqttPacketType.Unsuback:
                verdict = MqttSuback.TryParse(frame.Type, body, _version, out var suback);
                return verdict.IsOk ? Answered(frame.Type, suback!) : Against(verdict);
            case MqttPacketType.Pingresp:
                return Next.Read;
            case MqttPacketType.Disconnect:
                verdict = MqttDisconnect.TryParse(body, _version, MqttRole.Server, out var disconnect);
                if (!verdict.IsOk) return Against(verdict);
                End(BrokerEnd.Of(disconnect!.Reason, "the broker disconnected us", _session.Options, disconnect.ReasonString, disconnect.ServerReference));
                return Next.End;
            default:
                // PUBREC and PUBCOMP too: we publish nothing with QoS 2.
                return Against(MqttReason.ProtocolError, $"{frame.Type}, which a broker has no reason to send", "MQTT-2.1.2");
        }
    }

    private Next Connack(ReadOnlySpan<byte> body)
    {
        var verdict = MqttConnack.TryParse(body, _version, out var connack);
        if (!verdict.IsOk) return Against(verdict);
        if (connack!.Reason != MqttReason.Success)
        {
            End(BrokerEnd.Of(connack.Reason, "refused the connection", _session.Options, connack.ReasonString, connack.ServerReference));
            return Next.End;
        }
        if (connack.ServerKeepAlive is { } seconds) Volatile.Write(ref _keepAliveTicks, TimeSpan.FromSeconds(seconds).Ticks);
        _session.Begin(connack, _session.Intake.Clock.NowMs());
        (_connack, _connected) = (connack, true);
        Send();
        return Next.Subscribe;
    }

    /// <summary>What was taken and not committed yet is still acknowledged, or it would all come again; then the DISCONNECT, without which the broker publishes our Will.</summary>
    private async Task LeaveAsync()
    {
        for (int waits = 0; waits < 100 && Volatile.Read(ref _owed) > 0; waits++) await Task.Delay(TimeSpan.FromMilliseconds(10), _time);
        if (_connected) _out.Append(static (to, v) => MqttWriter.Disconnect(to, v), _version);
    }

    private async Task WaitForRoomAsync()
    {
        long began = _time.GetTimestamp();
        _standing = true;
        if (Volatile.Read(ref _owed) >= _session.Options.ReceiveMaximum) await Task.Delay(TimeSpan.FromMilliseconds(2), _time);
        else await _session.Ingest.SpaceAsync();
        Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        _standing = false;
        // A wait may be short and the next follow at once: it is over when a message was taken.
        if (_standstillFrom == 0) _standstillFrom = began;
        if (_time.GetElapsedTime(_standstillFrom) > StandstillMax) _session.Arrivals.Begin(_session.Intake.Clock.NowMs(), kept: true);
    }

    private void Wake() => ThreadPool.UnsafeQueueUserWorkItem(static input => input.CancelPendingRead(), _transport.Input, preferLocal: false);

    private void Cut(string why)
    {
        End(BrokerEnd.Lost(why));
        _transport.Abort();
    }

    private Next Against(MqttReason reason, string what, string clause) => Against(new MqttVerdict(reason, what, clause));

    private Next Against(in MqttVerdict verdict)
    {
        End(BrokerEnd.Lost($"the broker breaks the protocol: {verdict}"), verdict.Reason);
        return Next.End;
    }

    private ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment) return body.FirstSpan;
        int length = (int)body.Length;
        if (_scratch.Length < length) _scratch = new byte[length];
        body.CopyTo(_scratch);
        return _scratch.AsSpan(0, length);
    }

    /// <summary>What the reading half does after a packet.</summary>
    private enum Next { Read, Wait, Subscribe, Granted, End }
}

/// <summary>Whom a connection tells how it stands.</summary>
internal interface IBrokerConnectionOwner
{
    /// <summary>Connected and subscribed: from now on silence behind the broker is silence.</summary>
    /// <param name="sessionPresent">The broker had kept our session.</param>
    /// <param name="refused">Subscriptions it refused, in words; empty when it granted all.</param>
    void Ready(bool sessionPresent, IReadOnlyList<string> refused);

    /// <summary>It grants less than was asked for: what cannot be delivered at once is lost on its side.</summary>
    void LowerQos(string filter, int asked, int granted);
}

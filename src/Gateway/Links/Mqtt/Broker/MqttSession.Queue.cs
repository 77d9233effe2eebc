using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>Messages towards the client [§4.3, §4.9]: wait, get a packet id, are sent, acknowledged, and are done.</summary>
internal sealed partial class MqttSession
{
    /// <summary>So much a connected client may always have waiting, 16 KiB.</summary>
    private const int OwnBytes = 16 * 1024;

    private readonly Queue<Outgoing> _waiting = new(0);
    private readonly List<Outgoing> _inflight = [];
    private int _held;
    private long _heldBytes;
    private int _replays;
    private long _lastNumber;
    private ushort _lastId;
    private long _firstExpiryMs = MqttMessage.Never;

    /// <summary>Puts a message into the queue. It goes out with the next <see cref="Pump"/> that finds it committed and finds room.</summary>
    /// <param name="isReplay">A retained message for a new subscription.</param>
    /// <param name="after">Journal entry it must not overtake; 0 = none.</param>
    public void Enqueue(MqttMessage message, int qos, bool retain, uint[] subscriptionIds, bool isReplay = false, long after = 0)
    {
        lock (_gate)
        {
            // At most once means now or never [§4.3.1].
            if (_ended || (qos == 0 && _connection is null)) return;
            var outgoing = new Outgoing(message, qos, retain, subscriptionIds, _lastNumber + 1) { CommitNumber = after, IsReplay = isReplay };
            // A queue that is full keeps what it promised and refuses the new.
            if (!(HasRoomFor(outgoing) || (DropExpired() && HasRoomFor(outgoing))) || !TryHold(outgoing))
            {
                tally.QueueFull();
                return;
            }
            _lastNumber++;
            Count(outgoing, 1);
            if (qos > 0 && _waiting.Count == 0 && _connection is { } c && _inflight.Count < c.SendWindow) Launch(outgoing);
            else Wait(outgoing);
            if (qos > 0 && _stored) outgoing.CommitNumber = journal.Add(new MqttChange(MqttChangeKind.QueueAdd, clientId, outgoing.Number, outgoing));
        }
    }

    /// <summary>Sends what may go, and nothing before its commit.</summary>
    public PumpOutcome Pump(long nowMs)
    {
        lock (_gate)
        {
            if (_connection is not { } to) return PumpOutcome.Idle;
            long committed = journal.Committed;
            var state = PumpInflight(to, committed, nowMs);
            return state.Full ? state.Outcome : PumpWaiting(to, committed, nowMs, state);
        }
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP of the client [§4.3].</summary>
    public AckOutcome Acknowledged(in MqttAck ack)
    {
        lock (_gate)
        {
            ushort id = ack.PacketId;
            int at = _inflight.FindIndex(o => o.PacketId == id);
            if (at < 0) return AckOutcome.Unknown;
            var outgoing = _inflight[at];
            switch (ack.Type)
            {
                case MqttPacketType.Puback when outgoing.Qos == 1:
                case MqttPacketType.Pubcomp when outgoing.State == OutgoingState.Released:
                case MqttPacketType.Pubrec when outgoing.Qos == 2 && ack.Reason >= MqttReason.UnspecifiedError:
                    Finish(at);
                    return AckOutcome.Taken;
                case MqttPacketType.Pubrec when outgoing.Qos == 2:
                    // Said again, it is answered again, but there is nothing new to write down.
                    bool isNew = outgoing.State != OutgoingState.Released;
                    outgoing.OnWire = false;
                    outgoing.Move(id, OutgoingState.Released);
                    if (isNew && _stored) outgoing.CommitNumber = journal.Add(new MqttChange(MqttChangeKind.QueueStep, clientId, outgoing.Number, outgoing));
                    return AckOutcome.Taken;
                default:
                    return AckOutcome.OutOfTurn;
            }
        }
    }

    /// <summary>Takes up what the store held; in the order of the numbers.</summary>
    public void Restore(Outgoing outgoing)
    {
        _lastNumber = outgoing.Number;
        hold.Take(outgoing.HeldBytes);
        Count(outgoing, 1);
        if (outgoing.State == OutgoingState.Waiting) Wait(outgoing);
        else _inflight.Add(outgoing);
    }

    private PumpState PumpInflight(MqttConnection to, long committed, long nowMs)
    {
        var state = default(PumpState);
        int onWire = 0;
        foreach (var outgoing in _inflight)
            if (outgoing.OnWire) onWire++;
        if (onWire == _inflight.Count) return state;
        for (int i = 0; i < _inflight.Count; i++)
        {
            var outgoing = _inflight[i];
            if (outgoing.OnWire) continue;
            bool isPublish = outgoing.State == OutgoingState.Published;
            if (outgoing.CommitNumber > committed) state = state with { Awaits = true, Held = true };
            // No message overtakes one before it; a PUBREL is not subject to the window [§4.9].
            else if (isPublish && (state.Held || onWire >= to.SendWindow)) state = state with { Held = true };
            else if (!to.HasRoom) return state with { Full = true };
            else if (Send(to, outgoing, nowMs)) onWire++;
            else i--;
        }
        return state;
    }

    private PumpOutcome PumpWaiting(MqttConnection to, long committed, long nowMs, PumpState state)
    {
        while (_waiting.TryPeek(out var next))
        {
            if (next.Message.IsExpired(nowMs))
            {
                tally.Expired();
                Done(_waiting.Dequeue());
                continue;
            }
            if (next.CommitNumber > committed) return PumpOutcome.AwaitsCommit;
            // Only a stored message may be prepared behind one that waits: its packet id is written down first and it is sent after that commit.
            bool prepare = _stored && next.Qos > 0;
            if (!prepare && (state.Held || !to.HasRoom)) break;
            if (next.Qos > 0 && _inflight.Count >= to.SendWindow) break;
            _waiting.Dequeue();
            if (next.Qos == 0)
            {
                to.Publish(next, dup: false, nowMs);
                Done(next);
                continue;
            }
            Launch(next);
            if (prepare)
            {
                // Or a crash could give the id to another message that the client takes for this one.
                next.CommitNumber = journal.Add(new MqttChange(MqttChangeKind.QueueStep, clientId, next.Number, next));
                state = state with { Awaits = true, Held = true };
            }
            else Send(to, next, nowMs);
        }
        return state.Outcome;
    }

    private void Launch(Outgoing outgoing)
    {
        outgoing.Move(NextId(), OutgoingState.Published);
        _inflight.Add(outgoing);
    }

    private void Wait(Outgoing outgoing)
    {
        _waiting.Enqueue(outgoing);
        _firstExpiryMs = Math.Min(_firstExpiryMs, outgoing.Message.ExpiresAtMs);
    }

    /// <summary>False when it was not worth sending and left the queue.</summary>
    private bool Send(MqttConnection to, Outgoing outgoing, long nowMs)
    {
        if (outgoing.State == OutgoingState.Released) to.Pubrel(outgoing.PacketId);
        // Once the client may have seen it, it has to be seen through, expired or not [§4.3.3].
        else if (!outgoing.WasSent && outgoing.Message.IsExpired(nowMs))
        {
            tally.Expired();
            Finish(_inflight.IndexOf(outgoing));
            return false;
        }
        else if (!to.Publish(outgoing, dup: outgoing.WasSent, nowMs))
        {
            // Larger than the client takes: as if it had been delivered [MQTT-3.1.2-25].
            Finish(_inflight.IndexOf(outgoing));
            return false;
        }
        (outgoing.OnWire, outgoing.WasSent) = (true, true);
        return true;
    }

    private void Finish(int at)
    {
        var outgoing = _inflight[at];
        _inflight.RemoveAt(at);
        Done(outgoing);
    }

    /// <summary>It has left the queue, for whatever reason.</summary>
    private void Done(Outgoing outgoing)
    {
        hold.Give(outgoing.HeldBytes);
        Count(outgoing, -1);
        if (outgoing.Qos > 0 && _stored) journal.Add(new MqttChange(MqttChangeKind.QueueRemove, clientId, outgoing.Number));
    }

    private bool HasRoomFor(Outgoing outgoing) =>
        outgoing.IsReplay ? _replays < limits.ReplaysMax : _held < limits.MessagesMax && _heldBytes + outgoing.Message.Bytes <= limits.BytesMax;

    /// <summary>A client that is there and keeps up gets its messages even while the absent fill all the memory there is for them.</summary>
    private bool TryHold(Outgoing outgoing)
    {
        if (_connection is null || _heldBytes > OwnBytes) return hold.TryTake(outgoing.HeldBytes);
        hold.Take(outgoing.HeldBytes);
        return true;
    }

    private void Count(Outgoing outgoing, int sign)
    {
        if (outgoing.IsReplay) _replays += sign;
        else (_held, _heldBytes) = (_held + sign, _heldBytes + sign * outgoing.Message.Bytes);
    }

    /// <summary>True when that made room.</summary>
    private bool DropExpired()
    {
        long nowMs = clock.NowMs();
        if (nowMs < _firstExpiryMs) return false;
        _firstExpiryMs = MqttMessage.Never;
        int before = _waiting.Count;
        Sift(o =>
        {
            bool stays = !o.Message.IsExpired(nowMs);
            if (stays) _firstExpiryMs = Math.Min(_firstExpiryMs, o.Message.ExpiresAtMs);
            else tally.Expired();
            return stays;
        });
        return _waiting.Count < before;
    }

    private void SendAgain()
    {
        foreach (var outgoing in _inflight) outgoing.OnWire = false;
        ForgetAtMostOnce();
    }

    /// <summary>What was to come at most once, and could not on the connection of its time, does not come on the next.</summary>
    private void ForgetAtMostOnce()
    {
        if (_waiting.Count > 0) Sift(o => o.Qos > 0);
    }

    private void DropAll()
    {
        foreach (var outgoing in _inflight) hold.Give(outgoing.HeldBytes);
        foreach (var outgoing in _waiting) hold.Give(outgoing.HeldBytes);
        _inflight.Clear();
        _waiting.Clear();
    }

    /// <summary>Takes out of the queue what is not to stay; the rest keeps its order.</summary>
    private void Sift(Predicate<Outgoing> stays)
    {
        for (int left = _waiting.Count; left > 0; left--)
        {
            var outgoing = _waiting.Dequeue();
            if (stays(outgoing)) _waiting.Enqueue(outgoing);
            else Done(outgoing);
        }
    }

    private ushort NextId()
    {
        do _lastId = (ushort)(_lastId == ushort.MaxValue ? 1 : _lastId + 1);
        while (_inflight.Exists(o => o.PacketId == _lastId));
        return _lastId;
    }

    /// <param name="Awaits">Something waits for its commit.</param>
    /// <param name="Held">A message waits for its commit or its place in the window: none behind it may be sent.</param>
    /// <param name="Full">The peer does not read; its connection says when it does.</param>
    private readonly record struct PumpState(bool Awaits, bool Held, bool Full)
    {
        public PumpOutcome Outcome => Awaits ? PumpOutcome.AwaitsCommit : PumpOutcome.Idle;
    }
}

internal enum PumpOutcome : byte { Idle, AwaitsCommit }

internal enum AckOutcome : byte { Taken, Unknown, OutOfTurn }

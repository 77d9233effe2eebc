using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>What outlives a connection [§4.1]: the queue towards one client, what is in flight, which QoS 2 messages were taken in. Its subscriptions stand in the broker's tree.</summary>
/// <remarks><b>Threading</b>: the queue has a lock of its own, for publishers of many threads write into it; lock order is broker → session → outbound.</remarks>
internal sealed class MqttSession(string clientId, string owner, MqttJournal journal, MqttQueueLimits limits, MqttTally tally)
{
    private readonly Lock _gate = new();
    private readonly Queue<Outgoing> _waiting = new(0);
    private readonly List<Outgoing> _inflight = [];
    private HashSet<ushort>? _received;
    private MqttConnection? _connection;
    private long _waitingBytes;
    private long _lastNumber;
    private ushort _lastId;

    public string ClientId => clientId;

    /// <summary>Who signed in with it, "" for anonymous.</summary>
    public string Owner => owner;

    /// <summary>Seconds it lives on without a connection [§3.1.2.11.2]; 0 = not at all, uint.MaxValue = for ever.</summary>
    public uint ExpirySeconds { get; set; }

    public bool IsKept => ExpirySeconds > 0;

    /// <summary>Its subscriptions by filter. Guarded by the broker's lock.</summary>
    public Dictionary<string, Subscription> Subscriptions { get; } = new(0, StringComparer.Ordinal);

    /// <summary>When it lost its connection; guarded by the broker's lock.</summary>
    public long DisconnectedAtMs { get; set; }

    public MqttConnection? Connection => Volatile.Read(ref _connection);

    public bool IsConnected => Connection is not null;

    public int Queued
    {
        get
        {
            lock (_gate) return _waiting.Count + _inflight.Count;
        }
    }

    /// <summary>Takes a connection's place; what is in flight is sent again [MQTT-4.4.0-1].</summary>
    public void Attach(MqttConnection connection)
    {
        lock (_gate)
        {
            _connection = connection;
            foreach (var outgoing in _inflight) outgoing.OnWire = false;
        }
    }

    /// <summary>False when another connection has taken its place already.</summary>
    public bool Detach(MqttConnection connection)
    {
        lock (_gate)
        {
            if (_connection != connection) return false;
            _connection = null;
            return true;
        }
    }

    /// <summary>Puts a message into the queue. It goes out with the next <see cref="Pump"/> that finds it committed and finds room.</summary>
    /// <param name="after">Journal entry it must not overtake; 0 = none.</param>
    public void Enqueue(MqttMessage message, int qos, bool retain, uint[] subscriptionIds, long after = 0)
    {
        lock (_gate)
        {
            // At most once means now or never [§4.3.1]; a queue that is full keeps what it promised and refuses the new.
            if (qos == 0 && _connection is null) return;
            if (_waiting.Count >= limits.MessagesMax || _waitingBytes + message.Bytes > limits.BytesMax)
            {
                tally.QueueFull();
                return;
            }
            var outgoing = new Outgoing(message, qos, retain, subscriptionIds, ++_lastNumber) { CommitNumber = after };
            if (qos > 0 && _waiting.Count == 0 && _connection is { } c && _inflight.Count < c.SendWindow) Launch(outgoing);
            else Wait(outgoing);
            if (qos > 0 && IsKept) outgoing.CommitNumber = journal.Add(new MqttChange(MqttChangeKind.QueueAdd, clientId, outgoing.Number, outgoing));
        }
    }

    /// <summary>Sends what may go. True when something was written and wants a flush, or waits for a commit.</summary>
    public PumpOutcome Pump(long nowMs)
    {
        lock (_gate)
        {
            if (_connection is not { } to) return PumpOutcome.Idle;
            long committed = journal.Committed;
            int onWire = _inflight.Count(o => o.OnWire);
            for (int i = 0; i < _inflight.Count; i++)
            {
                var outgoing = _inflight[i];
                if (outgoing.OnWire) continue;
                if (outgoing.CommitNumber > committed) return PumpOutcome.AwaitsCommit;
                if (!to.HasRoom || (outgoing.State == OutgoingState.Published && onWire >= to.SendWindow)) return PumpOutcome.Idle;
                if (!Send(to, outgoing, nowMs)) i--;
                else onWire++;
            }
            // As many as fit the window get their packet ids in one commit: one commit each would let a queue drain at the pace of the disk.
            var outcome = PumpOutcome.Idle;
            while (_waiting.TryPeek(out var next))
            {
                if (next.CommitNumber > committed) return PumpOutcome.AwaitsCommit;
                if (!to.HasRoom) return outcome;
                if (next.Qos > 0 && _inflight.Count >= to.SendWindow) return outcome;
                // What is not kept must not overtake what waits for its commit.
                if (next.Qos == 0 && outcome == PumpOutcome.AwaitsCommit) return outcome;
                _waiting.Dequeue();
                _waitingBytes -= next.Message.Bytes;
                if (next.Qos == 0)
                {
                    if (!next.Message.IsExpired(nowMs)) to.Publish(next, dup: false, nowMs);
                    else tally.Expired();
                    continue;
                }
                Launch(next);
                if (IsKept)
                {
                    // The packet id has to be on disk before the client sees it, or a crash could give it to another message.
                    next.CommitNumber = journal.Add(new MqttChange(MqttChangeKind.QueueStep, clientId, next.Number, next));
                    outcome = PumpOutcome.AwaitsCommit;
                    continue;
                }
                Send(to, next, nowMs);
            }
            return outcome;
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
                    (outgoing.State, outgoing.OnWire) = (OutgoingState.Released, false);
                    if (IsKept) outgoing.CommitNumber = journal.Add(new MqttChange(MqttChangeKind.QueueStep, clientId, outgoing.Number, outgoing));
                    return AckOutcome.Taken;
                default:
                    return AckOutcome.OutOfTurn;
            }
        }
    }

    /// <summary>Whether this QoS 2 message was taken in already [MQTT-4.3.3-10].</summary>
    public bool HasReceived(ushort packetId)
    {
        lock (_gate) return _received is not null && _received.Contains(packetId);
    }

    public int ReceivedCount
    {
        get
        {
            lock (_gate) return _received?.Count ?? 0;
        }
    }

    public void Received(ushort packetId)
    {
        lock (_gate)
        {
            _received ??= [];
            if (_received.Add(packetId) && IsKept) journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, clientId, packetId));
        }
    }

    /// <summary>PUBREL. False when no such message is known.</summary>
    public bool Released(ushort packetId)
    {
        lock (_gate)
        {
            if (_received is null || !_received.Remove(packetId)) return false;
            if (IsKept) journal.Add(new MqttChange(MqttChangeKind.ReceivedRemove, clientId, packetId));
            return true;
        }
    }

    /// <summary>Writes all of the queue down: the session is to be kept from now on.</summary>
    public void JournalQueue()
    {
        lock (_gate)
        {
            foreach (var outgoing in _inflight.Concat(_waiting).Where(o => o.Qos > 0)) outgoing.CommitNumber = journal.Add(new MqttChange(MqttChangeKind.QueueAdd, clientId, outgoing.Number, outgoing));
            foreach (ushort packetId in _received ?? []) journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, clientId, packetId));
        }
    }

    /// <summary>Takes up what the store held.</summary>
    public void Restore(Outgoing outgoing)
    {
        _lastNumber = Math.Max(_lastNumber, outgoing.Number);
        if (outgoing.State == OutgoingState.Waiting) Wait(outgoing);
        else _inflight.Add(outgoing);
    }

    public void RestoreReceived(ushort packetId) => (_received ??= []).Add(packetId);

    private void Wait(Outgoing outgoing)
    {
        _waiting.Enqueue(outgoing);
        _waitingBytes += outgoing.Message.Bytes;
    }

    private void Launch(Outgoing outgoing)
    {
        (outgoing.PacketId, outgoing.State) = (NextId(), OutgoingState.Published);
        _inflight.Add(outgoing);
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
        if (IsKept) journal.Add(new MqttChange(MqttChangeKind.QueueRemove, clientId, outgoing.Number));
    }

    private ushort NextId()
    {
        do _lastId = (ushort)(_lastId == ushort.MaxValue ? 1 : _lastId + 1);
        while (_inflight.Exists(o => o.PacketId == _lastId));
        return _lastId;
    }
}

internal enum PumpOutcome : byte { Idle, AwaitsCommit }

internal enum AckOutcome : byte { Taken, Unknown, OutOfTurn }

/// <summary>Bounds of one session's queue.</summary>
internal sealed record MqttQueueLimits(int MessagesMax, long BytesMax);

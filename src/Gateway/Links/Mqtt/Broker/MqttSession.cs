using Gateway.Diagnostics;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>What outlives a connection [§4.1]: the queue towards one client, what is in flight, which QoS 2 messages were taken in. Its subscriptions stand in the broker's tree.</summary>
/// <remarks>
/// <b>Threading</b>: a lock of its own, for publishers of many threads write into its queue; lock order is broker → session → journal or outbound. Whether it is
/// stored changes only under this lock and together with the journal entry that says so: no entry about a session stands outside its life in the journal.
/// </remarks>
internal sealed partial class MqttSession(string clientId, string owner, MqttJournal journal, MqttQueueLimits limits, MqttTally tally, GatewayClock clock, MqttHold hold)
{
    private readonly Lock _gate = new();
    private PacketIdSet? _received;
    private PacketIdSet? _receivedBefore;
    private MqttConnection? _connection;
    private bool _stored;
    private bool _ended;

    public string ClientId => clientId;

    /// <summary>Who signed in with it, "" for anonymous.</summary>
    public string Owner => owner;

    /// <summary>Seconds it lives on without a connection [§3.1.2.11.2]; 0 = not at all. Guarded by the broker's lock.</summary>
    public uint ExpirySeconds { get; private set; }

    /// <summary>When it lost its connection; guarded by the broker's lock.</summary>
    public long DisconnectedAtMs { get; private set; }

    /// <summary>Its Will while that waits [§3.1.3.2.2]; guarded by the broker's lock.</summary>
    public PendingWill? Will { get; set; }

    /// <summary>Its subscriptions by filter. Guarded by the broker's lock.</summary>
    public Dictionary<string, Subscription> Subscriptions { get; } = new(0, StringComparer.Ordinal);

    /// <summary>It is in the store: what it promises is promised after the commit.</summary>
    public bool IsKept => Volatile.Read(ref _stored);

    public bool IsEnded => Volatile.Read(ref _ended);

    public MqttConnection? Connection => Volatile.Read(ref _connection);

    public bool IsConnected => Connection is not null;

    /// <summary>QoS 2 messages taken in on this connection and not released yet: receive maximum counts anew on each [§4.9].</summary>
    public int ReceivedHere => _received?.Count ?? 0;

    /// <summary>Takes a connection's place; what is in flight is sent again [MQTT-4.4.0-1].</summary>
    /// <returns>The journal entry by which it leaves the store, 0 when it does not.</returns>
    public long Attach(MqttConnection connection, uint expirySeconds)
    {
        lock (_gate)
        {
            (_connection, ExpirySeconds) = (connection, expirySeconds);
            SendAgain();
            if (_received is { Count: > 0 }) (_receivedBefore ??= new PacketIdSet()).Absorb(_received);
            if (expirySeconds > 0) return Keep(disconnectedAtMs: null);
            return Forget();
        }
    }

    /// <summary>False when another connection has taken its place already.</summary>
    /// <param name="expirySeconds">What the DISCONNECT asked for, null = as before.</param>
    public bool Detach(MqttConnection connection, uint? expirySeconds, long nowMs)
    {
        lock (_gate)
        {
            if (_connection != connection) return false;
            (_connection, ExpirySeconds, DisconnectedAtMs) = (null, expirySeconds ?? ExpirySeconds, nowMs);
            ForgetAtMostOnce();
            if (_stored && ExpirySeconds > 0) Keep(nowMs);
            return true;
        }
    }

    /// <summary>Its life is over: nobody can add anything to it any more, in memory or on disk.</summary>
    /// <returns>The journal entry by which it leaves the store, 0 when it was not there.</returns>
    public long End()
    {
        lock (_gate)
        {
            (_ended, _connection) = (true, null);
            DropAll();
            return Forget();
        }
    }

    /// <summary>Whether this QoS 2 message was taken in already [MQTT-4.3.3-10].</summary>
    public bool HasReceived(ushort packetId)
    {
        lock (_gate) return Knows(packetId);
    }

    /// <summary>Takes a QoS 2 message in. False when it was taken in already, be it by an older connection a moment ago.</summary>
    public bool Receive(ushort packetId)
    {
        lock (_gate)
        {
            // A session that ended is asked by nobody again.
            if (_ended) return true;
            if (Knows(packetId)) return false;
            (_received ??= new PacketIdSet()).Add(packetId);
            if (_stored) journal.Add(new MqttChange(MqttChangeKind.ReceivedAdd, clientId, packetId));
            return true;
        }
    }

    /// <summary>PUBREL. False when no such message is known.</summary>
    public bool Release(ushort packetId)
    {
        lock (_gate)
        {
            if (_received?.Remove(packetId) != true && _receivedBefore?.Remove(packetId) != true) return false;
            if (_stored) journal.Add(new MqttChange(MqttChangeKind.ReceivedRemove, clientId, packetId));
            return true;
        }
    }

    /// <summary>Takes up what the store held. A wall clock that was set back does not lengthen its life.</summary>
    public void Restore(SessionRow row, long nowMs) => (_stored, ExpirySeconds, DisconnectedAtMs) = (true, row.ExpirySeconds, Math.Min(row.DisconnectedAtMs ?? nowMs, nowMs));

    public void RestoreReceived(ushort packetId) => (_receivedBefore ??= new PacketIdSet()).Add(packetId);

    private bool Knows(ushort packetId) => _received?.Contains(packetId) == true || _receivedBefore?.Contains(packetId) == true;

    private long Keep(long? disconnectedAtMs)
    {
        _stored = true;
        journal.Add(new MqttChange(MqttChangeKind.SessionKeep, clientId, 0, new SessionRow(clientId, owner, ExpirySeconds, disconnectedAtMs)));
        return 0;
    }

    private long Forget()
    {
        if (!_stored) return 0;
        _stored = false;
        return journal.Add(new MqttChange(MqttChangeKind.SessionEnd, clientId));
    }
}

/// <summary>Bounds of one session's queue, sent and unacknowledged messages included.</summary>
/// <param name="ReplaysMax">Retained messages for new subscriptions, which do not count with the others: they come all at once.</param>
internal sealed record MqttQueueLimits(int MessagesMax, long BytesMax, int ReplaysMax);

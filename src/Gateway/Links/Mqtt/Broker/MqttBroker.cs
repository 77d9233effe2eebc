using Gateway.Diagnostics;
using Gateway.Protocols.Mqtt;
using Gateway.Store;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>Who has subscribed to what: sessions, subscriptions, retained messages and Wills of the listener, and the way of a message to its subscribers.</summary>
/// <remarks>
/// <b>Threading</b>: called by all connections; one lock for the tables, which a publication without RETAIN and without change of subscriptions does not take: it
/// holds a <see cref="TopicMatch"/> of its topic, good until <see cref="Version"/> moves.
/// </remarks>
internal sealed partial class MqttBroker
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MqttSession> _sessions = new(StringComparer.Ordinal);
    private readonly SubscriptionTree _tree = new();
    private readonly RetainedMessages _retained;
    private readonly MqttOptions _options;
    private readonly MqttJournal _journal;
    private readonly GatewayClock _clock;
    private readonly MqttTally _tally;
    private readonly MqttQueueLimits _limits;
    private readonly MqttHold _hold;
    private readonly HashSet<MqttSession> _awaiting = [];
    private readonly Func<string, ITopicRights?> _rightsOf;
    private int _version = 1;

    /// <param name="rightsOf">What the owner of a session may do now; null when nobody can come in as him any more.</param>
    public MqttBroker(MqttOptions options, MqttJournal journal, GatewayClock clock, MqttTally tally, Func<string, ITopicRights?> rightsOf)
    {
        (_options, _journal, _clock, _tally, _rightsOf) = (options, journal, clock, tally, rightsOf);
        _limits = new MqttQueueLimits(options.QueueMessagesMax, options.QueueKiBMax * 1024L, options.RetainedMax);
        _hold = new MqttHold(options.SessionsMiBMax * 1024L * 1024);
        _retained = new RetainedMessages(options.RetainedMax, options.RetainedMiBMax * 1024L * 1024);
        journal.Advanced += PumpAwaiting;
    }

    /// <summary>Moves with every change of a subscription.</summary>
    public int Version => Volatile.Read(ref _version);

    public int Subscriptions
    {
        get
        {
            lock (_gate) return _tree.Count;
        }
    }

    public int Sessions
    {
        get
        {
            lock (_gate) return _sessions.Count;
        }
    }

    public (int Messages, long Bytes) Retained
    {
        get
        {
            lock (_gate) return (_retained.Count, _retained.Bytes);
        }
    }

    /// <summary>What all sessions hold together, bytes by estimate.</summary>
    public long HeldBytes => _hold.Bytes;

    /// <summary>Gives a connection its session [§3.1.2.4, §3.1.4], new or resumed, and takes it from whoever had it.</summary>
    public Attached Attach(MqttConnection connection, MqttConnect connect, string clientId, string owner, uint expirySeconds)
    {
        lock (_gate)
        {
            var known = _sessions.GetValueOrDefault(clientId);
            bool own = known is not null && string.Equals(known.Owner, owner, StringComparison.Ordinal);
            if (known is not null && !own && !GivesWay(known)) return Attached.Refused(MqttReason.NotAuthorized);
            // Who leaves nothing behind takes no place: the limit on connections is his, and sessions left behind by others do not keep him out.
            if (known is null && expirySeconds > 0 && _sessions.Count >= _options.SessionsMax) return Attached.Refused(MqttReason.QuotaExceeded);
            if ((expirySeconds > 0 || known is { IsKept: true }) && !_journal.HasRoom) return Attached.Refused(MqttReason.ServerBusy);
            // What belonged to a session that was not to be kept is nobody's afterwards [3.1.1 MQTT-3.1.2-6].
            bool present = own && known is { IsKept: true } && !connect.CleanStart;
            var older = known?.Connection;
            var will = known is null ? null : TakeWill(known);
            long after = known is null || present ? 0 : End(known);
            var session = present ? known! : Begin(clientId, owner);
            after = Math.Max(after, session.Attach(connection, expirySeconds));
            // A session that goes on takes its Will back [MQTT-3.1.3-9]; one that ends here has it published.
            return new Attached(session, present, older, present ? null : will, MqttReason.Success, after);
        }
    }

    /// <summary>A connection is over.</summary>
    /// <param name="will">Null when none is to be published.</param>
    /// <param name="expirySeconds">What the DISCONNECT asked for, null = as before.</param>
    /// <returns>The Will to publish now.</returns>
    public PendingWill? Detach(MqttSession session, MqttConnection connection, PendingWill? will, uint? expirySeconds)
    {
        lock (_gate)
        {
            long nowMs = _clock.NowMs();
            if (!session.Detach(connection, expirySeconds, nowMs)) return null;
            if (session.ExpirySeconds == 0)
            {
                End(session);
                return will;
            }
            // A Will that finds no room to wait does not wait.
            if (will is null || will.Will.DelaySeconds == 0 || !_hold.TryTake(will.HeldBytes)) return will;
            // The delay ends with the session at the latest [MQTT-3.1.3-9].
            session.Will = will with { DueMs = nowMs + 1000L * Math.Min(will.Will.DelaySeconds, session.ExpirySeconds) };
            return null;
        }
    }

    /// <summary>Ends sessions and retained messages whose time is over.</summary>
    /// <returns>The Wills that are due.</returns>
    public List<PendingWill> Sweep()
    {
        var due = new List<PendingWill>();
        lock (_gate)
        {
            long nowMs = _clock.NowMs();
            List<MqttSession>? over = null;
            foreach (var session in _sessions.Values)
            {
                if (IsOver(session, nowMs)) (over ??= []).Add(session);
                else if (session.Will?.DueMs <= nowMs) due.Add(TakeWill(session)!);
            }
            foreach (var session in over ?? [])
            {
                if (TakeWill(session) is { } will) due.Add(will);
                End(session);
            }
            foreach (var message in _retained.TakeExpired(nowMs)) ForgetRow(message);
        }
        return due;
    }

    /// <summary>Takes up what the store held. Call once, before anything else.</summary>
    public void Restore(MqttMemory memory)
    {
        long nowMs = _clock.NowMs();
        foreach (var row in memory.Sessions) Begin(row.Client, row.Owner).Restore(row, nowMs);
        foreach (var (client, row) in memory.Subscriptions)
        {
            if (!_sessions.TryGetValue(client, out var session)) continue;
            var subscription = row.For(session);
            _hold.Take(subscription.HeldBytes);
            Keep(subscription);
        }
        foreach (var (client, outgoing) in memory.Queues) _sessions.GetValueOrDefault(client)?.Restore(outgoing);
        foreach (var (client, packetId) in memory.Received) _sessions.GetValueOrDefault(client)?.RestoreReceived(packetId);
        foreach (var message in memory.Retained)
        {
            if (_retained.TryAdd(message)) continue;
            _tally.RetainRefused();
            ForgetRow(message);
        }
        // Time went on while we were away.
        foreach (var session in _sessions.Values.Where(s => IsOver(s, nowMs)).ToList()) End(session);
    }

    private static bool IsOver(MqttSession session, long nowMs) => !session.IsConnected && nowMs - session.DisconnectedAtMs >= 1000L * session.ExpirySeconds;

    private MqttSession Begin(string clientId, string owner)
    {
        var session = new MqttSession(clientId, owner, _journal, _limits, _tally, _clock, _hold);
        _sessions.Add(clientId, session);
        return session;
    }

    /// <returns>The journal entry of its end, 0 when it was not stored.</returns>
    private long End(MqttSession session)
    {
        foreach (var subscription in session.Subscriptions.Values)
        {
            _tree.Remove(subscription);
            _hold.Give(subscription.HeldBytes);
        }
        session.Subscriptions.Clear();
        Interlocked.Increment(ref _version);
        _sessions.Remove(session.ClientId);
        return session.End();
    }

    private PendingWill? TakeWill(MqttSession session)
    {
        if (session.Will is not { } will) return null;
        session.Will = null;
        _hold.Give(will.HeldBytes);
        return will;
    }

    private void ForgetRow(MqttMessage retained) => _journal.Add(new MqttChange(MqttChangeKind.Retain, "", 0, retained with { Payload = [] }));
}

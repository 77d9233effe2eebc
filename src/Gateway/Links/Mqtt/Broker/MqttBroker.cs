using Gateway.Diagnostics;
using Gateway.Protocols.Mqtt;
using Gateway.Store;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>Who has subscribed to what: sessions, subscriptions, retained messages and Wills of the listener, and the way of a message to its subscribers.</summary>
/// <remarks>
/// <b>Threading</b>: called by all connections; one lock for the tables, which a publication without change of subscriptions does not take: it holds a
/// <see cref="TopicMatch"/> of its topic, good until <see cref="Version"/> moves.
/// </remarks>
internal sealed partial class MqttBroker
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MqttSession> _sessions = new(StringComparer.Ordinal);
    private readonly SubscriptionTree _tree = new();
    private readonly RetainedMessages _retained;
    private readonly List<PendingWill> _wills = [];
    private readonly MqttOptions _options;
    private readonly MqttJournal _journal;
    private readonly GatewayClock _clock;
    private readonly MqttTally _tally;
    private readonly MqttQueueLimits _limits;
    private readonly HashSet<MqttSession> _awaiting = [];
    private readonly Func<string, ITopicRights?> _rightsOf;
    private int _version = 1;

    /// <param name="rightsOf">What the owner of a session may do now; null when nobody can come in as him any more.</param>
    public MqttBroker(MqttOptions options, MqttJournal journal, GatewayClock clock, MqttTally tally, Func<string, ITopicRights?> rightsOf)
    {
        (_options, _journal, _clock, _tally, _rightsOf) = (options, journal, clock, tally, rightsOf);
        _limits = new MqttQueueLimits(options.QueueMessagesMax, options.QueueKiBMax * 1024L);
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

    /// <summary>Gives a connection its session [§3.1.2.4, §3.1.4], new or resumed, and takes it from whoever had it.</summary>
    public Attached Attach(MqttConnection connection, MqttConnect connect, string clientId, string owner, uint expirySeconds)
    {
        PendingWill? overdue = null;
        MqttConnection? older = null;
        MqttSession session;
        bool present = false;
        lock (_gate)
        {
            if (_sessions.TryGetValue(clientId, out var known))
            {
                bool own = string.Equals(known.Owner, owner, StringComparison.Ordinal);
                if (!own && !GivesWay(known)) return new Attached(null, false, null, null, MqttReason.NotAuthorized);
                older = known.Connection;
                present = own && !connect.CleanStart;
                var will = TakeWill(known);
                // A session that goes on takes its Will back [MQTT-3.1.3-9]; one that ends here has it published.
                if (!present) overdue = will;
            }
            // Who leaves nothing behind takes no place: the limit on connections is his, and sessions left behind by others do not keep him out.
            else if (expirySeconds > 0 && _sessions.Count >= _options.SessionsMax) return new Attached(null, false, null, null, MqttReason.QuotaExceeded);
            if (present) session = known!;
            else
            {
                if (known is not null)
                {
                    // From here on its old connection is nobody's: its end must not touch what comes now.
                    if (older is not null) known.Detach(older);
                    if (known.IsKept) _journal.Add(new MqttChange(MqttChangeKind.SessionEnd, clientId));
                    EndLocked(known);
                }
                session = new MqttSession(clientId, owner, _journal, _limits, _tally);
                _sessions.Add(clientId, session);
            }
            bool wasKept = session.IsKept;
            session.ExpirySeconds = expirySeconds;
            session.Attach(connection);
            if (session.IsKept) _journal.Add(new MqttChange(MqttChangeKind.SessionKeep, clientId, 0, new SessionRow(clientId, owner, expirySeconds, null)));
            else if (wasKept) _journal.Add(new MqttChange(MqttChangeKind.SessionEnd, clientId));
            if (present && session.IsKept && !wasKept) JournalWhole(session);
        }
        return new Attached(session, present, older, overdue, MqttReason.Success);
    }

    /// <summary>A connection is over.</summary>
    /// <param name="will">Null when none is to be published.</param>
    /// <param name="expirySeconds">What the DISCONNECT asked for, null = as before.</param>
    /// <returns>The Will to publish now.</returns>
    public PendingWill? Detach(MqttSession session, MqttConnection connection, PendingWill? will, uint? expirySeconds)
    {
        lock (_gate)
        {
            if (!session.Detach(connection)) return null;
            long nowMs = _clock.NowMs();
            bool wasKept = session.IsKept;
            if (expirySeconds is { } seconds) session.ExpirySeconds = seconds;
            session.DisconnectedAtMs = nowMs;
            if (!session.IsKept)
            {
                if (wasKept) _journal.Add(new MqttChange(MqttChangeKind.SessionEnd, session.ClientId));
                EndLocked(session);
                return will;
            }
            _journal.Add(new MqttChange(MqttChangeKind.SessionKeep, session.ClientId, 0, new SessionRow(session.ClientId, session.Owner, session.ExpirySeconds, nowMs)));
            if (will is null || will.Will.DelaySeconds == 0) return will;
            // The delay ends with the session at the latest [MQTT-3.1.3-9].
            _wills.Add(will with { DueMs = nowMs + 1000L * Math.Min(will.Will.DelaySeconds, session.ExpirySeconds) });
            return null;
        }
    }

    /// <summary>Adds subscriptions and says what is retained for them.</summary>
    /// <param name="allowed">One verdict a filter: Success, or why not.</param>
    public SubscribeOutcome Subscribe(MqttSession session, MqttSubscribe subscribe, ReadOnlySpan<MqttReason> allowed)
    {
        var outcome = new SubscribeOutcome(new MqttReason[subscribe.Subscriptions.Count], []);
        lock (_gate)
        {
            long nowMs = _clock.NowMs();
            for (int i = 0; i < subscribe.Subscriptions.Count; i++)
            {
                var asked = subscribe.Subscriptions[i];
                outcome.Reasons[i] = allowed[i];
                if (allowed[i] != MqttReason.Success) continue;
                bool isNew = !session.Subscriptions.ContainsKey(asked.Filter);
                if (isNew && session.Subscriptions.Count >= _options.SubscriptionsMax)
                {
                    outcome.Reasons[i] = MqttReason.QuotaExceeded;
                    continue;
                }
                var subscription = new Subscription(session, asked.Filter, asked.Qos, asked.NoLocal, asked.RetainAsPublished, asked.RetainHandling, subscribe.SubscriptionIdentifier);
                Keep(subscription);
                long number = session.IsKept ? _journal.Add(new MqttChange(MqttChangeKind.Subscribe, session.ClientId, 0, subscription)) : 0;
                outcome.Reasons[i] = (MqttReason)asked.Qos;
                if (MqttTopic.TryShared(asked.Filter, out _, out _)) continue;
                if (asked.RetainHandling == 0 || (asked.RetainHandling == 1 && isNew))
                    foreach (var message in _retained.Matching(asked.Filter, nowMs)) outcome.Retained.Add((message, subscription, number));
            }
        }
        return outcome;
    }

    /// <summary>One reason for each filter; kept sessions are answered after the commit.</summary>
    public MqttReason[] Unsubscribe(MqttSession session, MqttUnsubscribe unsubscribe)
    {
        lock (_gate)
        {
            var reasons = new MqttReason[unsubscribe.Filters.Count];
            for (int i = 0; i < reasons.Length; i++)
            {
                if (!Remove(session, unsubscribe.Filters[i])) reasons[i] = MqttReason.NoSubscriptionExisted;
            }
            return reasons;
        }
    }

    /// <summary>Who gets messages of this topic, as of now.</summary>
    public TopicMatch Match(string topic)
    {
        var plain = new List<Subscription>();
        var shared = new List<SharedGroup>();
        lock (_gate)
        {
            _tree.Match(topic, plain, shared);
            return new TopicMatch(_version, plain, [.. shared]);
        }
    }

    /// <summary>What is routed until the end of the group reaches the disk in one commit.</summary>
    public JournalGroup Group() => _journal.Group();

    /// <summary>Hands a message to its subscribers and, with RETAIN, keeps it.</summary>
    /// <param name="touched">Gains the sessions that want a pump and a flush once the caller is done.</param>
    /// <returns>False when nobody wanted it.</returns>
    public bool Route(MqttMessage message, TopicMatch match, MqttSession? from, ISet<MqttSession> touched)
    {
        if (message.Retain) Retain(message);
        foreach (var target in match.TargetsFor(from))
        {
            target.Session.Enqueue(message, Math.Min(message.Qos, target.Qos), message.Retain && target.RetainAsPublished, target.Identifiers);
            touched.Add(target.Session);
        }
        if (match.Shared.Length > 0)
        {
            lock (_gate)
            {
                foreach (var group in match.Shared)
                {
                    if (group.Next(message.Qos) is not { } member) continue;
                    member.Session.Enqueue(message, Math.Min(message.Qos, member.Qos), message.Retain && member.RetainAsPublished, member.Identifier == 0 ? [] : [member.Identifier]);
                    touched.Add(member.Session);
                }
            }
        }
        return match.Any;
    }

    /// <summary>Sends what the sessions may send, and remembers those that wait for a commit.</summary>
    public void Pump(IEnumerable<MqttSession> sessions)
    {
        long nowMs = _clock.NowMs();
        foreach (var session in sessions)
        {
            if (session.Pump(nowMs) == PumpOutcome.AwaitsCommit) Await(session);
            session.Connection?.Flush();
        }
    }

    public void Pump(MqttSession session)
    {
        if (session.Pump(_clock.NowMs()) == PumpOutcome.AwaitsCommit) Await(session);
        session.Connection?.Flush();
    }

    /// <summary>Ends sessions and retained messages whose time is over.</summary>
    /// <returns>The Wills that are due.</returns>
    public List<PendingWill> Sweep()
    {
        var due = new List<PendingWill>();
        lock (_gate)
        {
            long nowMs = _clock.NowMs();
            foreach (var over in _sessions.Values.Where(s => !s.IsConnected && s.ExpirySeconds != uint.MaxValue && nowMs - s.DisconnectedAtMs >= 1000L * s.ExpirySeconds).ToList())
            {
                if (TakeWill(over) is { } will) due.Add(will);
                _journal.Add(new MqttChange(MqttChangeKind.SessionEnd, over.ClientId));
                EndLocked(over);
            }
            due.AddRange(_wills.Where(w => w.DueMs <= nowMs));
            _wills.RemoveAll(w => w.DueMs <= nowMs);
            foreach (var message in _retained.TakeExpired(nowMs)) _journal.Add(new MqttChange(MqttChangeKind.Retain, "", 0, message with { Payload = [] }));
        }
        return due;
    }

    /// <summary>Takes up what the store held. Call once, before anything else.</summary>
    public void Restore(MqttMemory memory)
    {
        long nowMs = _clock.NowMs();
        foreach (var row in memory.Sessions)
            _sessions.Add(row.Client, new MqttSession(row.Client, row.Owner, _journal, _limits, _tally) { ExpirySeconds = row.ExpirySeconds, DisconnectedAtMs = row.DisconnectedAtMs ?? nowMs });
        foreach (var (client, s) in memory.Subscriptions)
            if (_sessions.TryGetValue(client, out var session)) Keep(s.For(session));
        foreach (var (client, outgoing) in memory.Queues)
            if (_sessions.TryGetValue(client, out var session)) session.Restore(outgoing);
        foreach (var (client, packetId) in memory.Received)
            if (_sessions.TryGetValue(client, out var session)) session.RestoreReceived(packetId);
        foreach (var message in memory.Retained) _retained.Keep(message);
    }

    /// <summary>False when there was none.</summary>
    private bool Remove(MqttSession session, string filter)
    {
        if (!session.Subscriptions.Remove(filter, out var gone)) return false;
        _tree.Remove(gone);
        Interlocked.Increment(ref _version);
        if (session.IsKept) _journal.Add(new MqttChange(MqttChangeKind.Unsubscribe, session.ClientId, 0, filter));
        return true;
    }

    private void Keep(Subscription subscription)
    {
        subscription.Session.Subscriptions[subscription.Filter] = subscription;
        _tree.Add(subscription);
        Interlocked.Increment(ref _version);
    }

    /// <summary>A session that is to be kept from now on, and was not: all of it goes into the store.</summary>
    private void JournalWhole(MqttSession session)
    {
        foreach (var subscription in session.Subscriptions.Values) _journal.Add(new MqttChange(MqttChangeKind.Subscribe, session.ClientId, 0, subscription));
        session.JournalQueue();
    }

    private void Retain(MqttMessage message)
    {
        lock (_gate)
        {
            bool changed = message.Payload.Length == 0 ? _retained.Forget(message.Topic) : _retained.Keep(message);
            if (!changed && message.Payload.Length > 0) _tally.RetainRefused();
            // What the gateway says of itself is said anew after a start.
            if (changed && message.Topic[0] != (byte)'$') _journal.Add(new MqttChange(MqttChangeKind.Retain, "", 0, message));
        }
    }

    private void EndLocked(MqttSession session)
    {
        foreach (var subscription in session.Subscriptions.Values) _tree.Remove(subscription);
        session.Subscriptions.Clear();
        Interlocked.Increment(ref _version);
        if (_sessions.TryGetValue(session.ClientId, out var current) && current == session) _sessions.Remove(session.ClientId);
    }

    private PendingWill? TakeWill(MqttSession session)
    {
        var will = _wills.Find(w => w.Session == session);
        if (will is not null) _wills.Remove(will);
        return will;
    }

    private void Await(MqttSession session)
    {
        lock (_awaiting) _awaiting.Add(session);
        // The commit may have come between the pump and the note; then nobody else would look again.
        if (!_journal.HasWork) PumpAwaiting();
    }

    private void PumpAwaiting()
    {
        MqttSession[] ready;
        lock (_awaiting)
        {
            if (_awaiting.Count == 0) return;
            ready = [.. _awaiting];
            _awaiting.Clear();
        }
        Pump(ready);
    }
}

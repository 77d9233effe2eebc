using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>Subscriptions, and the way of a message to them.</summary>
internal sealed partial class MqttBroker
{
    /// <summary>Adds subscriptions and queues what is retained for them.</summary>
    /// <param name="allowed">One verdict a filter: Success, or why not.</param>
    /// <returns>One reason for each filter; kept sessions are answered after the commit.</returns>
    public MqttReason[] Subscribe(MqttSession session, MqttSubscribe subscribe, ReadOnlySpan<MqttReason> allowed)
    {
        var reasons = new MqttReason[subscribe.Subscriptions.Count];
        lock (_gate)
        {
            long nowMs = _clock.NowMs();
            int replays = _options.RetainedMax;
            for (int i = 0; i < reasons.Length; i++)
            {
                var asked = subscribe.Subscriptions[i];
                var subscription = new Subscription(session, asked.Filter, asked.Qos, asked.NoLocal, asked.RetainAsPublished, asked.RetainHandling, subscribe.SubscriptionIdentifier);
                bool isNew = !session.Subscriptions.ContainsKey(asked.Filter);
                reasons[i] = allowed[i] != MqttReason.Success ? allowed[i] : MayKeep(subscription, isNew, place: i);
                if (reasons[i] != MqttReason.Success) continue;
                reasons[i] = (MqttReason)asked.Qos;
                Keep(subscription);
                long number = session.IsKept ? _journal.Add(new MqttChange(MqttChangeKind.Subscribe, session.ClientId, 0, subscription)) : 0;
                bool wantsRetained = asked.RetainHandling == 0 || (asked.RetainHandling == 1 && isNew);
                if (wantsRetained && !MqttTopic.TryShared(asked.Filter, out _, out _)) replays = Replay(subscription, replays, nowMs, number);
            }
        }
        return reasons;
    }

    /// <returns>One reason for each filter; kept sessions are answered after the commit.</returns>
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
    public void Route(MqttMessage message, TopicMatch match, MqttSession? from, ISet<MqttSession> touched)
    {
        if (!message.Retain)
        {
            Deliver(message, match, from, touched);
            return;
        }
        // In one piece: whoever subscribes meanwhile gets it from the table or from here, not from both, and no older one after it.
        lock (_gate)
        {
            Retain(message);
            Deliver(message, match.Version == _version ? match : Match(message.TopicText), from, touched);
        }
    }

    /// <summary>Sends what the sessions may send, and remembers those that wait for a commit.</summary>
    public void Pump(IEnumerable<MqttSession> sessions)
    {
        foreach (var session in sessions) Pump(session);
    }

    public void Pump(MqttSession session)
    {
        Feed(session);
        session.Connection?.Flush();
    }

    /// <summary>The same without the flush, for a connection that is about to do it.</summary>
    public void Feed(MqttSession session)
    {
        if (session.Pump(_clock.NowMs()) == PumpOutcome.AwaitsCommit) Await(session);
    }

    private static void Enqueue(MqttMessage message, in Target target, ISet<MqttSession> touched)
    {
        target.Session.Enqueue(message, Math.Min(message.Qos, target.Qos), message.Retain && target.RetainAsPublished, target.Identifiers);
        touched.Add(target.Session);
    }

    private void Deliver(MqttMessage message, TopicMatch match, MqttSession? from, ISet<MqttSession> touched)
    {
        foreach (ref readonly var target in match.TargetsFor(from).AsSpan()) Enqueue(message, target, touched);
        if (match.Shared.Length == 0) return;
        lock (_gate)
        {
            foreach (var group in match.Shared)
                if (group.Next(message.Qos) is { } s) Enqueue(message, new Target(s.Session, s.Qos, s.RetainAsPublished, IdentifierOf(s)), touched);
        }
    }

    private MqttReason MayKeep(Subscription subscription, bool isNew, int place)
    {
        var session = subscription.Session;
        // Its old connection may still be reading.
        if (session.IsEnded) return MqttReason.UnspecifiedError;
        // No packet fills the journal, or makes us search the retained messages, without end.
        if (place >= 2 * _options.SubscriptionsMax) return MqttReason.QuotaExceeded;
        if (!isNew) return MqttReason.Success;
        return session.Subscriptions.Count < _options.SubscriptionsMax && _hold.TryTake(subscription.HeldBytes) ? MqttReason.Success : MqttReason.QuotaExceeded;
    }

    private void Keep(Subscription subscription)
    {
        subscription.Session.Subscriptions[subscription.Filter] = subscription;
        _tree.Add(subscription);
        Interlocked.Increment(ref _version);
    }

    /// <summary>False when there was none.</summary>
    private bool Remove(MqttSession session, string filter)
    {
        if (!session.Subscriptions.Remove(filter, out var gone)) return false;
        _tree.Remove(gone);
        _hold.Give(gone.HeldBytes);
        Interlocked.Increment(ref _version);
        if (session.IsKept) _journal.Add(new MqttChange(MqttChangeKind.Unsubscribe, session.ClientId, 0, filter));
        return true;
    }

    /// <summary>Queues the retained messages of a new subscription, not more than are left of the packet's share.</summary>
    private int Replay(Subscription subscription, int left, long nowMs, long after)
    {
        foreach (var message in _retained.Matching(subscription.Filter, nowMs))
        {
            if (left-- <= 0) return 0;
            subscription.Session.Enqueue(message, Math.Min(message.Qos, subscription.Qos), retain: true, IdentifierOf(subscription), isReplay: true, after);
        }
        return left;
    }

    private static uint[] IdentifierOf(Subscription subscription) => subscription.Identifier == 0 ? [] : [subscription.Identifier];

    private void Retain(MqttMessage message)
    {
        // The older one goes in any case: without room for the new one nobody is to believe the old.
        bool had = _retained.Forget(message.Topic);
        bool kept = message.Payload.Length > 0 && _retained.TryAdd(message);
        if (!kept && message.Payload.Length > 0) _tally.RetainRefused();
        // What the gateway says of itself is said anew after a start.
        if (message.Topic[0] == (byte)'$') return;
        if (kept) _journal.Add(new MqttChange(MqttChangeKind.Retain, "", 0, message));
        else if (had) ForgetRow(message);
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

using Gateway.Protocols.Mqtt;

namespace Gateway.Links.MqttClient;

/// <summary>What the session on the broker listens to: asked for after CONNACK where it has to be, and again where it was refused.</summary>
internal sealed partial class BrokerConnection
{
    /// <summary>A right that was missing may have been given meanwhile.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(60);

    private readonly Dictionary<ushort, IReadOnlyList<MqttSubscription>> _asked = [];
    private readonly List<(MqttSubscription Subscription, MqttReason Reason)> _refused = [];
    private MqttConnack _connack = new();
    private long _askedAt;
    private volatile int _awaited;
    private volatile bool _anyRefused;
    private volatile bool _askAgain;

    private async Task SubscribeAsync()
    {
        var plan = _session.Plan(_connack.SessionPresent);
        if (plan.IsEmpty)
        {
            _owner.Ready(_connack.SessionPresent, []);
            return;
        }
        await StandAsync(_session.RememberBeforeAsync(plan));
        Ask(plan);
        if (_awaited == 0) await GrantedAsync();
    }

    private void Ask(SubscriptionPlan plan)
    {
        uint bytesMax = _connack.MaximumPacketSize ?? uint.MaxValue;
        _askedAt = _time.GetTimestamp();
        foreach (var drop in SubscriptionPlan.Packets(plan.Drop, f => f, bytesMax))
        {
            var unsubscribe = new MqttUnsubscribe(_session.Ids.Take(), drop);
            _asked[unsubscribe.PacketId] = [];
            _out.Append(static (to, s) => MqttWriter.Unsubscribe(to, s.Version, s.Packet), (Version: _version, Packet: unsubscribe));
        }
        // A server that says it has no such thing must not be asked for it [MQTT-3.2.2-5.0 §3.2.2.3.11, .13].
        foreach (var denied in plan.Ask.Where(a => Denial(a) != MqttReason.Success)) _refused.Add((denied, Denial(denied)));
        foreach (var ask in SubscriptionPlan.Packets(plan.Ask.Where(a => Denial(a) == MqttReason.Success), a => a.Filter, bytesMax))
        {
            var subscribe = new MqttSubscribe(_session.Ids.Take(), 0, ask);
            _asked[subscribe.PacketId] = ask;
            _out.Append(static (to, s) => MqttWriter.Subscribe(to, s.Version, s.Packet), (Version: _version, Packet: subscribe));
        }
        _awaited = _asked.Count;
        _out.Flush();
    }

    private MqttReason Denial(MqttSubscription subscription)
    {
        if (!_connack.SharedAvailable && MqttTopic.TryShared(subscription.Filter, out _, out _)) return MqttReason.SharedSubscriptionsNotSupported;
        return !_connack.WildcardAvailable && subscription.Filter.AsSpan().ContainsAny('+', '#') ? MqttReason.WildcardSubscriptionsNotSupported : MqttReason.Success;
    }

    private Next Answered(MqttPacketType type, MqttSuback suback)
    {
        if (!_asked.Remove(suback.PacketId, out var asked)) return Against(MqttReason.ProtocolError, $"{type} for packet id {suback.PacketId}, which nothing waits for", "MQTT-3.8.4-2");
        _session.Ids.Free(suback.PacketId);
        if (type == MqttPacketType.Suback && suback.Reasons.Length != asked.Count) return Against(MqttReason.ProtocolError, $"{suback.Reasons.Length} answers to {asked.Count} subscriptions", "MQTT-3.8.4-6");
        for (int i = 0; i < asked.Count; i++)
        {
            var reason = (MqttReason)suback.Reasons[i];
            if (reason >= MqttReason.UnspecifiedError) _refused.Add((asked[i], reason));
            else if ((int)reason < asked[i].Qos) _owner.LowerQos(asked[i].Filter, asked[i].Qos, (int)reason);
        }
        _awaited = _asked.Count;
        return _asked.Count == 0 ? Next.Granted : Next.Read;
    }

    private async Task GrantedAsync()
    {
        string[] words = [.. _refused.Select(r => $"{r.Subscription.Filter} ({r.Reason})")];
        if (words.Length > 0 && words.Length == _session.Wanted.Count)
        {
            End(BrokerEnd.Refused($"refused every subscription: {string.Join(", ", words)}"));
            return;
        }
        _anyRefused = words.Length > 0;
        await StandAsync(_session.RememberAsync(_refused.Select(r => r.Subscription.Filter)));
        _owner.Ready(_connack.SessionPresent, words);
    }

    private void AskAgain(long now)
    {
        if (!_anyRefused || _askAgain || _time.GetElapsedTime(_askedAt, now) < AskAgainAfter) return;
        _askAgain = true;
        Wake();
    }

    private void AskRefused()
    {
        _askAgain = false;
        var again = new SubscriptionPlan([.. _refused.Select(r => r.Subscription)], []);
        _refused.Clear();
        Ask(again);
    }

    /// <summary>While the disk is awaited nothing is read, and no silence is the broker's.</summary>
    private async Task StandAsync(Task task)
    {
        _standing = true;
        await task;
        Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        _standing = false;
    }
}

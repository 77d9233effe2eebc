using Gateway.Protocols.Mqtt;

namespace Gateway.Links.Mqtt.Broker;

/// <summary>Which subscriptions a topic name matches [§4.7]: a tree of topic levels, so that the cost grows with the depth of the topic and not with the number of filters.</summary>
/// <remarks><b>Threading</b>: none of its own; the broker's lock guards it.</remarks>
internal sealed class SubscriptionTree
{
    private readonly Level _root = new();

    /// <summary>Subscriptions held, shared ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Not even a branch is left.</summary>
    public bool IsEmpty => _root.IsEmpty;

    /// <summary>Adds it, in place of an older one of the same session and filter.</summary>
    public void Add(Subscription subscription)
    {
        bool shared = MqttTopic.TryShared(subscription.Filter, out string group, out string filter);
        if (!shared) filter = subscription.Filter;
        var level = _root;
        foreach (var range in filter.AsSpan().Split('/'))
            level = level.Down(filter[range]);
        var list = shared ? level.Group(group).Members : level.Subscriptions;
        int at = list.FindIndex(s => s.Session == subscription.Session);
        if (at >= 0)
        {
            list[at] = subscription;
            return;
        }
        list.Add(subscription);
        Count++;
    }

    public void Remove(Subscription subscription)
    {
        bool shared = MqttTopic.TryShared(subscription.Filter, out string group, out string filter);
        if (!shared) filter = subscription.Filter;
        Remove(_root, filter.Split('/'), 0, shared ? group : null, subscription.Session);
    }

    /// <summary>All subscriptions the name matches; of each shared group the whole group, for its turn is the caller's business.</summary>
    public void Match(string topic, List<Subscription> plain, List<SharedGroup> shared)
    {
        string[] levels = topic.Split('/');
        Match(_root, levels, 0, wildcards: !topic.StartsWith('$'), plain, shared);
    }

    private void Remove(Level level, string[] path, int depth, string? group, MqttSession session)
    {
        if (depth == path.Length)
        {
            if (group is null) Count -= level.Subscriptions.RemoveAll(s => s.Session == session);
            else if (level.Groups is not null && level.Groups.TryGetValue(group, out var members))
            {
                Count -= members.Members.RemoveAll(s => s.Session == session);
                if (members.Members.Count == 0) level.Groups.Remove(group);
            }
            return;
        }
        if (!level.Children.TryGetValue(path[depth], out var child)) return;
        Remove(child, path, depth + 1, group, session);
        // What a client made grow goes with it: a hostile one must not leave branches behind.
        if (child.IsEmpty) level.Children.Remove(path[depth]);
    }

    private static void Match(Level level, string[] path, int depth, bool wildcards, List<Subscription> plain, List<SharedGroup> shared)
    {
        // A wildcard in the first level does not match $-topics [MQTT-4.7.2-1].
        bool wild = depth > 0 || wildcards;
        if (wild && level.Children.TryGetValue("#", out var rest)) rest.Collect(plain, shared);
        if (depth == path.Length)
        {
            level.Collect(plain, shared);
            return;
        }
        if (level.Children.TryGetValue(path[depth], out var same)) Match(same, path, depth + 1, wildcards, plain, shared);
        if (wild && level.Children.TryGetValue("+", out var any)) Match(any, path, depth + 1, wildcards, plain, shared);
    }

    private sealed class Level
    {
        public Dictionary<string, Level> Children { get; } = new(StringComparer.Ordinal);

        public List<Subscription> Subscriptions { get; } = [];

        public Dictionary<string, SharedGroup>? Groups { get; private set; }

        public bool IsEmpty => Children.Count == 0 && Subscriptions.Count == 0 && Groups is not { Count: > 0 };

        public Level Down(string name)
        {
            if (!Children.TryGetValue(name, out var child)) Children.Add(name, child = new Level());
            return child;
        }

        public SharedGroup Group(string name)
        {
            Groups ??= new Dictionary<string, SharedGroup>(StringComparer.Ordinal);
            if (!Groups.TryGetValue(name, out var group)) Groups.Add(name, group = new SharedGroup());
            return group;
        }

        public void Collect(List<Subscription> plain, List<SharedGroup> shared)
        {
            plain.AddRange(Subscriptions);
            if (Groups is not null) shared.AddRange(Groups.Values);
        }
    }
}

/// <summary>The members of one shared subscription [§4.8.2]; they take turns, whoever is connected first.</summary>
internal sealed class SharedGroup
{
    private int _turn;

    public List<Subscription> Members { get; } = [];

    /// <summary>Whose turn it is: the next connected member, else the next whose session waits for it. Null when nobody could keep it.</summary>
    public Subscription? Next(int qos)
    {
        int absent = -1;
        for (int i = 1; i <= Members.Count; i++)
        {
            int at = (_turn + i) % Members.Count;
            if (Members[at].Session.IsConnected) return Members[_turn = at];
            if (absent < 0 && Math.Min(qos, Members[at].Qos) > 0) absent = at;
        }
        return absent < 0 ? null : Members[_turn = absent];
    }
}

using Gateway.Protocols.Mqtt;
using Gateway.Tests.Links.Mqtt.Rig;
using Xunit;

namespace Gateway.Tests.Links.Mqtt;

/// <summary>A gateway, some publishers and subscribers of both versions, and a seed that decides who does what next: also that the disk refuses, that a round comes late, or that the power goes.</summary>
internal sealed class MqttSimulation : IDisposable
{
    private static readonly string[] Topics = ["t/1", "t/2", "t/3"];

    private readonly Random _random;
    private readonly MqttRig _rig;
    private readonly List<StandardClient> _publishers = [];
    private readonly List<StandardClient> _subscribers = [];
    private readonly List<StandardClient> _group = [];
    private readonly Dictionary<string, int> _lastRetained = [];
    private bool _refuses;
    private int _next;

    public MqttSimulation(int seed)
    {
        _random = new Random(seed);
        _rig = new MqttRig(o => (o.InflightMax, o.SendWindowMax, o.QueueMessagesMax) = (8, 6, 1_000_000));
        foreach (var version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
        {
            foreach (bool kept in (bool[])[true, false])
            {
                string name = $"{version}-{(kept ? "kept" : "clean")}";
                _publishers.Add(new StandardClient(_rig, $"p-{name}", version, kept));
                for (int qos = 0; qos <= 2; qos++) _subscribers.Add(Subscriber($"s{qos}-{name}", version, kept, qos == 1 ? "#" : "t/+", qos));
            }
            _group.Add(Subscriber($"g-{version}", version, true, "$share/g/t/#", 2));
        }
        // Everybody is subscribed before anything is said.
        Drain();
    }

    private IEnumerable<StandardClient> Everybody => [.. _publishers, .. _subscribers, .. _group];

    public int Crashes { get; private set; }

    /// <summary>Messages of QoS 1 and 2 that the gateway took over.</summary>
    public int Accepted => _publishers.Sum(p => p.Accepted.Count);

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++) Step();
    }

    /// <summary>Everything goes well from here on: all come back, all is delivered.</summary>
    public void Drain()
    {
        Refuse(false);
        for (int quiet = 0, turns = 0; quiet < 3; turns++)
        {
            Assert.True(turns < 5_000, $"does not come to rest: {string.Join("; ", Everybody.Where(c => !c.IsOnline || !c.IsIdle).Select(c => c.State))}");
            bool busy = _rig.HasWork;
            foreach (var client in Everybody)
            {
                if (!client.HasLine) client.Connect();
                while (client.Step()) busy = true;
                busy |= !client.IsOnline || !client.IsSubscribed || !client.IsIdle;
            }
            _rig.Round();
            _rig.Pass(TimeSpan.FromMilliseconds(300));
            quiet = busy ? 0 : quiet + 1;
        }
    }

    public void CheckDeliveries()
    {
        Assert.Equal(0, _rig.Tally.DroppedQueueFull);
        foreach (var subscriber in _subscribers.Where(s => s.IsKept))
        {
            int qos = subscriber.Filters[0].Qos;
            CheckOrder(subscriber, text => Math.Min(qos, QosOf(text)) > 0);
            CheckDelivered(subscriber.Id, qos, subscriber.Filters[0].Filter == "#", subscriber.Got);
        }
        foreach (var member in _group) CheckOrder(member, text => QosOf(text) == 2);
        CheckDelivered("group", 2, false, [.. _group.SelectMany(g => g.Got)]);
        CheckRetained();
    }

    public void CheckNothingIsLeft()
    {
        Assert.Equal((0, 0), (_rig.Rows("queue"), _rig.Rows("received")));
        Assert.Equal(Everybody.Count(c => c.IsKept), _rig.Rows("session"));
        foreach (var client in Everybody)
        {
            client.Disconnect();
            _rig.Connect(client.Id).Disconnect();
        }
        var cleaner = _rig.Connect("cleaner");
        foreach (string topic in _lastRetained.Keys) cleaner.Publish(topic, "", 1, retain: true);
        _rig.Settle(cleaner);
        cleaner.Disconnect();
        _rig.Round();
        Assert.Equal((0, 0, 0, 0), (_rig.Link.Sessions, _rig.Link.Subscriptions, _rig.Link.Retained, _rig.AllRows()));
        Assert.Equal(0, _rig.HeldBytes);
    }

    public void Dispose() => _rig.Dispose();

    private StandardClient Subscriber(string name, MqttVersion version, bool kept, string filter, int qos)
    {
        var client = new StandardClient(_rig, name, version, kept);
        client.Filters.Add(new MqttSubscription(filter, qos, false, false, 2));
        return client;
    }

    private void Step()
    {
        var client = Everybody.ElementAt(_random.Next(Everybody.Count()));
        switch (_random.Next(100))
        {
            case < 35: Publish(_publishers[_random.Next(_publishers.Count)]); break;
            case < 60: client.Step(_random.Next(1, 6)); break;
            case < 80: _rig.Round(); break;
            case < 84: client.Drop(); break;
            case < 86: client.Disconnect(); break;
            case < 88: Reconnect(client); break;
            case < 95: Return(); break;
            case < 98: _rig.Pass(TimeSpan.FromMilliseconds(_random.Next(1, 400))); break;
            case < 99: Refuse(!_refuses && _random.Next(2) == 0); break;
            default: Crash(); break;
        }
    }

    private void Publish(StandardClient publisher)
    {
        int number = ++_next;
        if (_random.Next(12) == 0)
        {
            _lastRetained[$"r/{publisher.Id}"] = number;
            publisher.Publish($"r/{publisher.Id}", $"{publisher.Id} r {number}", 1, retain: true);
            return;
        }
        string topic = Topics[_random.Next(Topics.Length)];
        int qos = _random.Next(3);
        publisher.Publish(topic, $"{publisher.Id} {topic}/{qos} {number}", qos);
    }

    private void Reconnect(StandardClient client)
    {
        client.ReceiveMaximum = _random.Next(1, 8);
        client.Connect();
    }

    private void Return()
    {
        foreach (var client in Everybody)
            if (!client.HasLine && _random.Next(2) == 0) Reconnect(client);
    }

    private void Refuse(bool refuses)
    {
        if (refuses != _refuses) _rig.StoreRefuses(refuses);
        _refuses = refuses;
    }

    private void Crash()
    {
        // Half of the time between the commit and its acknowledgements.
        if (_random.Next(2) == 0 && !_refuses) _rig.CommitOnly();
        Refuse(false);
        foreach (var client in Everybody) client.Lost();
        _rig.Crash();
        Crashes++;
    }

    private static int QosOf(string text) => text.Contains(" r ") ? 1 : text.Split(' ')[1][^1] - '0';

    /// <summary>First copies come in the order they were published, for each publisher, topic and QoS [MQTT-4.6.0-5].</summary>
    /// <param name="holds">Whether that holds for a text: a message that a receiver missed for good may come to it by a later copy.</param>
    private static void CheckOrder(StandardClient subscriber, Func<string, bool> holds)
    {
        var last = new Dictionary<string, int>();
        var seen = new HashSet<string>();
        foreach (string text in subscriber.Got.Select(m => m.Text).Where(t => holds(t) && seen.Add(t)))
        {
            string[] parts = text.Split(' ');
            int number = int.Parse(parts[2]);
            Assert.True(number > last.GetValueOrDefault($"{parts[0]} {parts[1]}"), $"{subscriber.Id} got {text} after {last.GetValueOrDefault($"{parts[0]} {parts[1]}")}");
            last[$"{parts[0]} {parts[1]}"] = number;
        }
    }

    private void CheckDelivered(string who, int qos, bool all, List<Delivery> got)
    {
        var counts = got.GroupBy(m => m.Text).ToDictionary(g => g.Key, g => g.Count());
        foreach (var publisher in _publishers)
        {
            foreach (string text in publisher.Published)
            {
                bool isRetained = text.Contains(" r ");
                if (isRetained && !all) continue;
                int count = counts.GetValueOrDefault(text), level = Math.Min(qos, QosOf(text));
                if (level == 2) Assert.True(count <= 1, $"{who} got {text} {count} times");
                if (level > 0 && publisher.Accepted.Contains(text)) Assert.True(count >= 1, $"{who} never got {text}");
            }
        }
    }

    private void CheckRetained()
    {
        var reader = _rig.Connect("reader");
        reader.Subscribe("r/#", 0);
        var kept = reader.Messages().ToDictionary(m => m.Topic, m => int.Parse(m.Text.Split(' ')[2]));
        foreach (var publisher in _publishers)
        {
            var accepted = publisher.Accepted.Where(t => t.Contains(" r ")).Select(t => int.Parse(t.Split(' ')[2])).ToList();
            if (accepted.Count > 0) Assert.True(kept.GetValueOrDefault($"r/{publisher.Id}") >= accepted.Max(), $"retained of {publisher.Id} is older than {accepted.Max()}");
        }
        reader.Disconnect();
    }
}

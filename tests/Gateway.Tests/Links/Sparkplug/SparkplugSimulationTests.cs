using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Testing.Sparkplug;
using Xunit;

namespace Gateway.Tests.Links.Sparkplug;

/// <summary>Random lives of two nodes over a channel that loses, delays and repeats; a failure names its seed.</summary>
public sealed class SparkplugSimulationTests
{
    /// <summary>The values of each field lie where no other's do, so that a value in the wrong field is seen.</summary>
    private static readonly Dictionary<string, double> From = new() { ["load_t"] = 0, ["wind_mps"] = 20, ["radius_m"] = 60, ["moment_pct"] = 200, ["height_m"] = 400 };

    [Fact]
    public void Whatever_is_lost_no_value_lands_in_the_wrong_field_and_no_node_is_pestered_and_all_heals()
    {
        int readings = 0, rebirths = 0, deaths = 0;
        for (int seed = 0; seed < 80; seed++)
        {
            using var life = new Life(seed, loss: 0.08, repeat: 0.05, delay: 0.2);
            life.Live(400);
            life.Heal();
            (readings, rebirths, deaths) = (readings + life.Readings.Count, rebirths + life.Rig.Rebirths.Count(), deaths + life.Deaths);
        }
        Assert.True(readings > 20_000 && rebirths > 200 && deaths > 200, $"{readings} readings, {rebirths} rebirths, {deaths} deaths: too quiet a life");
    }

    [Fact]
    public void What_is_only_out_of_order_arrives_whole_in_order_and_once()
    {
        for (int seed = 1_000; seed < 1_050; seed++)
        {
            using var life = new Life(seed, loss: 0, repeat: 0.1, delay: 0.5, onlyData: true);
            life.Live(400);
            life.Heal();
            var sent = life.Sent.Where(s => s.Device == "c1").Select(s => s.Value);
            var seen = life.Readings.Where(r => r.Device == "c1" && r.Flags == ReadingFlags.None).Select(r => r.Good("load_t")!.Value);
            Assert.True(sent.SequenceEqual(seen), $"seed {seed}: {sent.Count()} sent, {seen.Count()} seen");
            Assert.True(life.Rig.Published.Count == 0, $"seed {seed}: {life.Rig.Published.Count} requests");
        }
    }

    [Fact]
    public void The_same_calls_give_the_same_readings_events_and_requests()
    {
        for (int seed = 2_000; seed < 2_020; seed++)
        {
            using var first = new Life(seed, loss: 0.1, repeat: 0.1, delay: 0.3);
            using var second = new Life(seed, loss: 0.1, repeat: 0.1, delay: 0.3);
            first.Live(300);
            second.Live(300);
            Assert.True(first.Log.Count > 100 && first.Log.SequenceEqual(second.Log), $"seed {seed}");
        }
    }

    private sealed class Life : IDisposable
    {
        /// <summary>How long the channel keeps a message at most.</summary>
        private const int ChannelMs = 3_000;

        private readonly int _seed;
        private readonly Random _random;
        private readonly PriorityQueue<TestMessage, (long, int)> _channel = new();
        private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);
        private readonly Dictionary<string, ulong> _born = new(StringComparer.Ordinal);
        private readonly TestNode _n1, _n2;
        private readonly double _repeat;
        private readonly Dictionary<TestNode, long> _birthsMs = [];
        private double _loss, _delay;
        private int _order, _heard;

        /// <param name="onlyData">Two sessions begin well, and from then on there is nothing but data.</param>
        public Life(int seed, double loss, double repeat, double delay, bool onlyData = false)
        {
            (_seed, _random, _loss) = (seed, new Random(seed), loss);
            (_n1, _n2) = (new TestNode("yard", "n1", () => Rig.NowMs), new TestNode("yard", "n2", () => Rig.NowMs));
            if (!onlyData) (_repeat, _delay) = (repeat, delay);
            Connect(_n1);
            Connect(_n2);
            Pass(1);
            if (onlyData) Readings.Clear();
            (_repeat, _delay, OnlyData) = (repeat, delay, onlyData);
        }

        public SparkplugRig Rig { get; } = new();

        private bool OnlyData { get; }

        public List<Seen> Readings { get; } = [];

        public List<string> Log { get; } = [];

        public List<(string Device, double Value)> Sent { get; } = [];

        public int Deaths { get; private set; }

        public void Dispose() => Rig.Dispose();

        public void Live(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                Act(_random.Next(2) == 0 ? _n1 : _n2, OnlyData ? 10 : _random.Next(40));
                Pass(_random.Next(1, 400));
            }
        }

        /// <summary>The channel mends itself: what the nodes say from now on is understood before long.</summary>
        public void Heal()
        {
            (_loss, _delay) = (0, 0);
            Pass(ChannelMs);
            if (!OnlyData)
            {
                Births(_n1);
                Births(_n2);
            }
            for (int i = 0; i < 80; i++)
            {
                Act(_n1, 10);
                Act(_n2, 10);
                Pass(1_000);
            }
            Pass(10_000);
            Assert.True(Rig.Host.Figures().Held == 0, $"seed {_seed}: {Rig.Host.Figures().Held} held for ever");
            Assert.DoesNotContain(Rig.Published, p => p.AtMs > Rig.NowMs - 20_000);
            foreach (string device in new[] { "c1", "c3" })
            {
                double last = Sent.Last(s => s.Device == device).Value;
                Assert.True(Readings.Last(r => r.Device == device).Good("load_t") == last, $"seed {_seed}: {device} is not understood");
            }
        }

        private void Act(TestNode node, int what)
        {
            string device = node == _n1 ? "k" + _random.Next(1, 3) : "";
            switch (what)
            {
                case 0 when IsSettled(node): Connect(node); break;
                case 1 when IsSettled(node): Leave(node); break;
                case 2 when IsSettled(node): Births(node); break;
                case 3 when device.Length > 0: Put(node.DeviceDeath(device)); break;
                case 4 or 5 when device.Length > 0: Put(node.DeviceBirth(device, Metrics(node, device))); break;
                default: Data(node, OnlyData ? device.Length > 0 ? "k1" : "" : device); break;
            }
        }

        private void Data(TestNode node, string device)
        {
            TestMetric[] some = [.. Metrics(node, null).Where(m => m.Name == "Crane/load_t" || _random.Next(2) == 0)];
            double load = Value("load_t");
            some = [.. some.Select(m => m.Name == "Crane/load_t" ? TestMetric.Double(m.Name, load) : m)];
            Sent.Add((device switch { "k1" => "c1", "k2" => "c2", _ => "c3" }, load));
            Put(device.Length > 0 ? node.DeviceData(device, some) : node.Data(some));
        }

        /// <summary>A connection breaks, the broker hands out its will some time later, the next one begins.</summary>
        private void Connect(TestNode node)
        {
            if (node.BdSeq > 0) _channel.Enqueue(node.Death(), (Rig.NowMs + _random.Next(10_000), _order++));
            node.Connect();
            Births(node);
        }

        private void Leave(TestNode node)
        {
            Put(node.Death());
            Pass(_random.Next(5_000));
            Connect(node);
        }

        /// <summary>Nothing of an older session is under way: messages have no session of their own, so of two at once nobody can tell which is which.</summary>
        private bool IsSettled(TestNode node) => Rig.NowMs - _birthsMs.GetValueOrDefault(node) > ChannelMs;

        private void Births(TestNode node)
        {
            _birthsMs[node] = Rig.NowMs;
            Put(node.Birth(node == _n2 ? Metrics(node, "") : []));
            if (node != _n1) return;
            Put(node.DeviceBirth("k1", Metrics(node, "k1")));
            Put(node.DeviceBirth("k2", Metrics(node, "k2")));
        }

        /// <summary>All metrics in any order. At a birth each device keeps its handful of aliases, so a birth that is missed leaves every one of them with another meaning.</summary>
        private TestMetric[] Metrics(TestNode node, string? born)
        {
            if (born is not null) node.NextAlias = born switch { "k1" => 10, "k2" => 20, _ => 30 };
            var metrics = From.Keys.Select(f => TestMetric.Double("Crane/" + f, Value(f))).ToArray();
            _random.Shuffle(metrics);
            return metrics;
        }

        private double Value(string field) => From[field] + _random.Next(10_000) / 1_000.0;

        private void Put(TestMessage message)
        {
            // Two messages of a node have two times.
            Pass(1);
            if (_random.NextDouble() < _loss) return;
            _channel.Enqueue(message, (Rig.NowMs + (_random.NextDouble() < _delay ? _random.Next(ChannelMs) : 0), _order++));
            if (_random.NextDouble() < _repeat) _channel.Enqueue(message, (Rig.NowMs + _random.Next(1_000), _order++));
        }

        private void Pass(int ms)
        {
            long until = Rig.NowMs + ms;
            while (_channel.TryPeek(out _, out var due) && due.Item1 <= until)
            {
                Rig.Pass(Math.Max(0, due.Item1 - Rig.NowMs) / 1000.0);
                Look(null);
                if (_channel.TryDequeue(out var message, out _)) Deliver(message);
            }
            Rig.Pass((until - Rig.NowMs) / 1000.0);
            Look(null);
        }

        private void Deliver(TestMessage message)
        {
            var answer = Rig.Take(message);
            Log.Add($"{Rig.NowMs} {message.Topic} {answer.Answer} {answer.Reason}");
            Look(message);
            if (message.Topic.Contains("/NBIRTH/", StringComparison.Ordinal)) _born[NodeOf(message)] = BdSeqOf(message);
        }

        /// <summary>Whatever came out of the host last must be true.</summary>
        private void Look(TestMessage? cause)
        {
            var seen = Rig.Ingested();
            Readings.AddRange(seen.Readings);
            Log.AddRange(seen.Lines.Concat(seen.Events));
            foreach (var sample in seen.Readings.SelectMany(r => r.Samples).Where(s => s.Quality == SampleQuality.Good))
                Assert.True(sample.Value >= From[sample.Field] && sample.Value < From[sample.Field] + 10, $"seed {_seed}: {sample.Field} = {sample.Value}");
            int died = seen.Raw.Count(e => e.Kind == LinkEventKind.Died);
            Deaths += died;
            if (cause is not null && cause.Topic.Contains("/NDEATH/", StringComparison.Ordinal) && BdSeqOf(cause) != _born.GetValueOrDefault(NodeOf(cause), ulong.MaxValue))
                Assert.True(died == 0, $"seed {_seed}: a stale will killed {died}");
            while (_heard < Rig.Published.Count) Hear(Rig.Published[_heard++]);
        }

        private void Hear(Publication request)
        {
            Assert.True(request.IsRebirth, $"seed {_seed}: {request.Topic}");
            if (_asked.TryGetValue(request.Topic, out long last)) Assert.True(request.AtMs - last >= 30_000, $"seed {_seed}: {request.Topic} after {request.AtMs - last} ms");
            _asked[request.Topic] = request.AtMs;
            Log.Add($"{request.AtMs} {request.Topic}");
            var node = request.Topic == _n1.CommandTopic ? _n1 : _n2;
            if (IsSettled(node) && _random.NextDouble() >= _loss) Births(node);
        }

        private static string NodeOf(TestMessage message) => message.Topic.Split('/')[3];

        /// <summary>The tests' payloads have bdSeq as their first metric: name of five bytes, … value as field 11.</summary>
        private static ulong BdSeqOf(TestMessage message)
        {
            int at = message.Payload.AsSpan().IndexOf("bdSeq"u8) + 5;
            at = message.Payload.AsSpan(at).IndexOf((byte)(11 << 3)) + at + 1;
            return message.Payload[at] < 0x80 ? message.Payload[at] : (ulong)(message.Payload[at] & 0x7F | message.Payload[at + 1] << 7);
        }
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>Clients that want to harm the listener, over real sockets, while healthy devices report: nobody but the attacker notices.</summary>
[Collection(Alone.Name)]
public sealed class HostileClientTests(BesiegedSite site, ITestOutputHelper output) : IClassFixture<BesiegedSite>
{
    private const int Seed = 20260101;

    private static readonly TimeSpan Flood = TimeSpan.FromSeconds(1);

    private int Port => site.Port;

    [Fact]
    public Task A_CONNECT_of_one_byte_a_second_ends_at_the_connect_timeout() => site.WithstandsAsync(output, async () =>
    {
        const int Loris = 300;
        byte[] connect = RawPackets.Connect("loris");
        double rejected = (await site.MetricsAsync())["gateway_mqtt_rejected_total"];

        var ages = await Task.WhenAll(Enumerable.Range(0, Loris).Select(async _ =>
        {
            using var slow = await RawConnection.OpenAsync(Port);
            var closed = slow.ClosedAsync();
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            for (int i = 0; i < connect.Length && !closed.IsCompleted && await slow.TrySendAsync(connect.AsMemory(i, 1)); i++) await Task.WhenAny(closed, second.WaitForNextTickAsync().AsTask());
            Assert.Null(await closed);
            return slow.Age.TotalSeconds;
        }));

        // One sweep a second, and the test's own processor time; the gateway's clock began a little before ours.
        Assert.InRange(ages.Min(), BesiegedSite.ConnectTimeoutSeconds - 0.5, BesiegedSite.ConnectTimeoutSeconds + 2);
        Assert.InRange(ages.Max(), BesiegedSite.ConnectTimeoutSeconds - 0.5, BesiegedSite.ConnectTimeoutSeconds + 5);
        await Eventually.GetAsync("all of them are counted", Eventually.Seconds(5), async () => (await site.MetricsAsync())["gateway_mqtt_rejected_total"], seen => seen == rejected + Loris);
    });

    [Fact]
    public Task Who_falls_silent_is_ended_by_its_keep_alive() => site.WithstandsAsync(output, () => Task.WhenAll(Enumerable.Range(0, 100).Select(async n =>
    {
        bool v5 = n % 2 == 0;
        using var silent = await RawConnection.SignedInAsync(Port, $"silent-{n}", keepAliveSeconds: 1, v5: v5);
        var last = await silent.ClosedAsync();
        Assert.InRange(silent.Age.TotalSeconds, 1.4, 5);
        // 5.0 has a word for it: keep alive timeout [§3.14.2.1].
        if (v5) Assert.Equal((0xE0, 0x8D), (last!.Value.Type, last.Value.Body[0]));
        else Assert.Null(last);
    })));

    /// <summary>3.1.1 has no way to tell a client that asked for no keep-alive that it has one; TCP asks instead.</summary>
    [Fact]
    public Task Who_asked_for_no_keep_alive_is_watched_by_TCP() => site.WithstandsAsync(output, async () =>
    {
        const string KeepAliveTimer = "02";
        using var silent = await RawConnection.SignedInAsync(Port, "never-pings", keepAliveSeconds: 0);
        // proc(5): local address, remote address, state, queues, timer:when.
        string ours = $":{Port:X4} ", theirs = $":{silent.Port:X4} ";
        var line = await Eventually.GetAsync("the gateway's end in /proc/net/tcp", Eventually.Seconds(5),
            () => File.ReadLines("/proc/net/tcp").FirstOrDefault(l => l.IndexOf(ours, StringComparison.Ordinal) is > 0 and var at && l.IndexOf(theirs, at, StringComparison.Ordinal) > 0), found => found is not null);
        Assert.Equal(KeepAliveTimer, line!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5].Split(':')[0]);
    });

    [Fact]
    public Task A_subscriber_that_never_reads_costs_its_queue_and_others_nothing() => site.WithstandsAsync(output, async () =>
    {
        const int Messages = 150;
        double dropped = (await site.MetricsAsync())["gateway_mqtt_dropped_queue_full_total"];
        using var deaf = await RawConnection.SignedInAsync(Port, "deaf", receiveBytes: 4096);
        using var hearing = await RawConnection.SignedInAsync(Port, "hearing");
        using var speaker = await RawConnection.SignedInAsync(Port, "speaker", from: 3);
        await deaf.SendAsync(RawPackets.Subscribe(1, ["noise/#"], qos: 1));
        await hearing.SendAsync(RawPackets.Subscribe(1, ["noise/#"]));
        Assert.Equal(0x90, (await hearing.ReadAsync())!.Value.Type);

        byte[] payload = new byte[60_000];
        for (ushort id = 1; id <= Messages; id++)
        {
            await speaker.SendAsync(RawPackets.Publish("noise/1", payload, id));
            Assert.Equal(0x40, (await speaker.ReadAsync())!.Value.Type);
            Assert.Equal(0x30, (await hearing.ReadAsync())!.Value.Type);
        }

        Assert.InRange((await site.MetricsAsync())["gateway_mqtt_dropped_queue_full_total"] - dropped, 1, Messages);
    });

    [Fact]
    public Task Who_does_not_read_its_answers_is_cut_off_although_it_holds_its_end_open() => site.WithstandsAsync(output, async () =>
    {
        using var deaf = await RawConnection.SignedInAsync(Port, "deaf-pinger", receiveBytes: 4096);
        byte[] pings = [.. Enumerable.Repeat(RawPackets.Ping, 8_192).SelectMany(p => p)];
        const int BytesMax = 64 * 1024 * 1024;
        int sent = 0;
        while (await deaf.TrySendAsync(pings) && sent < BytesMax) sent += pings.Length;
        Assert.True(sent < BytesMax, "it is still read");
        await Metrics.WithConnectionsAsync(site.Gateway, BesiegedSite.Healthy);
    });

    [Fact]
    public Task An_ended_client_that_neither_reads_nor_closes_leaves_no_socket_behind() => site.WithstandsAsync(output, async () =>
    {
        using var speaker = await RawConnection.SignedInAsync(Port, "speaker", from: 3);
        var deaf = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => RawConnection.SignedInAsync(Port, $"deaf-{n}", keepAliveSeconds: 1, v5: true, receiveBytes: 4096)));
        try
        {
            foreach (var one in deaf) await one.SendAsync(RawPackets.Subscribe(1, ["flood/#"], v5: true));
            byte[] payload = new byte[60_000];
            for (ushort id = 1; id <= 100; id++)
            {
                await speaker.SendAsync(RawPackets.Publish("flood/1", payload, id));
                Assert.Equal(0x40, (await speaker.ReadAsync())!.Value.Type);
            }

            // Their keep-alive ends them while megabytes towards them are stuck; their ends stay open.
            await Eventually.GetAsync("their sockets are closed", Eventually.Seconds(30), () => Metrics.SocketsOf(site.Gateway.Process.Id, Port), sockets => sockets == 1 + BesiegedSite.Healthy + 1, sockets => $"{sockets}, listener and healthy devices included");
        }
        finally
        {
            foreach (var one in deaf) one.Dispose();
        }
    });

    [Fact]
    public Task Announced_sizes_beyond_the_limit_end_only_that_connection_and_are_never_allocated() => site.WithstandsAsync(output, async () =>
    {
        // In front of CONNECT and behind it: 268 435 455 bytes announced, a little of it sent.
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async n =>
        {
            using var first = await RawConnection.OpenAsync(Port);
            await first.TrySendAsync(new byte[] { 0x10 }.Concat(RawPackets.HugeLength).Concat(new byte[1000]).ToArray());
            Assert.Null(await first.ClosedAsync());
            bool v5 = n % 2 == 0;
            using var second = await RawConnection.SignedInAsync(Port, $"huge-{n}", v5: v5);
            await second.TrySendAsync(new byte[] { 0x32 }.Concat(RawPackets.HugeLength).Concat(new byte[1000]).ToArray());
            var last = await second.ClosedAsync();
            // Packet too large [§3.14.2.1].
            if (v5) Assert.Equal((0xE0, 0x95), (last!.Value.Type, last.Value.Body[0]));
            else Assert.Null(last);
        }));

        using var exact = await RawConnection.SignedInAsync(Port, "exact");
        byte[] largest = RawPackets.Publish("a/b", new byte[BesiegedSite.PacketBytesMax - 11], id: 1);
        Assert.Equal(BesiegedSite.PacketBytesMax, largest.Length);
        await exact.SendAsync(largest);
        Assert.Equal(0x40, (await exact.ReadAsync())!.Value.Type);
        await exact.TrySendAsync(RawPackets.Publish("a/b", new byte[BesiegedSite.PacketBytesMax - 10], id: 2));
        Assert.Null(await exact.ClosedAsync());
    });

    [Fact]
    public Task Large_packets_that_never_become_whole_hold_no_more_than_themselves() => site.WithstandsAsync(output, async () =>
    {
        byte[] almost = [0x10, 0xFC, 0xFF, 0x03, .. new byte[60_000]];
        await Task.WhenAll(Enumerable.Range(0, 400).Select(async _ =>
        {
            using var one = await RawConnection.OpenAsync(Port);
            await one.TrySendAsync(almost);
            Assert.Null(await one.ClosedAsync());
        }));
    });

    [Fact]
    public Task What_a_large_message_took_is_given_back_while_its_sender_stays() => site.WithstandsAsync(output, async () =>
    {
        // Kept for each connection, one packet of this size would come to 60 MB.
        const int Senders = 1_000, PayloadBytes = 60_000;
        const double ResidentMiBMore = 30;
        double before = (await site.MetricsAsync()).ResidentMiB;
        var senders = new RawConnection[Senders];
        try
        {
            byte[] large = RawPackets.Publish("large/message", new byte[PayloadBytes], id: 1);
            await Parallel.ForAsync(0, Senders, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
            {
                senders[n] = await RawConnection.SignedInAsync(Port, $"large-{n}", from: (byte)(2 + n % 4));
                await senders[n].SendAsync(large);
                Assert.Equal(0x40, (await senders[n].ReadAsync())!.Value.Type);
            });
            double more = (await site.MetricsAsync()).ResidentMiB - before;
            output.WriteLine($"{more:F1} MiB for {Senders} connections that sent {PayloadBytes} bytes each");
            Assert.True(more < ResidentMiBMore, $"{more:F1} MiB more");
        }
        finally
        {
            foreach (var sender in senders) sender?.Dispose();
        }
    });

    [Fact]
    public Task One_message_for_hundreds_of_kept_sessions() => site.WithstandsAsync(output, async () =>
    {
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
        {
            using var one = await RawConnection.SignedInAsync(Port, $"absent-{n}", v5: true, keepSeconds: 10);
            await one.SendAsync(RawPackets.Subscribe(1, ["amplify"], qos: 1, v5: true));
            Assert.Equal(0x90, (await one.ReadAsync())!.Value.Type);
        });
        using var speaker = await RawConnection.SignedInAsync(Port, "amplifier", from: 3);
        byte[] payload = new byte[20_000];
        for (ushort id = 1; id <= 50; id++) await speaker.SendAsync(RawPackets.Publish("amplify", payload, id));
        for (ushort id = 1; id <= 50; id++) Assert.Equal(0x40, (await speaker.ReadAsync())!.Value.Type);
    });

    [Fact]
    public Task Names_beyond_their_limits_are_refused() => site.WithstandsAsync(output, async () =>
    {
        const int FilterBytesMax = 1_024, ClientIdLengthMax = 1_024;
        string longest = new('a', FilterBytesMax), longer = longest + "a";
        using var client = await RawConnection.SignedInAsync(Port, new string('i', ClientIdLengthMax), v5: true);
        await client.SendAsync(RawPackets.Subscribe(1, [longest, longer], v5: true));
        // Topic filter invalid.
        Assert.Equal([0x00, 0x8F], (await client.ReadAsync())!.Value.Body[3..]);
        using var wordy = await RawConnection.OpenAsync(Port);
        await wordy.SendAsync(RawPackets.Connect(new string('i', ClientIdLengthMax + 1)));
        // Identifier rejected.
        Assert.Equal([0, 2], (await wordy.ReadAsync())!.Value.Body);
    });

    [Fact]
    public Task A_bomb_of_subscriptions_gets_so_many_and_no_more() => site.WithstandsAsync(output, async () =>
    {
        const int Filters = 100_000, AtOnce = 5_000;
        using var bomber = await RawConnection.SignedInAsync(Port, "bomber", v5: true);
        int granted = 0, refused = 0;
        for (int from = 0; from < Filters; from += AtOnce)
        {
            await bomber.SendAsync(RawPackets.Subscribe((ushort)(1 + from / AtOnce), Enumerable.Range(from, AtOnce).Select(n => $"b/{n}"), v5: true));
            var (type, body) = (await bomber.ReadAsync())!.Value;
            Assert.Equal(0x90, type);
            granted += body[3..].Count(code => code == 0);
            // Quota exceeded [§3.9.3].
            refused += body[3..].Count(code => code == 0x97);
        }
        Assert.Equal((BesiegedSite.SubscriptionsMax, Filters - BesiegedSite.SubscriptionsMax), (granted, refused));

        // A filter of 500 levels is refused; one that is not well formed ends the connection: malformed packet.
        using var deep = await RawConnection.SignedInAsync(Port, "deep", v5: true);
        await deep.SendAsync(RawPackets.Subscribe(1, [string.Join('/', Enumerable.Repeat("a", 500))], v5: true));
        Assert.Equal(0x8F, (await deep.ReadAsync())!.Value.Body[^1]);
        await deep.SendAsync(RawPackets.Subscribe(2, ["#/a"], v5: true));
        Assert.Equal((0xE0, 0x81), (await deep.ClosedAsync()) is (var last, var why) ? (last, why[0]) : default);
    });

    [Fact]
    public Task Wildcards_at_every_level_do_not_make_a_message_expensive_for_others() => site.WithstandsAsync(output, async () =>
    {
        // 10 clients × 100 filters of 100 levels, each with its own mixture of + and a: the tree has a branch for each.
        var random = new Random(Seed);
        var wild = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => RawConnection.SignedInAsync(Port, $"wild-{n}")));
        try
        {
            foreach (var one in wild)
            {
                string[] filters = [.. Enumerable.Range(0, BesiegedSite.SubscriptionsMax).Select(_ => string.Join('/', Enumerable.Range(0, 100).Select(_ => random.Next(2) == 0 ? "+" : "a")))];
                foreach (string[] some in filters.Chunk(50)) await one.SendAsync(RawPackets.Subscribe(1, some));
                for (int i = 0; i < 2; i++) Assert.Equal(0x90, (await one.ReadAsync())!.Value.Type);
            }
            using var speaker = await RawConnection.SignedInAsync(Port, "deep-speaker", from: 3);
            string path = string.Join('/', Enumerable.Repeat("a", 99));
            for (ushort id = 1; id <= 1_000; id++)
            {
                await speaker.SendAsync(RawPackets.Publish($"{path}/{id}", "x"u8, id));
                if (id % 10 == 0)
                    for (int i = 0; i < 10; i++) Assert.Equal(0x40, (await speaker.ReadAsync())!.Value.Type);
            }
        }
        finally
        {
            foreach (var one in wild) one.Dispose();
        }
    });

    [Fact]
    public Task A_bomb_of_topics_leaves_nothing_behind_but_its_limits() => BombAsync(bombers: 8, topics: 120_000);

    [Fact]
    [Trait("Tier", "long")]
    public Task A_million_topics_leave_nothing_behind_but_their_limits() => BombAsync(bombers: 4, topics: 1_000_000);

    [Fact]
    public Task A_flood_of_connections_is_turned_away_at_the_limit_of_its_address_and_then_at_the_limit_of_all() => site.WithstandsAsync(output, async () =>
    {
        double before = (await site.MetricsAsync())["gateway_mqtt_rejected_total"];
        var flood = new List<RawConnection>();
        try
        {
            // One address: its share and no more; a device from another one still comes in.
            flood.AddRange(await FloodAsync(2, 700));
            await Metrics.WithConnectionsAsync(site.Gateway, BesiegedSite.Healthy + BesiegedSite.ConnectionsPerAddressMax);
            using (await RawConnection.SignedInAsync(Port, "late-device", from: 9))
                await Metrics.WithConnectionsAsync(site.Gateway, BesiegedSite.Healthy + BesiegedSite.ConnectionsPerAddressMax + 1);

            flood.AddRange(await FloodAsync(3, 500));
            flood.AddRange(await FloodAsync(4, 500));
            await Metrics.WithConnectionsAsync(site.Gateway, BesiegedSite.ConnectionsMax);
            int turnedAway = flood.Count + BesiegedSite.Healthy - BesiegedSite.ConnectionsMax;
            await Eventually.GetAsync($"{turnedAway} are turned away", Eventually.Seconds(10), async () => (await site.MetricsAsync())["gateway_mqtt_rejected_total"] - before, seen => seen >= turnedAway);
        }
        finally
        {
            foreach (var one in flood) one.Dispose();
        }
    });

    [Fact]
    public Task Garbage_is_closed_whatever_it_is() => site.WithstandsAsync(output, async () =>
    {
        byte[][] known =
        [
            Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: gateway\r\n\r\n"),
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, .. RandomNumberGenerator.GetBytes(506)],
            RawPackets.Ping, RawPackets.Publish("a", "x"u8), RawPackets.Subscribe(1, ["#"]), [0x10, 0], [0xF0, 0], new byte[1000],
            RawPackets.Packet(0x10, [0, 4, .. "MQTT"u8, 9, 2, 0, 30, 0, 1, (byte)'a']),
        ];
        var random = new Random(Seed);
        byte[][] noise = [.. Enumerable.Range(0, 300).Select(_ =>
        {
            byte[] bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            return bytes;
        })];
        await Task.WhenAll(known.Concat(noise).Select(async bytes =>
        {
            using var one = await RawConnection.OpenAsync(Port);
            await one.TrySendAsync(bytes);
            // At once, or at the connect timeout where the noise announced more than it brought.
            if (await one.ClosedAsync() is { } answer) Assert.Equal(0x20, answer.Type);
        }));

        // The same behind a CONNECT.
        await Task.WhenAll(noise.Select(async (bytes, n) =>
        {
            using var one = await RawConnection.SignedInAsync(Port, $"noise-{n}", keepAliveSeconds: 1);
            await one.TrySendAsync(bytes);
            await one.ClosedAsync();
        }));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(600)]
    public Task A_storm_of_connections_with_one_client_id_leaves_one_session(int keepSeconds) => site.WithstandsAsync(output, async () =>
    {
        double sessions = (await site.MetricsAsync())["gateway_mqtt_sessions"];
        var storm = await Task.WhenAll(Enumerable.Range(0, 400).Select(async _ =>
        {
            var one = await RawConnection.OpenAsync(Port);
            await one.SendAsync(RawPackets.Connect("same", v5: true, keepSeconds: (uint)keepSeconds));
            return one;
        }));
        try
        {
            await Metrics.WithConnectionsAsync(site.Gateway, BesiegedSite.Healthy + 1);
            Assert.Equal(sessions + 1, (await site.MetricsAsync())["gateway_mqtt_sessions"]);
        }
        finally
        {
            foreach (var one in storm) one.Dispose();
        }
        await Metrics.WithConnectionsAsync(site.Gateway, BesiegedSite.Healthy);
        Assert.Equal(sessions + (keepSeconds > 0 ? 1 : 0), (await site.MetricsAsync())["gateway_mqtt_sessions"]);
        using var clean = await RawConnection.SignedInAsync(Port, "same");
    });

    [Fact]
    public Task Sessions_left_behind_fill_their_places_and_not_those_of_devices_that_keep_none() => site.WithstandsAsync(output, async () =>
    {
        int[] codes = await Task.WhenAll(Enumerable.Range(0, BesiegedSite.SessionsMax + 100).Chunk(100).Select(async some =>
        {
            int refused = 0;
            foreach (int n in some)
            {
                using var one = await RawConnection.OpenAsync(Port);
                await one.SendAsync(RawPackets.Connect($"left-{n}", v5: true, keepSeconds: 3));
                var (_, body) = (await one.ReadAsync())!.Value;
                if (body[1] == 0x97) refused++;
            }
            return refused;
        }));
        Assert.True(codes.Sum() >= 100, $"{codes.Sum()} refused");

        using var device = await RawConnection.SignedInAsync(Port, "a-device-without-session", from: 9);
        await Eventually.GetAsync("the sessions end with their time", Eventually.Seconds(60), async () => (await site.MetricsAsync())["gateway_mqtt_sessions"], sessions => sessions < BesiegedSite.SessionsMax / 2.0);
    });

    [Theory]
    [InlineData("PINGREQ")]
    [InlineData("PUBLISH")]
    [InlineData("SUBSCRIBE")]
    [InlineData("CONNECT")]
    public Task Who_sends_as_fast_as_it_can_does_not_keep_the_others_from_being_read(string what) => site.WithstandsAsync(output, async () =>
    {
        byte[] packet = what switch
        {
            "PINGREQ" => RawPackets.Ping,
            "PUBLISH" => RawPackets.Publish("nobody/listens", new byte[100]),
            "SUBSCRIBE" => RawPackets.Subscribe(1, ["a/+/c"]),
            // A second one ends its connection; it goes on all the same, and then comes again.
            _ => RawPackets.Connect("again", v5: true),
        };
        byte[] burst = [.. Enumerable.Repeat(packet, 32_768 / packet.Length).SelectMany(p => p)];
        var began = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            while (began.Elapsed < Flood)
            {
                using var flooder = await RawConnection.SignedInAsync(Port, $"flooder-{what}-{n}", v5: what == "CONNECT");
                var answers = flooder.DrainAsync();
                var sending = SendAllTheTimeAsync(flooder, burst);
                await Task.WhenAny(sending, Task.Delay(Flood - began.Elapsed > TimeSpan.Zero ? Flood - began.Elapsed : TimeSpan.Zero));
                flooder.Dispose();
                await sending;
                await answers;
            }
        })));
    });

    private Task BombAsync(int bombers, int topics) => site.WithstandsAsync(output, async () =>
    {
        const int AtOnce = 100;
        await Task.WhenAll(Enumerable.Range(0, bombers).Select(async n =>
        {
            using var bomber = await RawConnection.SignedInAsync(Port, $"topics-{n}");
            // Strangers' devices, nobody's topics, and retained ones.
            for (int from = 0; from < topics / bombers; from += AtOnce)
                await bomber.SendAsync(Enumerable.Range(from, AtOnce).SelectMany(t => (t % 3) switch
                {
                    0 => RawPackets.Publish($"site/e2e/crane/x-{n}-{t}/telemetry", "{}"u8),
                    1 => RawPackets.Publish($"nobody/{n}/{t}", "x"u8),
                    _ => RawPackets.Publish($"kept/{n}/{t}", "x"u8, retain: true),
                }).ToArray());
            await bomber.SendAsync(RawPackets.Ping);
            Assert.Equal(0xD0, (await bomber.ReadAsync())!.Value.Type);
        }));

        var after = await site.MetricsAsync();
        Assert.InRange(after["gateway_mqtt_retained"], 1, BesiegedSite.RetainedMax);
        Assert.True(after["gateway_mqtt_not_retained_total"] > 0, "retained messages without room are counted");
        int strangers = (await site.Gateway.Console.GetAsync("/api/v1/devices")).GetProperty("unregistered").GetArrayLength();
        Assert.InRange(strangers, 1, 1_000);
    });

    private static async Task SendAllTheTimeAsync(RawConnection flooder, byte[] burst)
    {
        while (await flooder.TrySendAsync(burst))
        {
            // Until either side has had enough.
        }
    }

    private async Task<RawConnection[]> FloodAsync(byte from, int connections) => await Task.WhenAll(Enumerable.Range(0, connections).Select(async n =>
    {
        var one = await RawConnection.OpenAsync(Port, from);
        await one.TrySendAsync(RawPackets.Connect($"flood-{from}-{n}"));
        return one;
    }));
}

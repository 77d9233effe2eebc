using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>Clients that want more than their share: packets, names and subscriptions beyond their limits. Over real sockets, while healthy devices report: nobody but they notice.</summary>
[Collection(Alone.Name)]
public sealed class OversizedClientTests(BesiegedSite site, ITestOutputHelper output) : IClassFixture<BesiegedSite>
{
    private const int Seed = 20260101;

    private int Port => site.Port;

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
}

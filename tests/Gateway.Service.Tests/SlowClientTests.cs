using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>Clients that take their time: they send a byte a second, fall silent, or do not read. Over real sockets, while healthy devices report: nobody but they notice.</summary>
[Collection(Alone.Name)]
public sealed class SlowClientTests(BesiegedSite site, ITestOutputHelper output) : IClassFixture<BesiegedSite>
{
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
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Service.Tests;

/// <summary>Clients that want to harm the listener by numbers, noise and speed, over real sockets, while healthy devices report: nobody but the attacker notices.</summary>
[Collection(Alone.Name)]
public sealed class HostileClientTests(BesiegedSite site, ITestOutputHelper output) : IClassFixture<BesiegedSite>
{
    private const int Seed = 20260101;

    private static readonly TimeSpan Flood = TimeSpan.FromSeconds(1);

    private int Port => site.Port;

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

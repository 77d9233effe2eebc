using System.Diagnostics;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>What kill -9 of the gateway does to clients that are not ours: nothing they were promised is missing, doubled or out of order.</summary>
[Collection(Alone.Name)]
public sealed class ClientsThroughKillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Who_was_away_finds_its_session_and_every_acknowledged_message_after_a_kill()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        await gateway.StartAsync();
        var away = RealClient.All.Select(row => (Program: row[0], Version: row[1], Wish: new ClientWish($"away-{row[0]}-{row[1]}", KeepSeconds: 3_600))).ToList();
        await Task.WhenAll(away.Select(async a =>
        {
            await using var before = RealClient.Of(a.Program, a.Version, gateway.MqttPort);
            await before.ConnectAsync(a.Wish, qos: 2, "orders/#");
            await before.DisconnectAsync();
        }));
        await using (var publisher = (ScriptedClient)RealClient.Of("mqttjs", "5.0", gateway.MqttPort))
        {
            await publisher.ConnectAsync(new ClientWish("publisher"));
            for (int n = 0; n < 40; n++) await publisher.SendAsync($"orders/{n % 3}", Order(n), qos: 1 + n % 2);
            await Eventually.TrueAsync("all orders are acknowledged", Eventually.Seconds(10), () => publisher.Acknowledged.Count == 40, () => publisher.Said);
        }

        await gateway.KillAsync();
        await gateway.StartAsync();

        Assert.Equal(away.Count, (await Metrics.ReadAsync(gateway))["gateway_mqtt_sessions"]);
        await Task.WhenAll(away.Select(async a =>
        {
            await using var after = RealClient.Of(a.Program, a.Version, gateway.MqttPort);
            // mosquitto_sub cannot come without a filter; the others do not subscribe again.
            await after.ConnectAsync(a.Wish, qos: 2, a.Program == "mosquitto" ? ["orders/#"] : []);
            if (after is ScriptedClient scripted) Assert.Equal([true], scripted.SessionsPresent);
            await Eventually.GetAsync($"{a.Wish.Id} has them all", Eventually.Seconds(20), () => after.Messages.Count, count => count >= 40, _ => after.Said);
            // Some hand a QoS 2 message on only at its PUBREL: there is an order within a QoS, not between them.
            foreach (int qos in new[] { 1, 2 })
                Assert.Equal(Enumerable.Range(0, 40).Where(n => 1 + n % 2 == qos).Select(Order), after.Messages.Where(m => m.Qos == qos).Select(m => m.Payload));
            Assert.Equal(40, after.Messages.Count);
        }));
    }

    /// <summary>MQTT.js puts whatever it is given on the wire at once, also under 3.1.1 where nobody can tell it a receive maximum; Paho keeps 100 in flight.</summary>
    [Fact]
    public async Task QoS_2_under_load_goes_through_a_kill_exactly_once_and_in_order()
    {
        const int Messages = 1_500, AtOnce = 100;
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Crane("crane-1")));
        // A subscriber may fall behind by all there is: what a full queue does is another test's question.
        gateway.Configuration["Mqtt"]!["QueueMessagesMax"] = Messages;
        await gateway.StartAsync();
        var pairs = RealClient.All.Where(row => row[0] != "mosquitto").Select(row => (Name: $"{row[0]}-{row[1]}",
            From: (ScriptedClient)RealClient.Of(row[0], row[1], gateway.MqttPort), To: (ScriptedClient)RealClient.Of(row[0], row[1], gateway.MqttPort))).ToList();
        try
        {
            await Task.WhenAll(pairs.Select(async p =>
            {
                await p.To.ConnectAsync(new ClientWish($"{p.Name}-to", KeepSeconds: 3_600, Returns: true), qos: 2, $"load/{p.Name}");
                await p.From.ConnectAsync(new ClientWish($"{p.Name}-from", KeepSeconds: 3_600, Returns: true));
            }));

            var clock = Stopwatch.StartNew();
            var load = Task.WhenAll(pairs.Select(async p =>
            {
                for (int n = 0; n < Messages; n++)
                {
                    if (n % 10 == 0) await Eventually.TrueAsync($"{p.Name}: fewer than {AtOnce} in flight at message {n}", Eventually.Seconds(40), () => n - p.From.Acknowledged.Count <= AtOnce - 10, () => p.From.Said);
                    await p.From.SendAsync($"load/{p.Name}", Order(n), qos: 2);
                }
            }));
            await Eventually.TrueAsync("a third of the load", Eventually.Seconds(60), () => pairs.TrueForAll(p => p.From.Acknowledged.Count > Messages / 3), () => pairs[0].From.Said);
            await gateway.KillAsync();
            await gateway.StartAsync();
            await load;

            output.WriteLine($"all handed over after {clock.Elapsed.TotalSeconds:F1} s");

            foreach (var (name, from, to) in pairs)
            {
                await Eventually.GetAsync($"{name}: everything is acknowledged", Eventually.Seconds(30), () => from.Acknowledged.Count, count => count == Messages, count => $"{count}; {from.Said}");
                await Eventually.GetAsync($"{name}: everything arrived", Eventually.Seconds(30), () => to.Messages.Count, count => count >= Messages, count => $"{count}; {to.Said}");
                var arrived = to.Messages.Select(m => m.Payload).ToList();
                var expected = Enumerable.Range(0, Messages).Select(Order).ToList();
                Assert.True(arrived.SequenceEqual(expected), $"{name}: missing {string.Join(' ', expected.Except(arrived))}; twice {string.Join(' ', arrived.GroupBy(o => o).Where(g => g.Count() > 1).Select(g => g.Key))}; "
                    + $"out of order {string.Join(' ', arrived.Zip(arrived.Skip(1)).Where(p => string.CompareOrdinal(p.First, p.Second) > 0))}");
                Assert.Equal([false, true], to.SessionsPresent);
            }
            output.WriteLine($"{pairs.Count} × {Messages} messages of QoS 2 through a kill in {clock.Elapsed.TotalSeconds:F1} s");
        }
        finally
        {
            foreach (var (_, from, to) in pairs)
            {
                await from.DisposeAsync();
                await to.DisposeAsync();
            }
        }
    }

    private static string Order(int number) => $"order-{number:0000}";
}

using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;

namespace Gateway.Service.Tests;

/// <summary>The gateway as a client of real brokers.</summary>
public sealed class BrokerTests
{
    [Theory]
    [InlineData("mosquitto", "3.1.1")]
    [InlineData("mosquitto", "5.0")]
    [InlineData("nats", "3.1.1")]
    public async Task What_was_said_while_the_gateway_was_down_is_stored_and_gives_no_life(string kind, string version)
    {
        await using var sink = new LineSink();
        sink.Open();
        await using Broker broker = kind == "nats" ? new NatsBroker() : new MosquittoBroker();
        await broker.StartAsync();
        await using var gateway = Behind(broker, version, sink, SiteFiles.Crane("crane-1", expectedSeconds: 60));
        await gateway.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        Assert.Equal(0, await gateway.StopAsync());

        await using var crane = new MqttDevice("crane-1", broker.Port);
        await crane.ConnectAsync();
        for (int seq = 1; seq <= 50; seq++) await crane.PublishAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs - 3_000, seq, moment: 110));
        await crane.AllAcknowledgedAsync(Eventually.Seconds(10));
        await gateway.StartAsync();
        await Eventually.GetAsync("all of it is stored", Eventually.Seconds(15), () => sink.Of("crane").Select(l => l.Seq).Distinct().Count(), count => count == 50);

        Assert.Equal("unknown(gateway)", await gateway.Console.PresenceAsync("crane-1"));
        // What was wrong then is no alarm now.
        Assert.Empty(await gateway.Console.AlarmsAsync("crane-moment-alarm"));
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 51));
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 5);
    }

    [Fact]
    public async Task A_retained_message_is_stored_and_gives_no_life()
    {
        await using var sink = new LineSink();
        sink.Open();
        await using var broker = new MosquittoBroker();
        await broker.StartAsync();
        await using var crane = new MqttDevice("crane-1", broker.Port);
        await crane.ConnectAsync();
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1), retain: true);
        await using var gateway = Behind(broker, "5.0", sink, SiteFiles.Crane("crane-1", expectedSeconds: 60));
        await gateway.StartAsync();
        await Eventually.TrueAsync("it is stored", Eventually.Seconds(15), () => sink.Of("crane").Any());

        Assert.Equal("unknown(gateway)", await gateway.Console.PresenceAsync("crane-1"));
    }

    [Fact]
    public async Task A_broker_that_is_killed_is_one_alarm_and_its_devices_are_unknown_until_they_speak_again()
    {
        await using var broker = new MosquittoBroker();
        await broker.StartAsync();
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger([.. SiteFiles.Behind(Broker.Id, SiteFiles.Crane("crane-1", 1, 3), SiteFiles.Crane("crane-2", 1, 3)), SiteFiles.Crane("crane-3", 60)])).With(broker.Entry());
        await gateway.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await using (var crane = new MqttDevice("crane-1", broker.Port))
        {
            await crane.ConnectAsync();
            await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1));
        }
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 2);
        await gateway.Console.WaitForPresenceAsync("crane-2", "offline(silent)", 10);
        await using var stream = await SseReader.OpenAsync(gateway);

        await broker.KillAsync();

        await stream.WaitAsync("the broker's alarm", Eventually.Seconds(5), e => e.IsAlarm("broker-lost", Broker.Id));
        await gateway.Console.WaitForPresenceAsync("crane-1", "unknown(broker)", 2);
        await gateway.Console.WaitForPresenceAsync("crane-2", "unknown(broker)", 2);
        var root = Assert.Single(await gateway.Console.AlarmsAsync("broker-lost"));
        Assert.Contains($"127.0.0.1:{broker.Port}", root.GetProperty("cause").GetString(), StringComparison.Ordinal);
        var silent = Assert.Single(await gateway.Console.AlarmsAsync("device-silent", "crane-2"));
        Assert.Equal(("suppressed", root.GetProperty("id").GetString()), (silent.GetProperty("state").GetString(), silent.GetProperty("root").GetString()));
        Assert.Equal("unknown(gateway)", await gateway.Console.PresenceAsync("crane-3"));

        await broker.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await using var again = new MqttDevice("crane-1", broker.Port);
        await again.ConnectAsync();
        await again.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 2));
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 5);
        Assert.Equal("returnedUnacked", Assert.Single(await gateway.Console.AlarmsAsync("broker-lost")).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5.0")]
    public async Task Two_gateways_that_share_a_subscription_get_everything_between_them_and_nothing_twice(string version)
    {
        const int Messages = 400;
        await using var sink = new LineSink();
        sink.Open();
        await using var broker = new MosquittoBroker();
        await broker.StartAsync();
        var topics = new JsonArray(new JsonObject { ["Filter"] = $"$share/gateways/site/{SiteFiles.SiteId}/#" });
        await using var first = new GatewayUnderTest(Site(), SiteFiles.SinkTarget(sink.Port)).With(broker.Entry(version, ("ClientId", "first"), ("Topics", topics.DeepClone())));
        await using var second = new GatewayUnderTest(Site(), SiteFiles.SinkTarget(sink.Port)).With(broker.Entry(version, ("ClientId", "second"), ("Topics", topics)));
        foreach (var gateway in new[] { first, second })
        {
            await gateway.StartAsync();
            await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        }
        await using var crane = new MqttDevice("crane-1", broker.Port);
        await crane.ConnectAsync();
        for (int seq = 1; seq <= Messages; seq++) await crane.PublishAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, seq));
        await crane.AllAcknowledgedAsync(Eventually.Seconds(10));

        await Eventually.GetAsync("all of it is stored", Eventually.Seconds(15), () => sink.Of("crane").Select(l => l.Seq).Distinct().Count(), count => count == Messages);
        Assert.Equal(Messages, sink.Of("crane").Count());
        double[] shares = [await ReceivedAsync(first), await ReceivedAsync(second)];
        Assert.Equal(Messages, shares.Sum());
        Assert.All(shares, share => Assert.True(share > 0, $"shares: {shares[0]} and {shares[1]}"));

        static JsonObject Site() => SiteFiles.Ledger(SiteFiles.Behind(Broker.Id, SiteFiles.Crane("crane-1", expectedSeconds: 60)));
    }

    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5.0")]
    public async Task Over_TLS_with_certificate_and_password_it_is_let_in(string version)
    {
        using var certificates = await Certificates.CreateAsync();
        await using var site = await SecureSite.StartAsync(certificates);
        await using var gateway = site.Gateway(version, certificates.Ca, certificates["client.pem"], certificates["client.key"], "correct horse");
        await gateway.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "ok");
        await using var crane = new MqttDevice("crane-1", site.Broker.Port);
        await crane.ConnectAsync();
        await crane.DeliverAsync(Words.Telemetry("crane-1"), Words.CraneJson(Words.NowMs, 1));
        await gateway.Console.WaitForPresenceAsync("crane-1", "online", 5);
        Assert.Empty(await gateway.Console.AlarmsAsync("broker-refused"));
    }

    [Theory]
    [InlineData("wrong password")]
    [InlineData("wrong authority")]
    public async Task What_is_wrong_with_the_sign_in_is_an_alarm_that_says_so(string what)
    {
        using var certificates = await Certificates.CreateAsync();
        using var others = await Certificates.CreateAsync();
        await using var site = await SecureSite.StartAsync(certificates);
        string authority = what == "wrong authority" ? others.Ca : certificates.Ca;
        await using var gateway = site.Gateway("5.0", authority, certificates["client.pem"], certificates["client.key"], what == "wrong password" ? "guess" : "correct horse");
        await gateway.StartAsync();
        await gateway.Console.WaitForBrokerAsync(Broker.Id, "refused");
        var alarm = Assert.Single(await gateway.Console.AlarmsAsync("broker-refused"));
        Assert.Contains(what == "wrong password" ? "NotAuthorized" : "TLS", alarm.GetProperty("cause").GetString(), StringComparison.Ordinal);
        await gateway.Console.WaitForPresenceAsync("crane-1", "unknown(broker)", 2);
    }

    [Fact]
    public async Task The_check_names_a_broker_that_nobody_configured_and_everything_that_is_wrong_with_the_others()
    {
        await using var gateway = new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Behind("yrad", SiteFiles.Crane("crane-1"))))
            .With(new JsonObject { ["Id"] = "yard", ["Host"] = "mqtt://broker", ["Version"] = "4", ["PasswordFile"] = "none.txt", ["Tls"] = new JsonObject { ["CaFile"] = "none.pem" } })
            .With(new JsonObject { ["Id"] = "yard", ["Host"] = "127.0.0.1", ["Topics"] = new JsonArray(new JsonObject { ["Filter"] = "a/#/b" }, new JsonObject { ["Filter"] = "b", ["Qos"] = 3 }) })
            .With(new JsonObject { ["Id"] = "twin", ["Host"] = "127.0.0.1", ["Port"] = 1883 });
        var (code, _, errors) = await gateway.RunToEndAsync("check");
        Assert.Equal(1, code);
        string[] places =
        [
            "devices[0].broker: expected one of the brokers", "Brokers[0].Host:", "Brokers[0].Version:", "Brokers[0].PasswordFile:", "Brokers[0].User:", "Brokers[0].Tls.Enabled:", "Brokers[0].Tls.CaFile:",
            "Brokers[1].Id:", "Brokers[1].Topics[0].Filter:", "Brokers[1].Topics[1].Qos:", "Brokers[2].ClientId:",
        ];
        Assert.All(places, place => Assert.Contains(place, errors, StringComparison.Ordinal));
        Assert.Equal(places.Length + 1, errors.Split('\n').Length);
    }

    private static GatewayUnderTest Behind(Broker broker, string version, LineSink sink, params JsonObject[] devices) =>
        new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Behind(Broker.Id, devices)), SiteFiles.SinkTarget(sink.Port)).With(broker.Entry(version));

    private static async Task<double> ReceivedAsync(GatewayUnderTest gateway)
    {
        string line = (await gateway.Console.TextAsync("/metrics")).Split('\n').Single(l => l.StartsWith($"gateway_broker_received_total{{broker=\"{Broker.Id}\"}}", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A broker with a second listener that wants TLS, a client's certificate and a password.</summary>
    private sealed class SecureSite(Certificates certificates, ScratchFolder folder, int port) : IAsyncDisposable
    {
        public MosquittoBroker Broker { get; } = new($"""
            listener {port} 127.0.0.1
            cafile {certificates.Ca}
            certfile {certificates["server.pem"]}
            keyfile {certificates["server.key"]}
            require_certificate true
            password_file {folder["passwords"]}
            allow_anonymous false
            """);

        public static async Task<SecureSite> StartAsync(Certificates certificates)
        {
            var folder = new ScratchFolder();
            await using (var passwd = ChildProcess.Start("mosquitto_passwd", ["-c", "-b", folder["passwords"], "gateway", "correct horse"]))
                Assert.True(await passwd.WaitForExitAsync(TimeSpan.FromSeconds(10)) == 0, passwd.Said);
            var site = new SecureSite(certificates, folder, FreePort.Next());
            await site.Broker.StartAsync();
            return site;
        }

        public GatewayUnderTest Gateway(string version, string authority, string certificate, string key, string password)
        {
            File.WriteAllText(folder["password"], password + "\n");
            var tls = new JsonObject { ["Enabled"] = true, ["CaFile"] = authority, ["CertificateFile"] = certificate, ["KeyFile"] = key };
            var entry = Broker.Entry(version, ("User", "gateway"), ("PasswordFile", folder["password"]), ("Tls", tls));
            entry["Port"] = port;
            return new GatewayUnderTest(SiteFiles.Ledger(SiteFiles.Behind(Toolkit.Peers.Broker.Id, SiteFiles.Crane("crane-1", expectedSeconds: 60)))).With(entry);
        }

        public async ValueTask DisposeAsync()
        {
            await Broker.DisposeAsync();
            folder.Dispose();
        }
    }
}

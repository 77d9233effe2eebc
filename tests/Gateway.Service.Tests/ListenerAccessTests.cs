using System.Text.Json.Nodes;
using Gateway.Service.Tests.Toolkit;
using Gateway.Service.Tests.Toolkit.Peers;
using Gateway.Testing.Mqtt;

namespace Gateway.Service.Tests;

/// <summary>Clients that are not ours and the listener's doors: passwords, TLS, client certificates, and the topics behind them.</summary>
public sealed class ListenerAccessTests(ListenerAccessTests.SecuredSite site) : IClassFixture<ListenerAccessTests.SecuredSite>
{
    private GatewayUnderTest Gateway => site.Gateway;

    /// <summary>Program and version.</summary>
    public static TheoryData<string, string> Clients
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (string[] row in RealClient.All) rows.Add(row[0], row[1]);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_device_with_its_password_comes_in_over_TLS_and_speaks_for_itself_alone(string program, string version)
    {
        string crane = SecuredSite.CraneOf(program, version);
        await using var device = RealClient.Of(program, version, site.TlsPort);
        await device.ConnectAsync(new ClientWish(crane, Login: new LoginWish(crane, site.PasswordOf(crane)), Tls: new TlsWish(Gateway["ca.pem"])), qos: 1, $"site/e2e/crane/{crane}/#");
        double refused = (await Metrics.ReadAsync(Gateway))["gateway_mqtt_not_allowed_total"];

        await device.PublishAsync(Words.Telemetry(SecuredSite.Neighbour), Words.CraneJson(Words.NowMs, 1), qos: 0);
        await device.PublishAsync(Words.Telemetry(crane), Words.CraneJson(Words.NowMs, 1), qos: 1);

        await Eventually.TrueAsync("its own message comes back", Eventually.Seconds(5), () => device.Messages.Count == 1, () => device.Said);
        await Gateway.Console.WaitForPresenceAsync(crane, "online", 5);
        await Eventually.GetAsync("the other message is refused", Eventually.Seconds(5), async () => (await Metrics.ReadAsync(Gateway))["gateway_mqtt_not_allowed_total"], seen => seen == refused + 1);
        Assert.Equal("unknown(gateway)", await Gateway.Console.PresenceAsync(SecuredSite.Neighbour));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_client_certificate_of_the_sites_authority_is_who_a_device_is(string program, string version)
    {
        string hoist = SecuredSite.CertifiedOf(program, version);
        await using var device = RealClient.Of(program, version, site.TlsPort);
        await device.ConnectAsync(new ClientWish(hoist, Tls: site.CertificateOf(hoist)), qos: 1, $"site/e2e/crane/{hoist}/#");

        await device.PublishAsync(Words.Telemetry(hoist), Words.CraneJson(Words.NowMs, 1), qos: 1);

        await Gateway.Console.WaitForPresenceAsync(hoist, "online", 5);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Who_has_no_password_a_wrong_one_or_a_foreign_certificate_is_told_so_and_stays_out(string program, string version)
    {
        // The same wrong password again is a wrong setting and not a guess: it makes nobody wait.
        var wrong = new LoginWish(SecuredSite.Neighbour, "not the password");
        await using var mistaken = RealClient.Of(program, version, Gateway.MqttPort);
        await using var nameless = RealClient.Of(program, version, Gateway.MqttPort);
        await using var foreign = RealClient.Of(program, version, site.TlsPort);

        // Bad user name or password; not authorized [5.0 §3.2.2.2, 3.1.1 table 3.1].
        Assert.Equal(mistaken.IsV5 ? 0x86 : 4, await mistaken.RefusedAsync(new ClientWish("mistaken", Login: wrong)));
        Assert.Equal(nameless.IsV5 ? 0x87 : 5, await nameless.RefusedAsync(new ClientWish("nameless")));
        Assert.Null(await foreign.RefusedAsync(new ClientWish(SecuredSite.Neighbour, Tls: site.ForeignCertificate)));
    }

    [Theory]
    [InlineData("paho", "3.1.1")]
    [InlineData("paho", "5.0")]
    [InlineData("mqttjs", "3.1.1")]
    [InlineData("mqttjs", "5.0")]
    public async Task A_tool_comes_in_through_the_consoles_port_with_its_password(string program, string version)
    {
        string crane = SecuredSite.CraneOf(program, version), topic = $"{Words.Status(crane)}/tool";
        await using var tool = RealClient.Of(program, version, Gateway.ConsolePort);
        await using var nameless = RealClient.Of(program, version, Gateway.ConsolePort);
        await tool.ConnectAsync(new ClientWish($"{crane}-tool", Login: new LoginWish(crane, site.PasswordOf(crane)), WebSocket: true), qos: 2, topic);

        await tool.PublishAsync(topic, "through a WebSocket", qos: 2);

        await tool.HasHeardAsync("through a WebSocket");
        Assert.Equal(nameless.IsV5 ? 0x87 : 5, await nameless.RefusedAsync(new ClientWish("nameless-tool", WebSocket: true)));
    }

    [Fact]
    public async Task A_handshake_that_never_ends_is_ended_and_others_are_served_meanwhile()
    {
        var silent = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RawConnection.OpenAsync(site.TlsPort)));
        try
        {
            // The beginning of a ClientHello, and no more of it.
            await Task.WhenAll(silent.Where((_, n) => n % 2 == 0).Select(one => one.TrySendAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03 })));
            string device = SecuredSite.CertifiedOf("mosquitto", "5.0");
            await using var other = RealClient.Of("mosquitto", "5.0", site.TlsPort);
            await other.ConnectAsync(new ClientWish($"{device}-meanwhile", Tls: site.CertificateOf(device)), qos: 1, $"site/e2e/crane/{device}/#");

            await Task.WhenAll(silent.Select(async one =>
            {
                await one.DrainAsync();
                // The gateway's clock began a little before ours.
                Assert.InRange(one.Age.TotalSeconds, SecuredSite.HandshakeSeconds - 0.5, SecuredSite.HandshakeSeconds + 5);
            }));
        }
        finally
        {
            foreach (var one in silent) one.Dispose();
        }
    }

    /// <summary>A gateway that lets nobody in without a name, on the plain port and on TLS.</summary>
    public sealed class SecuredSite : SharedGateway
    {
        internal const string Neighbour = "neighbour";
        internal const int HandshakeSeconds = 2;

        private readonly TestAuthority _authority = new("site authority", TimeProvider.System.GetUtcNow());
        private readonly TestAuthority _foreign = new("foreign authority", TimeProvider.System.GetUtcNow());
        private readonly Dictionary<string, string> _passwords = [];

        internal int TlsPort { get; } = FreePort.Next();

        internal TlsWish ForeignCertificate => Write(_foreign.Client(Neighbour), "foreign");

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            foreach (string[] row in RealClient.All)
            {
                string crane = CraneOf(row[0], row[1]);
                var (code, password, errors) = await Gateway.RunToEndAsync("device", "password", crane, "--generate");
                Assert.True(code == 0, errors);
                _passwords[crane] = password.Trim();
            }
            // A running gateway takes up new passwords within two seconds; the last one set is in force when all are.
            await Eventually.GetAsync("the passwords are in force", Eventually.Seconds(10), async () =>
            {
                await using var probe = ChildProcess.Start("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{Gateway.MqttPort}", "-u", _passwords.Keys.Last(), "-P", _passwords.Values.Last(), "-q", "1", "-t", Words.Status(_passwords.Keys.Last()), "-m", "{}"]);
                return await probe.WaitForExitAsync(Eventually.Seconds(10));
            }, code => code == 0);
        }

        internal static string CraneOf(string program, string version) => $"crane-{program}-{version[0]}";

        internal static string CertifiedOf(string program, string version) => $"certified-{program}-{version[0]}";

        internal string PasswordOf(string crane) => _passwords[crane];

        internal TlsWish CertificateOf(string device) => Write(_authority.Client(device), device);

        protected override JsonObject[] Devices() =>
        [
            .. RealClient.All.SelectMany(row => new[] { CraneOf(row[0], row[1]), CertifiedOf(row[0], row[1]) }).Append(Neighbour).Select(id => SiteFiles.Crane(id, expectedSeconds: 60)),
        ];

        protected override void Configure(JsonObject mqtt)
        {
            var server = _authority.Server();
            File.WriteAllText(Gateway["server.pem"], server.Pem);
            File.WriteAllText(Gateway["server.key"], server.KeyPem);
            File.WriteAllText(Gateway["ca.pem"], _authority.Pem);
            mqtt["Anonymous"] = "no";
            mqtt["Tls"] = new JsonObject { ["Enabled"] = true, ["Port"] = TlsPort, ["CertificateFile"] = "server.pem", ["KeyFile"] = "server.key", ["ClientCaFile"] = "ca.pem", ["HandshakeTimeoutSeconds"] = HandshakeSeconds };
            mqtt["WebSocket"] = new JsonObject { ["Enabled"] = true };
        }

        private TlsWish Write(IssuedCertificate certificate, string name)
        {
            File.WriteAllText(Gateway[$"{name}.pem"], certificate.Pem);
            File.WriteAllText(Gateway[$"{name}.key"], certificate.KeyPem);
            return new TlsWish(Gateway["ca.pem"], Gateway[$"{name}.pem"], Gateway[$"{name}.key"]);
        }
    }
}

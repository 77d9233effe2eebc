using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.Links.Mqtt.Access;
using Gateway.Protocols.Mqtt;
using Gateway.Testing.Mqtt;
using Xunit;

namespace Gateway.LiveConsole.Tests.Mqtt;

public class MqttTlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, null)]
    [InlineData(SslProtocols.Tls13, null)]
    [InlineData(SslProtocols.None, "mqtt")]
    [InlineData(SslProtocols.None, "something-else")]
    public async Task A_client_that_knows_only_the_root_reaches_the_listener_whatever_protocol_name_it_offers(SslProtocols protocol, string? alpn)
    {
        await using var rig = await TlsRig.StartAsync(clientCertificates: false);
        rig.Rig.SetPassword("c1", "a-secret-of-c1");
        using var client = new MqttTestClient(await rig.HandshakeAsync(protocol: protocol, alpn: alpn));
        Assert.Equal(MqttReason.Success, (await client.ConnectAsync("c1", "c1", "a-secret-of-c1"))?.Reason);
        Assert.Equal(MqttReason.Success, await client.PublishAsync("site/s1/crane/c1/telemetry"));
    }

    [Fact]
    public async Task Nothing_older_than_TLS_1_2_is_spoken()
    {
        await using var rig = await TlsRig.StartAsync();
#pragma warning disable SYSLIB0039, CA5397 // The old version is what must be refused.
        await Assert.ThrowsAnyAsync<Exception>(() => rig.HandshakeAsync(protocol: SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
    }

    [Fact]
    public async Task A_verified_certificate_signs_its_device_in()
    {
        await using var rig = await TlsRig.StartAsync();
        using var c1 = await rig.DialAsync(rig.Clients.Client("c1"));
        Assert.Equal(MqttReason.Success, (await c1.ConnectAsync("anything"))?.Reason);
        Assert.Equal(MqttReason.Success, await c1.PublishAsync("site/s1/crane/c1/telemetry"));
        Assert.Equal(MqttReason.NotAuthorized, await c1.PublishAsync("site/s1/crane/c2/telemetry"));
        Assert.Equal(1, rig.Rig.Count(SignInOutcome.Certificate));
    }

    [Fact]
    public async Task A_verified_certificate_of_nobody_in_the_ledger_does_not()
    {
        await using var rig = await TlsRig.StartAsync();
        using var stranger = await rig.DialAsync(rig.Clients.Client("stranger"));
        Assert.Equal(MqttReason.NotAuthorized, (await stranger.ConnectAsync("c1"))?.Reason);
        Assert.Equal(1, rig.Rig.Count(SignInOutcome.WrongCertificate));
    }

    [Fact]
    public async Task Certificates_of_a_foreign_authority_expired_ones_and_those_of_servers_get_no_further_than_the_handshake()
    {
        await using var rig = await TlsRig.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        IssuedCertificate[] bad =
        [
            new TestAuthority("devices", now).Client("c1"), rig.Root.Client("c1"), rig.Clients.ClientOf("CN=c1", until: now.AddDays(-1)), rig.Clients.ClientOf("CN=c1", usage: "1.3.6.1.5.5.7.3.1"),
        ];
        foreach (var certificate in bad) Assert.Null(await ReasonAsync(rig, certificate));
        Assert.Equal((bad.Length, 0), (rig.Rig.Count(SignInOutcome.BadCertificate), rig.Rig.Count(SignInOutcome.Certificate)));
        Assert.Contains("unknown mqtt.refused -: 1 from 127.0.0.1", await rig.Rig.AuditAsync());
    }

    [Fact]
    public async Task Without_a_certificate_a_password_will_do_unless_one_is_required()
    {
        await using var optional = await TlsRig.StartAsync();
        optional.Rig.SetPassword("c1", "a-secret-of-c1");
        using var client = await optional.DialAsync();
        Assert.Equal(MqttReason.Success, (await client.ConnectAsync("c1", "c1", "a-secret-of-c1"))?.Reason);
        await using var required = await TlsRig.StartAsync(required: true);
        Assert.Null(await ReasonAsync(required, null));
        Assert.Equal(MqttReason.Success, await ReasonAsync(required, required.Clients.Client("c2")));
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_the_next_client_and_the_open_connection_stays()
    {
        await using var rig = await TlsRig.StartAsync();
        using var before = await rig.DialAsync(rig.Clients.Client("c1"));
        await before.ConnectAsync("c1");
        var renewed = rig.Intermediate.Server("renewed");
        rig.Use(renewed);
        rig.Certificates.Look();
        rig.Certificates.Look();
        await using var after = await rig.HandshakeAsync();
        Assert.Equal(renewed.Certificate.SerialNumber, after.RemoteCertificate!.GetSerialNumberString());
        await before.PingAsync();
    }

    [Fact]
    public async Task A_client_that_does_not_go_on_with_its_handshake_is_cut_off()
    {
        await using var rig = await TlsRig.StartAsync();
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, rig.Port);
        Assert.Equal(0, await silent.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Null when there was no CONNACK.</summary>
    private static async Task<MqttReason?> ReasonAsync(TlsRig rig, IssuedCertificate? certificate)
    {
        try
        {
            using var client = await rig.DialAsync(certificate);
            return (await client.ConnectAsync("c1"))?.Reason;
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            return null;
        }
    }
}

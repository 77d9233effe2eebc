using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Links.Mqtt;
using Gateway.Links.Mqtt.Tls;
using Gateway.Service.Composition;
using Gateway.Testing;
using Gateway.Testing.Mqtt;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.LiveConsole.Tests.Mqtt;

/// <summary>The TLS listener on a real port, with an authority for itself and one for its clients.</summary>
internal sealed class TlsRig : IAsyncDisposable
{
    public const string Members = """
        "devices": [
          { "id": "c1", "name": "1", "kind": "crane", "profile": "crane-json", "link": "mqtt" },
          { "id": "c2", "name": "2", "kind": "crane", "profile": "crane-json", "link": "mqtt" } ]
        """;

    private readonly TempDirectory _directory = new();
    private readonly TlsListener _listener;
    private readonly X509ChainPolicy _trust;

    private TlsRig(bool clientCertificates, bool required, ILoggerFactory loggers)
    {
        var now = TimeProvider.System.GetUtcNow();
        Root = new TestAuthority("root", now);
        Intermediate = new TestAuthority("intermediate", now, Root);
        Clients = new TestAuthority("devices", now);
        var options = new MqttOptions
        {
            Anonymous = AnonymousFrom.No,
            Tls = new MqttTlsOptions
            {
                Enabled = true, Port = 0, CertificateFile = _directory.File("server.pem"), KeyFile = _directory.File("server.key"), RequireClientCertificate = required, HandshakeTimeoutSeconds = 1,
                ClientCaFile = clientCertificates ? _directory.File("clients.pem") : null,
            },
        };
        Use(Intermediate.Server());
        File.WriteAllText(_directory.File("clients.pem"), Clients.Pem);
        // Handshakes know only the real time.
        Rig = new ListenerRig(Members, options, time: new FakeClock(now));
        Certificates = new TlsCertificates(options.Tls, Rig.Access, Rig.Ingest, Rig.GatewayClock, NullLogger<TlsCertificates>.Instance);
        _listener = new TlsListener(options, Rig.Link, Certificates, loggers);
        _trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        _trust.CustomTrustStore.Add(Root.Certificate);
    }

    public TestAuthority Root { get; }

    public TestAuthority Intermediate { get; }

    public TestAuthority Clients { get; }

    public ListenerRig Rig { get; }

    public TlsCertificates Certificates { get; }

    public int Port => _listener.Port;

    public static async Task<TlsRig> StartAsync(bool clientCertificates = true, bool required = false, ILoggerFactory? loggers = null)
    {
        var rig = new TlsRig(clientCertificates, required, loggers ?? NullLoggerFactory.Instance);
        await rig._listener.StartAsync();
        return rig;
    }

    /// <summary>Puts a server certificate into the files.</summary>
    public void Use(IssuedCertificate certificate)
    {
        File.WriteAllText(_directory.File("server.pem"), certificate.Pem + Intermediate.Pem);
        File.WriteAllText(_directory.File("server.key"), certificate.KeyPem);
    }

    /// <summary>A handshake as a client that trusts only the root and checks the server's name.</summary>
    public async Task<SslStream> HandshakeAsync(IssuedCertificate? certificate = null, SslProtocols protocol = SslProtocols.None, string? alpn = null)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", EnabledSslProtocols = protocol, CertificateChainPolicy = _trust, ApplicationProtocols = alpn is null ? null : [new SslApplicationProtocol(alpn)],
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate.WithKey, null, offline: true),
        });
        return tls;
    }

    public async Task<MqttTestClient> DialAsync(IssuedCertificate? certificate = null) => new(await HandshakeAsync(certificate));

    public async ValueTask DisposeAsync()
    {
        Rig.Link.Stopping();
        await _listener.DisposeAsync();
        await Rig.DisposeAsync();
        _directory.Dispose();
    }
}

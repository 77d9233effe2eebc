using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Testing;
using Gateway.Uplink;
using Gateway.Uplink.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Gateway.Tests.Uplink;

public sealed class TargetConnectionTests : IDisposable
{
    private static readonly byte[] Line = "m v=1 1000\n"u8.ToArray();

    private readonly TempDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_token_that_is_replaced_in_its_file_is_in_use_within_a_second_and_a_missing_or_empty_file_changes_nothing()
    {
        await using var store = await ScriptedStore.StartAsync(_ => StoreAnswer.Kept);
        var clock = new FakeClock();
        string file = _folder.File("token");
        var options = new UplinkTargetOptions { Name = "t", Url = store.Url, TokenFile = file };
        var credentials = new TargetCredentials(options, clock);
        using var client = new TargetClient(options, credentials, TimeProvider.System, UplinkWay.Live);

        foreach (string? content in (string?[])["first\n", "second", null, "", "third"])
        {
            if (content is null) File.Delete(file);
            else File.WriteAllText(file, content);
            await client.SendAsync(Line, default);
            clock.Advance(TimeSpan.FromSeconds(1));
            await client.SendAsync(Line, default);
            Assert.Equal(content is null or "", credentials.Fault is not null);
            clock.Advance(TimeSpan.FromSeconds(0.5));
        }
        Assert.Equal(["Token first", "Token first", "Token first", "Token second", "Token second", "Token second", "Token second", "Token second", "Token second", "Token third"], store.Requests.Select(r => r.Authorization));
    }

    [Fact]
    public async Task A_refused_token_is_read_again_at_once()
    {
        string file = _folder.File("token");
        File.WriteAllText(file, "old");
        await using var store = await ScriptedStore.StartAsync(r => r.Authorization == "Token new" ? StoreAnswer.Kept : new StoreAnswer(401));
        var options = new UplinkTargetOptions { Name = "t", Url = store.Url, TokenFile = file };
        using var client = new TargetClient(options, new TargetCredentials(options, new FakeClock()), TimeProvider.System, UplinkWay.Live);
        Assert.Equal(SendVerdict.Misconfigured, (await client.SendAsync(Line, default)).Verdict);
        File.WriteAllText(file, "new");
        Assert.Equal(SendVerdict.Answered, (await client.SendAsync(Line, default)).Verdict);
        Assert.Equal(["Token old", "Token old", "Token new"], store.Requests.Select(r => r.Authorization));
    }

    [Fact]
    public async Task A_proxy_is_asked_with_its_user_and_the_password_of_the_file()
    {
        string file = _folder.File("password");
        File.WriteAllText(file, "secret\n");
        var asked = new List<string>();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeProxyAsync(listener, asked);
        var options = new UplinkTargetOptions { Name = "t", Url = "http://store.example:8086", Bucket = "b", Proxy = $"http://user@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", ProxyPasswordFile = file };
        using var client = new TargetClient(options, new TargetCredentials(options, TimeProvider.System), TimeProvider.System, UplinkWay.Live);

        var outcome = await client.SendAsync(Line, TestContext.Current.CancellationToken);
        await serving;

        Assert.Equal(SendVerdict.Answered, outcome.Verdict);
        Assert.StartsWith("POST http://store.example:8086/api/v2/write?", asked[0], StringComparison.Ordinal);
        Assert.Contains(asked, l => l == $"Proxy-Authorization: Basic {Convert.ToBase64String("user:secret"u8)}");
    }

    [Fact]
    public async Task Only_the_authorities_of_the_file_are_believed()
    {
        var (authority, server) = Certificates();
        var (stranger, _) = Certificates();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(server)));
        await using var store = builder.Build();
        store.Run(http =>
        {
            http.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        await store.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(SendVerdict.Answered, (await SendAsync(authority)).Verdict);
        var refused = await SendAsync(stranger);
        Assert.Equal(SendVerdict.TryLater, refused.Verdict);
        Assert.Contains("certificate", refused.Words, StringComparison.Ordinal);

        async Task<SendOutcome> SendAsync(X509Certificate2 trusted)
        {
            string file = _folder.File("ca.pem");
            File.WriteAllText(file, trusted.ExportCertificatePem());
            var options = new UplinkTargetOptions { Name = "t", Url = store.Urls.First(), Bucket = "b", CaFile = file };
            using var client = new TargetClient(options, new TargetCredentials(options, TimeProvider.System), TimeProvider.System, UplinkWay.Live);
            return await client.SendAsync(Line, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void A_file_without_a_certificate_is_named()
    {
        string file = _folder.File("ca.pem");
        File.WriteAllText(file, "no certificate");
        Assert.Contains(file, Assert.Throws<CryptographicException>(() => TargetConnection.Trusting(file)).Message, StringComparison.Ordinal);
    }

    /// <summary>Asks for the password first, as proxies do; then takes what comes.</summary>
    private static async Task ServeProxyAsync(TcpListener listener, List<string> asked)
    {
        using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        while (true)
        {
            var head = new List<string>();
            int length = 0;
            while (await LineAsync(stream) is { Length: > 0 } line)
            {
                head.Add(line);
                if (line.StartsWith("Content-Length: ", StringComparison.Ordinal)) length = int.Parse(line[16..], System.Globalization.CultureInfo.InvariantCulture);
            }
            await stream.ReadExactlyAsync(new byte[length], TestContext.Current.CancellationToken);
            asked.Clear();
            asked.AddRange(head);
            bool known = head.Exists(l => l.StartsWith("Proxy-Authorization", StringComparison.Ordinal));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(known ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"site\"\r\nContent-Length: 0\r\n\r\n"), TestContext.Current.CancellationToken);
            if (known) return;
        }
    }

    private static async Task<string> LineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, TestContext.Current.CancellationToken) == 1 && one[0] != '\n') line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }

    private static (X509Certificate2 Authority, X509Certificate2 Server) Certificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority of a test", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        var authority = request.CreateSelfSigned(from, from.AddDays(10));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=store", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(authority, from, from.AddDays(5), [1, 2, 3]);
        using var whole = signed.CopyWithPrivateKey(key);
        return (authority, X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null));
    }
}

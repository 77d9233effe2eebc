using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Uplink.Sending;

/// <summary>One connection to one target, kept alive, one request at a time: credentials, proxy, trusted authorities, the time limit.</summary>
public sealed class TargetConnection : IDisposable
{
    private readonly HttpClient _http;
    private readonly TargetCredentials _credentials;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;

    public TargetConnection(UplinkTargetOptions options, TargetCredentials credentials, TimeProvider time, TimeSpan? limit = null)
        : this(options, credentials, time, UplinkNetwork.Sockets, limit)
    {
    }

    internal TargetConnection(UplinkTargetOptions options, TargetCredentials credentials, TimeProvider time, UplinkNetwork network, TimeSpan? limit = null)
    {
        (_credentials, _time, _limit) = (credentials, time, limit ?? TimeSpan.FromSeconds(options.TimeoutSeconds));
        _http = new HttpClient(network.Connect(options, _limit)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The real way to a target: one connection, the proxy and the authorities its options name.</summary>
    internal static SocketsHttpHandler Sockets(UplinkTargetOptions options, TimeSpan connectLimit)
    {
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectTimeout = connectLimit,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        if (options.Proxy is { } proxy) handler.Proxy = ProxyOf(proxy, options.ProxyPasswordFile);
        if (options.CaFile is { } ca) handler.SslOptions.CertificateChainPolicy = Trusting(ca);
        return handler;
    }

    /// <summary>The authorities of a PEM bundle, and no others.</summary>
    /// <exception cref="CryptographicException">The file holds no certificate; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy.CustomTrustStore.Count > 0 ? policy : throw new CryptographicException($"{file} holds no certificate in PEM form");
    }

    /// <summary>Asks. Failures of the network are answers without a status, not exceptions.</summary>
    /// <param name="request">Makes the request; called again when new credentials are at hand after a 401.</param>
    /// <param name="bytesMax">So much of the answer is read.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancel"/> asks for it.</exception>
    public async Task<TargetAnswer> AskAsync(Func<HttpRequestMessage> request, int bytesMax, CancellationToken cancel)
    {
        var answer = await OnceAsync(request, bytesMax, cancel);
        if (answer.Status == HttpStatusCode.Unauthorized && _credentials.Refused()) answer = await OnceAsync(request, bytesMax, cancel);
        await PoolHop.Await();
        return answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<TargetAnswer> OnceAsync(Func<HttpRequestMessage> make, int bytesMax, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var request = make();
            request.Headers.Authorization = _credentials.Current();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            string body = response.Content.Headers.ContentLength == 0 ? "" : await ReadAsync(response, bytesMax, either.Token);
            return new TargetAnswer(response.StatusCode, body, RetryAfterOf(response));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new TargetAnswer(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {_limit.TotalSeconds} s"), null);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return new TargetAnswer(null, (lost.InnerException ?? lost).Message, null);
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };

    private static async Task<string> ReadAsync(HttpResponseMessage response, int bytesMax, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        using var body = new MemoryStream();
        byte[] part = new byte[4096];
        int read;
        while (body.Length < bytesMax && (read = await stream.ReadAsync(part, cancel)) > 0) body.Write(part, 0, (int)Math.Min(read, bytesMax - body.Length));
        return Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length).TrimEnd();
    }

    private static WebProxy ProxyOf(string address, string? passwordFile)
    {
        var url = new Uri(address);
        var proxy = new WebProxy(new Uri(url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)));
        if (url.UserInfo.Length == 0) return proxy;
        string[] user = url.UserInfo.Split(':', 2);
        string password = passwordFile is { } file ? File.ReadAllText(file).Trim() : user.Length == 2 ? Uri.UnescapeDataString(user[1]) : "";
        proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(user[0]), password);
        return proxy;
    }
}

/// <param name="Status">Null when there was no answer; then the body says why.</param>
public readonly record struct TargetAnswer(HttpStatusCode? Status, string Body, TimeSpan? RetryAfter);

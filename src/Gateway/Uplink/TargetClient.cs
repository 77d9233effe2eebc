using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;

namespace Gateway.Uplink;

/// <summary>One connection to one target: gzip, keep-alive, one request at a time.</summary>
public sealed class TargetClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _write;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly MemoryStream _body = new();

    public TargetClient(UplinkTargetOptions options, TimeProvider time)
    {
        _http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            UseCookies = false,
            AllowAutoRedirect = false,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        Time = time;
        TimeLimit = TimeSpan.FromSeconds(options.TimeoutSeconds);
        string token = options.TokenFile is { } file ? File.ReadAllText(file).Trim() : options.Token ?? "";
        bool v1 = options.Kind == "influxdb-v1";
        _write = new Uri(options.Url.TrimEnd('/') + (v1
            ? $"/write?db={Uri.EscapeDataString(options.Database ?? "")}&precision=ns"
            : $"/api/v2/write?org={Uri.EscapeDataString(options.Org ?? "")}&bucket={Uri.EscapeDataString(options.Bucket ?? "")}&precision=ns"));
        if (v1 && options.User is { } user) _authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token}")));
        else if (!v1 && token.Length > 0) _authorization = new("Token", token);
    }

    private TimeProvider Time { get; }

    private TimeSpan TimeLimit { get; }

    /// <summary>Sends whole lines. Failures of the network are outcomes, not exceptions.</summary>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancel"/> asks for it.</exception>
    public async Task<SendOutcome> SendAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        var outcome = await AskAsync(lines, cancel);
        // Sockets complete on the polling thread that reads the devices (Program.cs): whatever the caller does next must not run there.
        // Only a task that is already complete is sure to yield to the pool.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return outcome;
    }

    public void Dispose()
    {
        _http.Dispose();
        _body.Dispose();
    }

    private async Task<SendOutcome> AskAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(TimeLimit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using var request = Request(lines);
            using var response = await _http.SendAsync(request, either.Token);
            string body = response.IsSuccessStatusCode ? "" : await ReadStartAsync(response, either.Token);
            return AnswerReader.Judge(response.StatusCode, body, RetryAfterOf(response));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new SendOutcome(SendVerdict.TryLater, string.Create(CultureInfo.InvariantCulture, $"no answer within {TimeLimit.TotalSeconds} s"));
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            return new SendOutcome(SendVerdict.TryLater, (lost.InnerException ?? lost).Message);
        }
    }

    private HttpRequestMessage Request(ReadOnlyMemory<byte> lines)
    {
        _body.SetLength(0);
        using (var gzip = new GZipStream(_body, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(lines.Span);
        var content = new ByteArrayContent(_body.GetBuffer(), 0, (int)_body.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        content.Headers.ContentEncoding.Add("gzip");
        var request = new HttpRequestMessage(HttpMethod.Post, _write) { Content = content };
        request.Headers.Authorization = _authorization;
        return request;
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > Time.GetUtcNow() => date - Time.GetUtcNow(),
        _ => null,
    };

    /// <summary>The first 4 KiB: a store may repeat a bad line whole.</summary>
    private static async Task<string> ReadStartAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        byte[] start = new byte[4096];
        int length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel);
        return Encoding.UTF8.GetString(start, 0, length).TrimEnd();
    }
}

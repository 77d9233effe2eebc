using System.IO.Compression;
using System.Net.Http.Headers;

namespace Gateway.Uplink.Sending;

/// <summary>Writes lines to a target: gzip, one request at a time, marked with the lane they are of (<c>X-Gateway-Lane</c>).</summary>
public sealed class TargetClient : IDisposable
{
    /// <summary>A store may repeat a bad line whole, and say how many it dropped behind it.</summary>
    private const int AnswerBytesMax = 256 * 1024;

    private readonly TargetConnection _connection;
    private readonly Uri _write;
    private readonly string _lane;
    private readonly MemoryStream _body = new();

    /// <param name="lane"><c>alarms</c>, <c>live</c> or <c>backlog</c>.</param>
    public TargetClient(UplinkTargetOptions options, TargetCredentials credentials, TimeProvider time, string lane) : this(options, credentials, time, lane, UplinkNetwork.Sockets)
    {
    }

    internal TargetClient(UplinkTargetOptions options, TargetCredentials credentials, TimeProvider time, string lane, UplinkNetwork network) =>
        (_connection, _write, _lane) = (new TargetConnection(options, credentials, time, network), WriteAddress(options), lane);

    /// <summary>Sends whole lines.</summary>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancel"/> asks for it.</exception>
    public async Task<SendOutcome> SendAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        Pack(lines.Span);
        var answer = await _connection.AskAsync(Request, AnswerBytesMax, cancel);
        return answer.Status is { } status ? AnswerReader.Judge(status, answer.Body, answer.RetryAfter) : new SendOutcome(SendVerdict.TryLater, answer.Body);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _body.Dispose();
    }

    private static Uri WriteAddress(UplinkTargetOptions options)
    {
        string database = Uri.EscapeDataString(options.Database ?? ""), url = options.Url.TrimEnd('/');
        return new Uri(url + options.Kind switch
        {
            TargetKind.InfluxV1 => $"/write?db={database}&precision=ns",
            // Guessed from their size otherwise.
            TargetKind.InfluxV3 => $"/api/v3/write_lp?db={database}&precision=nanosecond",
            _ => $"/api/v2/write?org={Uri.EscapeDataString(options.Org ?? "")}&bucket={Uri.EscapeDataString(options.Bucket ?? "")}&precision=ns",
        });
    }

    private void Pack(ReadOnlySpan<byte> lines)
    {
        _body.SetLength(0);
        using var gzip = new GZipStream(_body, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(lines);
    }

    private HttpRequestMessage Request()
    {
        var content = new ByteArrayContent(_body.GetBuffer(), 0, (int)_body.Length);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain", "utf-8");
        content.Headers.ContentEncoding.Add("gzip");
        var request = new HttpRequestMessage(HttpMethod.Post, _write) { Content = content };
        request.Headers.Add("X-Gateway-Lane", _lane);
        return request;
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Testing;

/// <summary>A time-series store that answers as it is told and keeps what it said it kept.</summary>
public sealed class ScriptedStore : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<StoreRequest> _requests = [];
    private readonly Func<StoreRequest, StoreAnswer> _script;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedStore(WebApplication app, Func<StoreRequest, StoreAnswer> script) => (_app, _script) = (app, script);

    public string Url => _app.Urls.First();

    public IReadOnlyList<StoreRequest> Requests
    {
        get
        {
            lock (_gate) return [.. _requests];
        }
    }

    /// <summary>What it says of its own start; null: it does not (404).</summary>
    public string? Started { get; set; } = "1000";

    /// <summary>Answers what is asked about its content.</summary>
    public Func<string, string, StoreAnswer>? Query { get; set; }

    /// <summary>Lines of all requests that were answered with success, in order.</summary>
    public IEnumerable<string> Kept => Requests.Where(r => r.Status < 300).SelectMany(r => r.Lines);

    public static async Task<ScriptedStore> StartAsync(Func<StoreRequest, StoreAnswer> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var store = new ScriptedStore(app, script);
        app.Run(store.AnswerAsync);
        await app.StartAsync();
        return store;
    }

    /// <summary>Completes when the condition holds; a limit turns a hang into a failure.</summary>
    public async Task UntilAsync(Func<ScriptedStore, bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Task changed;
            lock (_gate) changed = _changed.Task;
            if (holds(this)) return;
            await changed.WaitAsync(limit.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.ContentEncoding != "gzip")
        {
            await TellAsync(context);
            return;
        }
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(context.Request.Body, CompressionMode.Decompress)) await gzip.CopyToAsync(body);
        var request = new StoreRequest(Requests.Count, $"{context.Request.Path}{context.Request.QueryString}", context.Request.Headers.Authorization.ToString(),
            Encoding.UTF8.GetString(body.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries), 0, context.Request.Headers["X-Gateway-Lane"].ToString());
        var answer = _script(request);
        lock (_gate)
        {
            _requests.Add(request with { Status = answer.Status });
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        await GiveAsync(context, answer);
    }

    /// <summary>Not a write: its figures, or a query.</summary>
    private async Task TellAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        string asked = await body.ReadToEndAsync();
        if (context.Request.Path == "/metrics") await GiveAsync(context, Started is { } started ? new StoreAnswer(200, $"# TYPE x counter\nprocess_start_time_seconds {started}\nvm_app_start_timestamp {started}\n") : new StoreAnswer(404));
        else await GiveAsync(context, Query?.Invoke($"{context.Request.Path}{context.Request.QueryString}", asked) ?? new StoreAnswer(404));
    }

    private static async Task GiveAsync(HttpContext context, StoreAnswer answer)
    {
        if (answer.Status == StoreAnswer.Never) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (answer.Body.Length > 0) await context.Response.WriteAsync(answer.Body);
    }
}

/// <param name="Number">How many requests came before.</param>
/// <param name="Status">What it was answered with.</param>
public sealed record StoreRequest(int Number, string Target, string Authorization, IReadOnlyList<string> Lines, int Status, string Lane);

public sealed record StoreAnswer(int Status, string Body = "", int? RetryAfterSeconds = null)
{
    /// <summary>Takes the request and says nothing more.</summary>
    public const int Never = 999;

    public static StoreAnswer Kept { get; } = new(204);
}

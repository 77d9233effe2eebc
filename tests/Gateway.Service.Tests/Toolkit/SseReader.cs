using System.Text.Json;

namespace Gateway.Service.Tests.Toolkit;

/// <param name="Id">Chain sequence, null for events that carry none.</param>
/// <param name="ArrivedAtMs">Wall clock of this machine.</param>
internal sealed record StreamEvent(long? Id, string Name, JsonElement Data, long ArrivedAtMs)
{
    /// <summary>An alarm of this rule in this state.</summary>
    public bool IsAlarm(string rule, string? subject = null, string? state = null) =>
        Name == "alarm" && Data.GetProperty("rule").GetString() == rule
        && (subject is null || Data.GetProperty("subject").GetProperty("id").GetString() == subject)
        && (state is null || Data.GetProperty("state").GetString() == state);

    /// <summary>A device that became what <see cref="Words.Presence"/> says.</summary>
    public bool IsPresence(string device, string presence) =>
        Name == "presence" && Data.GetProperty("device").GetString() == device && Words.Presence(Data.GetProperty("presence")) == presence;
}

/// <summary>Follows <c>/api/v1/events</c> and keeps everything it hears, in order.</summary>
internal sealed class SseReader : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stop = new();
    private readonly List<StreamEvent> _events = [];
    private Task _reading = Task.CompletedTask;

    public IReadOnlyList<StreamEvent> Events
    {
        get
        {
            lock (_events) return [.. _events];
        }
    }

    /// <summary>Returns once the stream has said something: from then on nothing is missed.</summary>
    public static async Task<SseReader> OpenAsync(GatewayUnderTest gateway, long? lastEventId = null)
    {
        var reader = new SseReader();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Page, "api/v1/events"));
        if (lastEventId is { } id) request.Headers.Add("Last-Event-ID", $"{id}");
        var response = await reader._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        reader._reading = reader.ReadAsync(response);
        await Eventually.TrueAsync("the event stream begins", TimeSpan.FromSeconds(5), () => reader.Events.Count > 0);
        return reader;
    }

    /// <summary>The first event that fits, also one that came before the call.</summary>
    public async Task<StreamEvent> WaitAsync(string what, TimeSpan limit, Func<StreamEvent, bool> fits) =>
        (await Eventually.GetAsync(what, limit, () => Events.FirstOrDefault(fits), e => e is not null, _ => Last()))!;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _http.Dispose();
        _stop.Dispose();
    }

    private string Last() => string.Join('\n', Events.TakeLast(8).Select(e => $"{e.Id} {e.Name} {e.Data.GetRawText()[..Math.Min(300, e.Data.GetRawText().Length)]}"));

    private async Task ReadAsync(HttpResponseMessage response)
    {
        using var _ = response;
        try
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token));
            long? id = null;
            string name = "message";
            while (await lines.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = long.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture);
                else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) Keep(id, name, line[6..]);
                else if (line.Length == 0) (id, name) = (null, "message");
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or HttpRequestException)
        {
            // The gateway or the test ended it; what was heard is kept.
        }
    }

    private void Keep(long? id, string name, string data)
    {
        using var json = JsonDocument.Parse(data);
        lock (_events) _events.Add(new StreamEvent(id, name, json.RootElement.Clone(), Words.NowMs));
    }
}

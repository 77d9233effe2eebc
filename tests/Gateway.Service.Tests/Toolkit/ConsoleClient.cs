using System.Net;
using System.Text.Json;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Reads the console's API the way a script would. What it shows may be a quarter of a second old, so that what is to come is waited for.</summary>
internal sealed class ConsoleClient(int port) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(10) };

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return response.StatusCode;
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var json = JsonDocument.Parse(await TextAsync(path));
        return json.RootElement.Clone();
    }

    public async Task<string> TextAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {path} answered {(int)response.StatusCode}: {body}");
        return body;
    }

    /// <summary>Redeems the one-time link of the first start; later requests carry the cookie.</summary>
    public Task BecomeAdministratorAsync(Uri link) =>
        PostAsync("/api/v1/session/link", $$"""{ "token": "{{link.Fragment["#link=".Length..]}}", "user": "lin", "password": "correct horse battery" }""");

    public async Task PostAsync(string path, string json)
    {
        using var response = await SendAsync(HttpMethod.Post, path, json);
        Assert.True(response.IsSuccessStatusCode, $"POST {path} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Posts something that may be refused.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Said)> SayAsync(string path, string json)
    {
        using var response = await SendAsync(HttpMethod.Post, path, json);
        using var said = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, said.RootElement.Clone());
    }

    /// <summary>Writes a whole ledger.</summary>
    /// <param name="expected">Version it was made from; null = the one there is.</param>
    /// <returns>The status and what the gateway said.</returns>
    public async Task<(HttpStatusCode Status, JsonElement Said)> PutLedgerAsync(string json, string? expected = null)
    {
        expected ??= (await GetAsync("/api/v1/ledger")).GetProperty("hash").GetString();
        using var response = await SendAsync(HttpMethod.Put, "/api/v1/ledger", json, ("If-Match", $"\"{expected}\""));
        using var said = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, said.RootElement.Clone());
    }

    /// <summary>Waits until the link to a broker stands so.</summary>
    public Task WaitForBrokerAsync(string id, string state) => Eventually.GetAsync($"broker {id} is {state}", TimeSpan.FromSeconds(30),
        async () => (await GetAsync("/api/v1/site")).GetProperty("brokers").EnumerateArray().Single(b => b.GetProperty("id").GetString() == id), b => b.GetProperty("state").GetString() == state, b => b.GetRawText());

    public async Task<JsonElement> DeviceAsync(string id) =>
        (await GetAsync("/api/v1/devices")).GetProperty("items").EnumerateArray().Single(d => d.GetProperty("id").GetString() == id);

    /// <summary>State and cause in one word: <c>online</c>, <c>offline(will)</c>, <c>unknown(bus)</c>.</summary>
    public async Task<string> PresenceAsync(string id) => Words.Presence((await DeviceAsync(id)).GetProperty("presence"));

    public async Task<double?> ValueAsync(string id, string field)
    {
        var value = (await DeviceAsync(id)).GetProperty("values").EnumerateArray().Single(v => v.GetProperty("field").GetString() == field).GetProperty("value");
        return value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }

    public Task WaitForPresenceAsync(string id, string presence, double seconds) =>
        Eventually.GetAsync($"{id} is {presence}", TimeSpan.FromSeconds(seconds), () => PresenceAsync(id), seen => seen == presence);

    public async Task<IReadOnlyList<JsonElement>> AlarmsAsync(string rule, string? subject = null) =>
    [
        .. (await GetAsync("/api/v1/alarms?state=all&limit=500")).GetProperty("items").EnumerateArray()
            .Where(a => a.GetProperty("rule").GetString() == rule && (subject is null || a.GetProperty("subject").GetProperty("id").GetString() == subject)),
    ];

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Gateway-Request", "1");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await _http.SendAsync(request);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.LiveConsole.Tests;

/// <summary>Calls the API as the page does, unless told otherwise.</summary>
internal sealed class Client(Uri address) : IDisposable
{
    private readonly HttpClientHandler _handler = new() { UseProxy = false };
    private HttpClient? _http;

    /// <summary>Whether unsafe methods carry the page's header.</summary>
    public bool SendsRequestHeader { get; set; } = true;

    public string? Bearer { get; set; }

    public Dictionary<string, string> Headers { get; } = [];

    public string? Cookie => _handler.CookieContainer.GetCookies(address)["gateway-session"]?.Value;

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> PostAsync(string path, string json) => SendAsync("POST", path, json);

    public Task<Answer> DeleteAsync(string path) => SendAsync("DELETE", path);

    public Task<Answer> SignInAsync(string user, string password) => PostAsync("/api/v1/session", $$"""{ "user": "{{user}}", "password": "{{password}}" }""");

    public async Task<Answer> SendAsync(string method, string path, string? body = null, string contentType = "application/json")
    {
        _http ??= new HttpClient(_handler) { BaseAddress = address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, contentType);
        if (Bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Bearer);
        if (method != "GET" && SendsRequestHeader) request.Headers.Add("X-Gateway-Request", "1");
        foreach (var (name, value) in Headers) request.Headers.Add(name, value);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        string? type = response.Content.Headers.ContentType?.MediaType;
        // An event stream never ends.
        string text = type == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text, type, response.Headers);
    }

    public void Dispose()
    {
        _http?.Dispose();
        _handler.Dispose();
    }
}

internal sealed record Answer(HttpStatusCode Status, string Text, string? ContentType, HttpResponseHeaders Headers)
{
    public JsonNode this[string member] => Json[member]!;

    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Detail => (string)this["detail"]!;
}

using System.Globalization;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary>What a client connects with.</summary>
/// <param name="KeepSeconds">Session expiry; 0 = a clean session. Under 3.1.1 any other number means "kept".</param>
/// <param name="WebSocket">Through the console's port; mosquitto's tools cannot.</param>
/// <param name="Returns">Whether it connects again by itself when the connection is lost; mosquitto_sub always does.</param>
internal sealed record ClientWish(string Id, int KeepSeconds = 0, WillWish? Will = null, bool Aliases = false, bool Returns = false, LoginWish? Login = null, TlsWish? Tls = null, bool WebSocket = false);

internal sealed record LoginWish(string User, string Password);

/// <summary>Files, all PEM. Certificate and key are the client's own; null without.</summary>
internal sealed record TlsWish(string CaFile, string? CertificateFile = null, string? KeyFile = null);

/// <param name="DelaySeconds">5.0 only.</param>
internal sealed record WillWish(string Topic, string Payload, int DelaySeconds = 0);

/// <summary>A message as a client program tells it.</summary>
/// <param name="ExpirySeconds">What was left of its expiry, null when it carries none.</param>
internal sealed record Heard(string Topic, string Payload, int Qos, bool Retain, int? ExpirySeconds);

/// <summary>A client everybody uses, in one of the two versions: started, told what to do, believed about what it saw.</summary>
internal abstract class RealClient(string version, int port) : IAsyncDisposable
{
    /// <summary>Other programs start slowly on a machine that is busy.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Every program in every version it speaks.</summary>
    public static readonly string[][] All = [.. new[] { "mosquitto", "paho", "mqttjs" }.SelectMany(p => new[] { "3.1.1", "5.0" }, (p, v) => new[] { p, v })];

    public bool IsV5 => version == "5.0";

    public int Port => port;

    /// <summary>Messages in the order of their arrival.</summary>
    public abstract IReadOnlyList<Heard> Messages { get; }

    /// <summary>Everything the program said, for messages of failure.</summary>
    public abstract string Said { get; }

    public static RealClient Of(string program, string version, int port) => program switch
    {
        "mosquitto" => new MosquittoClient(version, port),
        "paho" => new ScriptedClient("/usr/bin/python3", Repository.FileAt("tests", "Gateway.Service.Tests", "Peers", "paho", "client.py"), version, port),
        "mqttjs" => new ScriptedClient("node", Repository.FileAt("tests", "Gateway.Service.Tests", "Peers", "mqttjs", "client.mjs"), version, port),
        _ => throw new ArgumentOutOfRangeException(nameof(program), program, "no such client"),
    };

    /// <summary>Connects and subscribes; returns when the gateway has answered both.</summary>
    public abstract Task ConnectAsync(ClientWish wish, int qos = 0, params string[] filters);

    /// <summary>Tries to connect and is not let in.</summary>
    /// <returns>The CONNACK's reason (5.0) or return code (3.1.1), null when the connection ended before one.</returns>
    public abstract Task<int?> RefusedAsync(ClientWish wish);

    /// <summary>Publishes one message; returns when the gateway has acknowledged it.</summary>
    public abstract Task PublishAsync(string topic, string payload, int qos, bool retain = false, int? expirySeconds = null);

    /// <summary>A clean DISCONNECT.</summary>
    public abstract Task DisconnectAsync();

    /// <summary>The program is gone without a word, as when power fails.</summary>
    public abstract Task KillAsync();

    /// <summary>The reason in the gateway's own DISCONNECT, once it came.</summary>
    public abstract Task<int> DismissedAsync();

    public Task HasHeardAsync(params string[] payloads) => Eventually.GetAsync($"the messages {string.Join(' ', payloads)}", Limit,
        () => string.Join(' ', Messages.Select(m => m.Payload)), seen => seen == string.Join(' ', payloads), seen => $"{seen}\n{Said}");

    public abstract ValueTask DisposeAsync();

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

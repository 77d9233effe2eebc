using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Service.Tests.Toolkit.Peers;

/// <summary><c>mosquitto_sub</c> for what it hears, one <c>mosquitto_pub</c> for each message it publishes.</summary>
internal sealed partial class MosquittoClient(string version, int port) : RealClient(version, port)
{
    // QoS, retain, expiry (empty without one), payload in hex (it may hold anything), topic (it may hold spaces).
    private const string Format = "heard %q %r [%E] [%x] %t";

    private ChildProcess? _sub;
    private ClientWish? _wish;
    private int _published;

    public override IReadOnlyList<Heard> Messages => [.. Sub.Output.Select(l => Line().Match(l)).Where(m => m.Success).Select(Read)];

    public override string Said => _sub?.Said ?? "";

    private ChildProcess Sub => _sub ?? throw new InvalidOperationException("mosquitto_sub was not started");

    private List<string> Common
    {
        get
        {
            List<string> common = ["-h", _wish?.Tls is null ? "127.0.0.1" : "localhost", "-p", Text(Port), "-V", IsV5 ? "mqttv5" : "mqttv311"];
            if (_wish?.Login is { } login) common.AddRange(["-u", login.User, "-P", login.Password]);
            if (_wish?.Tls is { } tls) common.AddRange(["--cafile", tls.CaFile]);
            if (_wish?.Tls is { CertificateFile: { } certificate, KeyFile: { } key }) common.AddRange(["--cert", certificate, "--key", key]);
            return common;
        }
    }

    /// <summary>Without filters there is nothing to start: each message brings a client of its own.</summary>
    public override async Task ConnectAsync(ClientWish wish, int qos = 0, params string[] filters)
    {
        _wish = wish;
        if (filters.Length == 0) return;
        var arguments = new List<string>(["-oL", "mosquitto_sub", .. Common, "-i", wish.Id, "-d", "-F", Format, "-q", Text(qos), .. filters.SelectMany(f => new[] { "-t", f })]);
        if (wish.KeepSeconds > 0) arguments.Add("-c");
        if (wish.KeepSeconds > 0 && IsV5) arguments.AddRange(["-x", Text(wish.KeepSeconds)]);
        if (wish.Will is { } will) arguments.AddRange(["--will-topic", will.Topic, "--will-payload", will.Payload, "--will-qos", "1"]);
        if (wish.Will is { DelaySeconds: > 0 } delayed) arguments.AddRange(["-D", "WILL", "will-delay-interval", Text(delayed.DelaySeconds)]);
        // Its own words would stay in its buffer: a pipe is no terminal.
        _sub = ChildProcess.Start("stdbuf", arguments);
        await _sub.WaitForOutputAsync("Subscribed (mid", Limit);
    }

    public override async Task<int?> RefusedAsync(ClientWish wish)
    {
        _wish = wish;
        await using var sub = ChildProcess.Start("stdbuf", ["-oL", "mosquitto_sub", .. Common, "-i", wish.Id, "-d", "-t", "nothing", "-W", Text((int)Limit.TotalSeconds)]);
        Assert.NotEqual(0, await sub.WaitForExitAsync(Limit));
        var connack = sub.Output.Select(l => Connack().Match(l)).FirstOrDefault(m => m.Success);
        return connack is null ? null : int.Parse(connack.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public override async Task PublishAsync(string topic, string payload, int qos, bool retain = false, int? expirySeconds = null)
    {
        // A device's own id is its session's, which its mosquitto_sub holds.
        var arguments = new List<string>([.. Common, "-i", $"{_wish!.Id}-pub-{++_published}", "-q", Text(qos), "-t", topic, "-m", payload]);
        if (retain) arguments.Add("-r");
        if (expirySeconds is { } seconds) arguments.AddRange(["-D", "publish", "message-expiry-interval", Text(seconds)]);
        await using var pub = ChildProcess.Start("mosquitto_pub", arguments);
        Assert.True(await pub.WaitForExitAsync(Limit) == 0, $"mosquitto_pub: {pub.Said}");
    }

    /// <summary>By a signal. Under 5.0 mosquitto_sub then asks for its Will (reason 0x04).</summary>
    public override async Task DisconnectAsync()
    {
        Sub.Terminate();
        await Sub.WaitForExitAsync(Limit);
    }

    public override Task KillAsync() => Sub.KillAsync();

    public override async Task<int> DismissedAsync()
    {
        var match = await Eventually.GetAsync("a DISCONNECT to mosquitto_sub", Limit, () => Sub.Output.Select(l => Dismissal().Match(l)).FirstOrDefault(m => m.Success), m => m is not null, _ => Said);
        return int.Parse(match!.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_sub is not null) await _sub.DisposeAsync();
    }

    private static Heard Read(Match line) => new(line.Groups["topic"].Value, Encoding.UTF8.GetString(Convert.FromHexString(line.Groups["payload"].Value)),
        line.Groups["qos"].Value[0] - '0', line.Groups["retain"].Value == "1", line.Groups["expiry"].Value is { Length: > 0 } s ? int.Parse(s, CultureInfo.InvariantCulture) : null);

    [GeneratedRegex(@"^heard (?<qos>\d) (?<retain>\d) \[(?<expiry>\d*)\] \[(?<payload>[0-9a-f]*)\] (?<topic>.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"received CONNACK \((\d+)\)")]
    private static partial Regex Connack();

    [GeneratedRegex(@"Received DISCONNECT \((\d+)\)")]
    private static partial Regex Dismissal();
}

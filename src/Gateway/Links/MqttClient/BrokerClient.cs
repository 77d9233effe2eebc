using System.Text;
using Gateway.Links.Mqtt;
using Gateway.Protocols.Mqtt;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Gateway.Links.MqttClient;

/// <summary>Our side of one broker: connects, stays connected, connects again; says when it is there and when it is gone.</summary>
internal sealed class BrokerClient : IBrokerConnectionOwner
{
    /// <summary>A broker that refuses us, or a client that bears our name, is left alone this long.</summary>
    public static readonly TimeSpan SlowRetry = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RetryMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(60);

    /// <summary>A connection that held so long was a good one: the next attempt is made at once.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    private readonly BrokerOptions _options;
    private readonly BrokerSession _session;
    private readonly IBrokerDialer _dialer;
    private readonly IBrokerObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ResiliencePipeline<BrokerEnd> _patience;
    private BrokerConnection? _connection;
    private volatile BrokerStatus _status;
    private long _upFrom;
    private volatile bool _stopping;

    public BrokerClient(BrokerOptions options, IReadOnlyList<MqttSubscription> wanted, MqttIntake intake, IBrokerDialer dialer, IBrokerMemory memory, IBrokerObserver observer, ILogger log)
    {
        (_options, _dialer, _observer, _log) = (options, dialer, observer, log);
        _time = intake.Clock.Time;
        _session = new BrokerSession(options, intake, wanted, memory);
        _status = new BrokerStatus(BrokerState.Idle, intake.Clock.NowMs(), null);
        _patience = new ResiliencePipelineBuilder<BrokerEnd> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<BrokerEnd>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = RetryMin,
                MaxDelay = RetryMax,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { } end && (NeedsAHand(end) || (end.Kind == BrokerEndKind.Lost && !WasSteady))),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(args.Outcome.Result is { } end && NeedsAHand(end) ? SlowRetry : null),
            })
            .Build();
    }

    public string Id => _options.Id;

    public string Address => _options.Address;

    public BrokerStatus Status => _status;

    public BrokerTally Tally => _session.Tally;

    /// <summary>Messages that wait for the broker.</summary>
    public int Outbound => _session.Outbound.Waiting;

    /// <summary>What the broker publishes when it loses us; asked for at each connection. Set before <see cref="RunAsync"/>.</summary>
    public Func<MqttWill?> Will { get; set; } = () => null;

    private bool WasSteady => _upFrom != 0 && _time.GetElapsedTime(_upFrom) >= Steady;

    /// <summary>Takes a message for the broker. QoS 1 is sent again until it is acknowledged, also over connections; it does not survive the process.</summary>
    /// <param name="qos">0 or 1; less where the broker takes less.</param>
    /// <param name="done">Told once what became of it at QoS 1: true, the broker has it; false, it was given up. On the thread that reads; must not block.</param>
    /// <returns>False when it was not taken: no room, or QoS 0 and no connection.</returns>
    public bool TryPublish(string topic, ReadOnlySpan<byte> payload, int qos, bool retain, Action<bool>? done = null)
    {
        bool taken = _session.Outbound.TryAdd(topic, payload, qos, retain, done);
        if (taken) Volatile.Read(ref _connection)?.Send();
        return taken;
    }

    /// <summary>Runs until <see cref="Stop"/>.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_stopping) await _patience.ExecuteAsync(async token => await ConnectAsync(token), cancel);
    }

    /// <summary>Ends the connection in good order. What waits for a new one is ended by the token of <see cref="RunAsync"/>.</summary>
    public void Stop()
    {
        _stopping = true;
        Volatile.Read(ref _connection)?.End(BrokerEnd.Stopped);
    }

    /// <summary>Call every second.</summary>
    public void Watch() => Volatile.Read(ref _connection)?.Watch();

    void IBrokerConnectionOwner.Ready(bool sessionPresent, IReadOnlyList<string> refused)
    {
        if (_status.State != BrokerState.Ok)
        {
            MqttClientLog.Connected(_log, Id, Address, sessionPresent ? "it had kept our session" : "a new session");
            _upFrom = _time.GetTimestamp();
            _session.Tally.CountConnect();
        }
        string? words = refused.Count == 0 ? null : $"refused to let us subscribe: {string.Join(", ", refused)}";
        if (words is not null && words != _status.Why) MqttClientLog.Refused(_log, Id, Address, words);
        _status = new BrokerStatus(BrokerState.Ok, _status.State == BrokerState.Ok ? _status.SinceMs : NowMs, words);
        _observer.Up(this, words);
    }

    void IBrokerConnectionOwner.LowerQos(string filter, int asked, int granted) => MqttClientLog.LowerQos(_log, Id, filter, asked, granted);

    private long NowMs => _session.Intake.Clock.NowMs();

    private static bool NeedsAHand(BrokerEnd end) => end.Kind is BrokerEndKind.Refused or BrokerEndKind.TakenOver;

    /// <summary>One attempt, and the life of the connection it may lead to.</summary>
    private async Task<BrokerEnd> ConnectAsync(CancellationToken cancel)
    {
        _upFrom = 0;
        var end = await AttemptAsync(cancel);
        if (end.Kind != BrokerEndKind.Stopped) Lost(end);
        return end;
    }

    private async Task<BrokerEnd> AttemptAsync(CancellationToken cancel)
    {
        if (Connect() is not { } connect) return BrokerEnd.Refused($"cannot read the password file {_options.PasswordFile}");
        var (transport, failure) = await _dialer.DialAsync(cancel);
        if (transport is null) return failure!;
        await using (transport)
        {
            var connection = new BrokerConnection(transport, _session, this);
            Volatile.Write(ref _connection, connection);
            if (_stopping) connection.End(BrokerEnd.Stopped);
            var end = await connection.RunAsync(connect);
            Volatile.Write(ref _connection, null);
            return end;
        }
    }

    /// <summary>Null when the password file cannot be read.</summary>
    private MqttConnect? Connect()
    {
        string? password = _options.Password;
        try
        {
            if (_options.PasswordFile is { } file) password = File.ReadAllText(file).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        return new MqttConnect
        {
            Version = _options.ProtocolVersion, ClientId = _session.ClientId, CleanStart = false, KeepAliveSeconds = _options.KeepAliveSeconds, Will = Will(),
            User = _options.User, Password = password is null ? null : Encoding.UTF8.GetBytes(password), SessionExpirySeconds = (uint)_options.SessionExpirySeconds,
            ReceiveMaximum = _options.ReceiveMaximum, MaximumPacketSize = (uint)_options.PacketBytesMax, TopicAliasMaximum = BrokerConnection.TopicAliasMax,
        };
    }

    /// <summary>Told once for each change: a broker that is away is not news at every attempt.</summary>
    private void Lost(BrokerEnd end)
    {
        bool refused = NeedsAHand(end);
        var state = refused ? BrokerState.Refused : BrokerState.Retrying;
        if (state == _status.State && end.Why == _status.Why) return;
        if (refused) MqttClientLog.Refused(_log, Id, Address, end.Why);
        else if (state != _status.State) MqttClientLog.Lost(_log, Id, Address, end.Why);
        _status = new BrokerStatus(state, state == _status.State ? _status.SinceMs : NowMs, end.Why);
        _observer.Lost(this, $"{Address}: {end.Why}", refused);
    }
}

/// <summary>Whom a broker's client tells how the broker stands.</summary>
internal interface IBrokerObserver
{
    /// <summary>There, and listened to. May be told again when what it refuses changed.</summary>
    /// <param name="refused">Subscriptions it does not grant, in words; null = none.</param>
    void Up(BrokerClient broker, string? refused);

    /// <param name="refused">It will not be otherwise until somebody changes the configuration.</param>
    void Lost(BrokerClient broker, string why, bool refused);
}

/// <summary>How a broker stands.</summary>
/// <param name="Why">What went wrong last; null while all is well.</param>
public sealed record BrokerStatus(BrokerState State, long SinceMs, string? Why);

/// <summary>In the words of the uplinks.</summary>
public enum BrokerState : byte
{
    /// <summary>Not reached yet.</summary>
    Idle,
    Ok,
    Retrying,
    Refused,
}

internal static partial class MqttClientLog
{
    [LoggerMessage(2110, LogLevel.Information, "Broker {Broker} at {Address} connected: {Session}")]
    public static partial void Connected(ILogger log, string broker, string address, string session);

    [LoggerMessage(2111, LogLevel.Warning, "Broker {Broker} at {Address} lost, trying again: {Why}")]
    public static partial void Lost(ILogger log, string broker, string address, string why);

    [LoggerMessage(2112, LogLevel.Error, "Broker {Broker} at {Address}, trying again once a minute: {Why}")]
    public static partial void Refused(ILogger log, string broker, string address, string why);

    [LoggerMessage(2113, LogLevel.Warning, "Broker {Broker} grants QoS {Granted} for {Filter}, asked for {Asked}: what it cannot deliver at once it may lose")]
    public static partial void LowerQos(ILogger log, string broker, string filter, int asked, int granted);

    [LoggerMessage(2114, LogLevel.Critical, "The link to broker {Broker} cannot go on")]
    public static partial void Faulted(ILogger log, Exception fault, string broker);
}

using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Diagnostics;
using Gateway.Domain.Presence;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Evidence;
using Gateway.Ingest;
using Gateway.Links.Mqtt;
using Gateway.Links.MqttClient;
using Gateway.Protocols.Mqtt;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.LiveBus;

/// <summary>Keeps the central broker in step with alarms, site state and checkpoints. Nothing upstream waits for it; while the broker is away only the journal grows.</summary>
public sealed class LiveBusStage : IBrokerObserver, IDisposable
{
    /// <summary>Cause of the alarm while the broker is away.</summary>
    public const string Cause = "live-bus";

    private const string Lane = "bus";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StateEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DownAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GoodbyeMax = TimeSpan.FromSeconds(2);

    private readonly LiveBusOptions _options;
    private readonly EngineIdentity _identity;
    private readonly EngineStage _engine;
    private readonly StateReader _reader;
    private readonly IngestBuffer _ingest;
    private readonly GatewayClock _clock;
    private readonly ILogger<LiveBusStage> _log;
    private readonly LiveBusTopics _topics;
    private readonly LiveBusCursor _cursor;
    private readonly LiveBusPump _pump;
    private readonly BrokerClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task _running = Task.CompletedTask;
    private Task _pumping = Task.CompletedTask;
    private Task _keeping = Task.CompletedTask;
    private long _keptMs;
    private volatile int _ups;
    private int _seenUps;
    private long _written;
    private long _stateMs;
    private string _stateSent = "";
    private long _checkpointSent;
    private volatile bool _stateOnItsWay;
    private volatile bool _leaving;
    private bool _alarmed;

    /// <param name="intake">Where a message would go that the broker sent unasked: counted as refused.</param>
    public LiveBusStage(LiveBusOptions options, string site, EngineIdentity identity, EngineStage engine, StateReader reader, MqttIntake intake, ILogger<LiveBusStage> log)
        : this(options, site, identity, engine, reader, intake, new BrokerDialer(options, intake.Clock.Time), log)
    {
    }

    internal LiveBusStage(LiveBusOptions options, string site, EngineIdentity identity, EngineStage engine, StateReader reader, MqttIntake intake, IBrokerDialer dialer, ILogger<LiveBusStage> log)
    {
        (_options, _identity, _engine, _reader, _ingest, _clock, _log) = (options, identity, engine, reader, intake.Ingest, intake.Clock, log);
        _topics = new LiveBusTopics(options.TopicRoot, site);
        _written = reader.Cursor(Target, Lane);
        _cursor = new LiveBusCursor(_written);
        _client = new BrokerClient(options, [], intake, dialer, new NoSubscriptions(), this, log);
        _client.Will = () => new MqttWill(Encoding.UTF8.GetBytes(_topics.Gateway), Presence(online: false, at: null), 1, Retain: true, 0, null, []);
        _pump = new LiveBusPump(_topics, reader, _cursor, Publish);
    }

    /// <summary>Told when the stage can no longer go on; the process must end with an error.</summary>
    public event Action<Exception>? Faulted;

    private string Target => $"bus:{_options.Id}";

    public BrokerFigures Figures() => new(_client.Id, _client.Address, _client.Status, _client.Tally.Connects, _client.Tally.Received, _client.Tally.Oversized, _client.Tally.Sent, _client.Tally.NotSent, _client.Outbound);

    public void Start()
    {
        _engine.Published += Wake;
        _running = SuperviseAsync(_client.RunAsync(_stop.Token));
        _pumping = SuperviseAsync(PumpAsync());
    }

    /// <summary>Says that the gateway goes, writes the cursor down and leaves. The engine must still run.</summary>
    public async Task StopAsync()
    {
        _engine.Published -= Wake;
        _leaving = true;
        Wake();
        await Task.WhenAny(_pumping, Task.Delay(GoodbyeMax, _clock.Time));
        if (_client.Status.State == BrokerState.Ok) await SayGoodbyeAsync();
        _client.Stop();
        await _stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(_running, _pumping, _keeping), Task.Delay(GoodbyeMax, _clock.Time));
        await Task.WhenAny(KeepCursorAsync(), Task.Delay(GoodbyeMax, _clock.Time));
    }

    public void Dispose() => _stop.Dispose();

    void IBrokerObserver.Up(BrokerClient broker, string? refused)
    {
        Interlocked.Increment(ref _ups);
        Wake();
    }

    void IBrokerObserver.Lost(BrokerClient broker, string why, bool refused) => Wake();

    /// <summary>On the engine's thread.</summary>
    private void Wake(PublishedTransition transition)
    {
        if (transition.Kind == "alarm") Wake();
    }

    private void Wake() => _signal.Writer.TryWrite(true);

    private bool Publish(string topic, ReadOnlySpan<byte> payload, Action<bool> done) => _client.TryPublish(topic, payload, 1, retain: true, sent =>
    {
        done(sent);
        Wake();
    });

    private async Task PumpAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_leaving)
        {
            _client.Watch();
            Judge();
            if (_client.Status.State == BrokerState.Ok)
            {
                if (_seenUps != _ups) Greet();
                _pump.Go();
                SayCheckpoint();
                await SayStateAsync();
            }
            KeepCursorWhenDue();
            await WaitAsync();
        }
        // What the last seconds brought, the last checkpoint above all.
        if (_client.Status.State != BrokerState.Ok) return;
        _pump.Go();
        SayCheckpoint();
    }

    private void Greet()
    {
        _seenUps = _ups;
        Publish(_topics.Gateway, Presence(online: true, Now()), _ => { });
        // Each time: whether a broker still holds what it acknowledged before it went, not even its memory of our session tells.
        _pump.ShowAll();
        (_stateSent, _checkpointSent) = ("", 0);
    }

    private void SayCheckpoint()
    {
        if (_reader.NewestCheckpoint() is not { Checkpoint: var newest } || newest.Seq <= _checkpointSent) return;
        if (Publish(_topics.Checkpoint, JsonSerializer.SerializeToUtf8Bytes(CheckpointLine.Of(newest), LiveBusJson.Default.CheckpointLine), _ => { })) _checkpointSent = newest.Seq;
    }

    /// <summary>When it changed, at most every 5 s, and never two at once: only the newest is worth anything.</summary>
    private async Task SayStateAsync()
    {
        long nowMs = _clock.NowMs();
        if (_stateOnItsWay || (_stateSent.Length > 0 && nowMs - _stateMs < StateEvery.TotalMilliseconds)) return;
        // An engine that stops answers nobody any more.
        var view = await _engine.ViewAsync().WaitAsync(_stop.Token);
        string seen = JsonSerializer.Serialize(StateOf(view, default), LiveBusJson.Default.SiteStateView);
        _stateMs = nowMs;
        if (seen == _stateSent) return;
        _stateOnItsWay = true;
        if (Publish(_topics.State, JsonSerializer.SerializeToUtf8Bytes(StateOf(view, SiteEngine.Time(view.AtMs)), LiveBusJson.Default.SiteStateView), _ => _stateOnItsWay = false)) _stateSent = seen;
        else _stateOnItsWay = false;
    }

    private SiteStateView StateOf(SiteView view, DateTimeOffset at)
    {
        var (devices, operators, insurance) = (view.Compliance.Devices, view.Compliance.Operators, view.Compliance.Insurance);
        int Count(PresenceState state) => view.Devices.Count(d => d.Presence.State == state);
        return new SiteStateView(_identity.GatewayId, at, view.Site, new ShareView(devices.Numerator, devices.Denominator, devices.Rate, devices.Met),
            new ShareView(operators.Numerator, operators.Denominator, operators.Rate, operators.Met), new ShareView(insurance.Numerator, insurance.Denominator, insurance.Rate, insurance.Met),
            Count(PresenceState.Online), Count(PresenceState.Offline), Count(PresenceState.Unknown), view.Alarms.Count, view.Alarms.Count(a => a.State == Domain.Alarms.AlarmState.Unacked));
    }

    /// <summary>One alarm when the broker is away for a minute, or will not have us.</summary>
    private void Judge()
    {
        var status = _client.Status;
        bool down = status.State == BrokerState.Refused || (status.State != BrokerState.Ok && _clock.NowMs() - status.SinceMs >= DownAfter.TotalMilliseconds);
        if (down == _alarmed || (!down && status.State != BrokerState.Ok)) return;
        _alarmed = down;
        _ingest.AppendEvent(down ? LinkEventKind.ConditionRaised : LinkEventKind.ConditionOver, _clock.NowMs(), text: _options.Id, cause: Cause, reason: $"{_client.Address}: {status.Why ?? "not reached yet"}");
    }

    /// <summary>Not awaited: while the disk refuses, the broker must still hear from us.</summary>
    private void KeepCursorWhenDue()
    {
        if (!_keeping.IsCompleted || _clock.NowMs() - _keptMs < KeepEvery.TotalMilliseconds) return;
        _keptMs = _clock.NowMs();
        _keeping = SuperviseAsync(KeepCursorAsync());
    }

    private async Task KeepCursorAsync()
    {
        long next = _cursor.Next;
        if (next == _written) return;
        await _engine.WriteAsync((state, _) => state.SetCursor(Target, Lane, next));
        _written = next;
    }

    private async Task SayGoodbyeAsync()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Publish(_topics.Gateway, Presence(online: false, Now()), _ => gone.TrySetResult())) await Task.WhenAny(gone.Task, Task.Delay(GoodbyeMax, _clock.Time));
    }

    private DateTimeOffset Now() => SiteEngine.Time(_clock.NowMs());

    private byte[] Presence(bool online, DateTimeOffset? at) => JsonSerializer.SerializeToUtf8Bytes(new GatewayPresenceView(online, _identity.GatewayId, _identity.Version, at), LiveBusJson.Default.GatewayPresenceView);

    private async Task WaitAsync()
    {
        using var look = new CancellationTokenSource(LookEvery, _clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, look.Token);
        try
        {
            if (await _signal.Reader.WaitToReadAsync(either.Token)) _signal.Reader.TryRead(out _);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            // Nothing came: look round all the same.
        }
    }

    private async Task SuperviseAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (StoreException) when (_stop.IsCancellationRequested)
        {
            // The engine ended first; the cursor stays where it was, and what lies behind it is published again.
        }
        // The supervisor of these loops: a bus that ends unasked must not leave a gateway that only seems to publish.
        catch (Exception fault)
        {
            LiveBusLog.Faulted(_log, fault, _options.Id);
            Faulted?.Invoke(fault);
        }
    }

    /// <summary>We subscribe to nothing here.</summary>
    private sealed class NoSubscriptions : IBrokerMemory
    {
        public string? Subscriptions(string broker) => null;

        public Task RememberAsync(string broker, string subscriptions) => Task.CompletedTask;
    }
}

internal static partial class LiveBusLog
{
    [LoggerMessage(2120, LogLevel.Critical, "The live bus {Broker} cannot go on")]
    public static partial void Faulted(ILogger log, Exception fault, string broker);
}

using System.Collections.Concurrent;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Alarms;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Domain.Rules;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Uplink;
using Microsoft.Extensions.Logging;

namespace Gateway.Engine;

/// <summary>
/// The loop in the middle of the path, on one dedicated thread: takes what the links gathered, commits the telemetry, lets the engine judge it, commits what
/// that caused, and only then acknowledges and publishes. It alone writes the store.
/// </summary>
/// <remarks>
/// When the disk refuses telemetry, nothing is acknowledged and nothing is dropped: what comes is judged once, held and offered again, until so much is held that the links
/// stop reading. The frontier written with the state never includes what is not on disk; after a crash the devices send it again, and judging it again harms nothing.
/// </remarks>
public sealed partial class EngineStage : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>A batch of this size is company enough: it is committed without waiting.</summary>
    private const int LingerLinesMax = 2_000;

    private readonly SiteLedger _ledger;
    private readonly DeviceDirectory _directory;
    private readonly IReadOnlyList<Rule> _rules;
    private readonly TextTable _texts;
    private readonly IngestBuffer _ingest;
    private readonly GatewayClock _clock;
    private readonly StoreOptions _options;
    private readonly UplinkLedger _uplink;
    private readonly EngineIdentity _identity;
    private readonly PointEncoder _points;
    private readonly CommitPace _pace;
    private readonly ILogger<EngineStage> _log;
    private readonly ConcurrentQueue<EngineCommand> _commands = new();
    private readonly List<EngineCommand> _taken = [];
    private readonly ManualResetEventSlim _urgent = new(false, 0);
    private readonly HashSet<IAcknowledge> _toFlush = [];
    private readonly IRoundStore? _beside;
    private readonly IngestBatch _nothing = new();
    private readonly Thread _thread;

    // Owned by the engine's thread once it runs.
    private SiteEngine _engine = null!;
    private TelemetryStore _telemetry = null!;
    private StateStore _state = null!;
    private long _judgedMs;
    private volatile bool _stopping;
    private volatile string? _storeFault;

    public EngineStage(SiteLedger ledger, DeviceDirectory directory, IReadOnlyList<Rule> rules, TextTable texts, IngestBuffer ingest, GatewayClock clock,
        StoreOptions options, UplinkLedger uplink, EngineIdentity identity, ILogger<EngineStage> log, IRoundStore? beside = null)
    {
        _beside = beside;
        (_ledger, _directory, _rules, _texts, _ingest, _clock, _options, _uplink, _identity, _log) = (ledger, directory, rules, texts, ingest, clock, options, uplink, identity, log);
        (_reserve, _mark) = (new ReserveFile(options), new CommittedMark(options.MarkPath));
        _trim = new BudgetTrim(options);
        _compactor = new TelemetryCompactor(options.TelemetryPath);
        _pace = new CommitPace(options.CommitLingerMs, options.CommitLingerMsMax);
        _points = new PointEncoder(ledger.Site.Id, identity.GatewayId);
        _thread = new Thread(Run) { Name = "engine", IsBackground = true };
    }

    /// <summary>Told of every transition after its commit, in order, on the engine's thread; must not block.</summary>
    public event Action<PublishedTransition>? Published;

    /// <summary>Told when the stage can no longer go on; the process must end with an error.</summary>
    public event Action<Exception>? Faulted;

    /// <summary>Told after each telemetry commit, so that uplinks need not poll.</summary>
    public event Action? Committed;

    /// <summary>Gets the readings of each round once their lines are on disk and acknowledged.</summary>
    public ICommittedReadings? History { get; init; }

    /// <summary>Lines on disk since the store began: the frontier <i>committed</i>.</summary>
    public long CommittedLines => Volatile.Read(ref _committedLines);

    private long _committedLines;

    /// <summary>What the disk said when it last refused, null while all is well.</summary>
    public string? StoreFault => _storeFault;

    public TelemetryFigures Telemetry { get; private set; } = new(0, 0, null);

    internal RoundWait Waits { get; init; } = RoundWait.OnThread;

    /// <summary>When the loop last came round; a watchdog that sees this stand still lets the supervisor restart us.</summary>
    public long LastLoopTimestamp => Volatile.Read(ref _lastLoop);

    private long _lastLoop;

    /// <summary>A person's step, with its audit; completes when both are on disk.</summary>
    /// <returns>Why it could not be, <see cref="AlarmRefusal.None"/> when it was.</returns>
    public Task<AlarmRefusal> ActAsync(AlarmAct act)
    {
        var command = new AlarmCommand(act);
        Post(command);
        return command.Done;
    }

    /// <summary>Runs a write on the store's one writer; completes when it is on disk.</summary>
    /// <param name="write">Gets the store and the time; may run again when the disk refused the first time.</param>
    public Task WriteAsync(Action<StateStore, long> write)
    {
        var command = new WriteCommand(write);
        Post(command);
        return command.Done;
    }

    /// <summary>Ends the loop after what is in the batch has been committed and acknowledged.</summary>
    public void Stop(TimeSpan limit)
    {
        _stopping = true;
        _urgent.Set();
        _ingest.Arrived.Set();
        if (_thread.IsAlive && !_thread.Join(limit)) Log.StopTimedOut(_log, limit.TotalSeconds);
    }

    public void Dispose()
    {
        Stop(TimeSpan.FromSeconds(10));
        _check?.Dispose();
        _compactor.Dispose();
        _trim.Dispose();
        CloseStores();
        _mark.Dispose();
        _urgent.Dispose();
    }

    private void Post(EngineCommand command)
    {
        if (_stopping)
        {
            command.Fail(new StoreException(0, "the gateway is stopping"));
            return;
        }
        _commands.Enqueue(command);
        _urgent.Set();
        _ingest.Arrived.Set();
    }

    private void Run()
    {
        try
        {
            while (!_stopping) RunOnce();
            Finish();
        }
        // The supervisor of this stage: whatever it is, the process must not go on as if it judged and stored.
        catch (Exception fault)
        {
            Log.Faulted(_log, fault);
            Faulted?.Invoke(fault);
        }
        while (_commands.TryDequeue(out var left)) left.Fail(new StoreException(0, "the gateway is stopping"));
    }

    /// <summary>The last round, the last words.</summary>
    internal void Finish()
    {
        RunOnce();
        ShutDown();
    }

    internal void RunOnce()
    {
        bool full = _withheld.IsFull && !_stopping;
        bool woken = Await(full);
        _urgent.Reset();
        // What is not on disk may not grow without end: then the links keep what they have, and TCP tells the devices to wait.
        var batch = full ? _nothing : _ingest.Take();
        _pace.Committed(batch.AckCount + batch.LineCount);
        while (_commands.TryDequeue(out var command)) _taken.Add(command);
        NoteHeldBack(full);
        bool stored = CommitTelemetry(batch, offer: !woken || full || _stopping || _taken.Count > 0 || ++_roundsSinceOffer >= RoundsBetweenOffers);
        Judge(batch);
        CommitState();
        if (stored && TryCommitBeside(out bool beside))
        {
            Acknowledge(batch);
            if (beside) _beside!.Publish();
        }
        else _withheld.KeepAcks(batch);
        // What is withheld comes out of telemetry.db once it is there.
        if (stored) History?.Take(batch, _telemetry.NextLine);
        if (!full) _ingest.Return(batch);
        KeepHouse();
        ShowSelf();
        Volatile.Write(ref _lastLoop, _clock.Time.GetTimestamp());
    }

    /// <summary>Waits for work.</summary>
    /// <returns>False when none came in time.</returns>
    private bool Await(bool full)
    {
        if (_stopping) return true;
        if (full) return Waits.For(_urgent, RetryAfter);
        if (!Waits.For(_ingest.Arrived, TickEvery)) return false;
        if (_ingest.OpenLines < LingerLinesMax && _pace.LingerMs(_clock.Time) is > 0 and var lingerMs) Waits.For(_urgent, TimeSpan.FromMilliseconds(lingerMs));
        return true;
    }

    private void Judge(IngestBatch batch)
    {
        int next = 0;
        var events = batch.Events;
        var readings = batch.Readings;
        for (int i = 0; i < readings.Length; i++)
        {
            while (next < events.Count && events[next].AfterReading <= i) Judge(events[next++]);
            var reading = readings[i];
            reading.ReceivedAtMs = Forward(reading.ReceivedAtMs);
            _engine.Read(reading, batch.SamplesOf(readings[i]));
        }
        while (next < events.Count) Judge(events[next++]);
        long nowMs = Now();
        foreach (var command in _taken) command.Judge(_engine, nowMs);
        LookAtLifecycle(nowMs);
        _engine.Tick(nowMs);
        if (_stopping) _engine.EndProofs();
    }

    private void Judge(in LinkEvent e)
    {
        long atMs = Forward(e.AtMs);
        switch (e.Kind)
        {
            case LinkEventKind.Up: _engine.LinkChanged(e.Device, up: true, atMs); break;
            case LinkEventKind.Down: _engine.LinkChanged(e.Device, up: false, atMs); break;
            case LinkEventKind.Died: _engine.Died(e.Device, e.Cause, atMs); break;
            case LinkEventKind.PortOpened: _engine.PortOpened(e.Text, atMs); break;
            case LinkEventKind.PortLost: _engine.PortLost(e.Text, e.Cause, e.Reason, atMs); break;
            case LinkEventKind.BrokerBack: _engine.BrokerBack(e.Text, atMs); break;
            case LinkEventKind.BrokerLost: _engine.BrokerLost(e.Text, e.Reason, atMs); break;
            case LinkEventKind.ConditionRaised: _engine.ConditionRaised(e.Text, e.Cause, e.Reason, atMs); break;
            case LinkEventKind.ConditionOver: _engine.ConditionOver(e.Text, e.Cause, atMs); break;
            case LinkEventKind.ClientBack: _engine.ClientBack(e.Text, atMs); break;
            case LinkEventKind.ClientLost: _engine.ClientLost(e.Text, e.Reason, atMs); break;
            case LinkEventKind.ClockSane: ClockIs(sane: true, atMs); break;
            case LinkEventKind.ClockInsane: ClockIs(sane: false, atMs); break;
            case LinkEventKind.Stranger: _engine.Unregistered(e.Stranger!, atMs); break;
        }
    }

    private long Now() => Forward(_clock.NowMs());

    /// <summary>Link threads stamp a little apart; for the engine time never goes back.</summary>
    private long Forward(long ms) => _judgedMs = Math.Max(_judgedMs, ms);

    private void Pause()
    {
        _urgent.Reset();
        if (!_stopping) Waits.For(_urgent, RetryAfter);
    }
}

/// <summary>Who this gateway is and what it runs on.</summary>
/// <param name="LedgerSha256">Hash of the ledger file, hex.</param>
/// <param name="RulesSha256">Hash over the rule packs, hex.</param>
public sealed record EngineIdentity(string GatewayId, string Version, string LedgerSha256, string RulesSha256, int SelfPointsSeconds)
{
    /// <summary>Hash of the configuration file, hex.</summary>
    public string ConfigurationSha256 { get; init; } = "";

    /// <summary>The ledger's text, which the store keeps with its hash; empty: it is not kept.</summary>
    public ReadOnlyMemory<byte> LedgerUtf8 { get; init; }

    /// <summary>Environment variables that changed something in it, by name.</summary>
    public IReadOnlyList<string> ConfigurationOverrides { get; init; } = [];
}

/// <summary>One transition as it was journalled: the same bytes go to the event stream.</summary>
public readonly record struct PublishedTransition(long Seq, string Kind, byte[] Body);

/// <param name="FileBytes">What <c>telemetry.db</c> and its WAL take on disk.</param>
public sealed record TelemetryFigures(long FileBytes, long DroppedLines, long? OldestReceivedMs);

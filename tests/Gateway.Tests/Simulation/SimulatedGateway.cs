using System.Text;
using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Ledger;
using Gateway.Domain.Readings;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Store.Sqlite;
using Gateway.Uplink;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Simulation;

/// <summary>One process of the gateway, from its start to its end: the real path from the decoder to the request, on one thread.</summary>
internal sealed class SimulatedGateway : IDisposable
{
    private readonly SimulatedTime _time;
    private readonly SimulatedThreads _threads;
    private readonly DeviceDirectory _directory;
    private readonly JsonDecoder _decoder;
    private readonly DecodedMessage _message = new();
    private readonly GatewayClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TargetUplink> _uplinks = [];
    private bool _running;

    public SimulatedGateway(SimulatedTime time, Random random, SiteLedger ledger, StoreOptions store, IReadOnlyList<UplinkTargetOptions> targets, int selfPointsSeconds)
    {
        _time = time;
        _threads = new SimulatedThreads(random);
        var texts = new TextTable();
        _directory = new DeviceDirectory(ledger, SimulatedSite.Catalog);
        _decoder = new JsonDecoder(texts);
        _clock = new GatewayClock(time);
        Uplink = new UplinkLedger([.. targets.Select(t => t.Name)]);
        Stage = new EngineStage(ledger, _directory, SimulatedSite.Rules, texts, Ingest, _clock, store, Uplink,
            new EngineIdentity(SimulatedSite.Gateway, "0", "l", "r", selfPointsSeconds), NullLogger<EngineStage>.Instance) { Waits = new Wait(this) };
    }

    public IngestBuffer Ingest { get; } = new();

    public UplinkLedger Uplink { get; }

    public EngineStage Stage { get; }

    /// <summary>How long the engine's thread may stay away when nothing is signalled, ms: a busy machine comes late.</summary>
    public double IdleMs { get; set; }

    /// <exception cref="StoreException">The disk refused; the process ends, and its supervisor starts it again.</exception>
    public void Start(string site, StoreOptions store, IReadOnlyList<UplinkTargetOptions> targets, SimulatedNetwork network, SimulatedDisk disk)
    {
        SqliteDatabase.WitnessOfThread = disk;
        try
        {
            Stage.Recover();
            foreach (var target in targets) _uplinks.Add(new TargetUplink(target, site, store, Uplink, Stage, Ingest, _clock, NullLogger.Instance, network));
        }
        finally
        {
            SqliteDatabase.WitnessOfThread = null;
        }
        Stage.Committed += () => _uplinks.ForEach(u => u.WakeLive());
        Stage.LaneOneCommitted += () => _uplinks.ForEach(u => u.WakeAlarms());
        foreach (var (_, run) in _uplinks.SelectMany(u => u.Work())) _threads.Start(() => run(_stop.Token));
        _running = true;
    }

    /// <summary>As a link does it: decode, append.</summary>
    public void Say(string device, string json, ReadingFlags flags, IAcknowledge sink, long token)
    {
        var route = _directory.Registered.First(r => r.Id == device);
        if (_decoder.Decode(route, Encoding.UTF8.GetBytes(json), _message) != DecodeOutcome.Decoded) throw new InvalidOperationException($"cannot be decoded: {json}");
        if (!Ingest.TryAppend(route, _message, ReadingKind.Measurement, flags, _clock.NowMs(), sink, token)) throw new InvalidOperationException("the batch of a small site is full");
    }

    public void Tell(LinkEventKind kind, string device = "", string text = "", string cause = "") =>
        Ingest.AppendEvent(kind, _clock.NowMs(), device.Length == 0 ? -1 : _directory.Registered.First(r => r.Id == device).Index, text, cause, "simulated");

    public string Figures() => string.Join("; ", _uplinks.Select(u => u.Figures(Stage.CommittedLines)).Select(f => $"{f.Target}: sent {f.Sent}, settled {f.Settled}, held {f.HeldLines}, backlog {f.BacklogLines}, {string.Join(", ", f.Lanes)}"));

    public void ReplayAsked() => _uplinks.ForEach(u => u.WakeBacklog());

    /// <summary>The engine goes round once; before that others run and time passes, up to this.</summary>
    public void Round(double idleMs)
    {
        IdleMs = idleMs;
        Stage.RunOnce();
    }

    /// <summary>Others run while the engine's thread is busy with the disk.</summary>
    public void Meanwhile(int turns)
    {
        for (; turns > 0 && _threads.RunOne(); turns--)
        {
        }
    }

    /// <summary>An orderly end: the uplinks first, then the engine.</summary>
    public void Stop()
    {
        _stop.Cancel();
        while (_threads.RunOne())
        {
        }
        _threads.End();
        _running = false;
        Stage.Stop(TimeSpan.Zero);
        Stage.Finish();
    }

    public void Dispose()
    {
        _threads.End();
        _time.ProcessEnded();
        foreach (var uplink in _uplinks) uplink.Dispose();
        Stage.Dispose();
        Ingest.Dispose();
        _stop.Dispose();
    }

    private bool PassUntil(long untilTicks, ManualResetEventSlim signal)
    {
        do
        {
            while (_running && _threads.RunOne())
            {
            }
            if (signal.IsSet) return true;
        }
        while (_time.Step(untilTicks));
        return signal.IsSet;
    }

    private sealed class Wait(SimulatedGateway gateway) : RoundWait
    {
        public override bool For(ManualResetEventSlim signal, TimeSpan limit) =>
            signal.IsSet || gateway.PassUntil(gateway._time.After(Math.Max(limit.TotalMilliseconds, gateway.IdleMs)), signal);
    }
}

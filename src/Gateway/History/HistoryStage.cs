using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.History;

/// <summary>The history's thread, and what others may ask of it. It stands beside the path: nothing upstream waits for it, and it can fail alone.</summary>
public sealed class HistoryStage : ICommittedReadings, IDisposable
{
    /// <summary>Cause of the alarm that is raised for damage.</summary>
    public const string DamageCause = "history";

    private static readonly TimeSpan RoundEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RoundSoon = TimeSpan.FromMilliseconds(50);

    private readonly HistoryKeeper _keeper;
    private readonly HistoryReader _reader;
    private readonly DeviceDirectory _directory;
    private readonly GatewayClock _clock;
    private readonly IngestBuffer _ingest;
    private readonly ILogger<HistoryStage> _log;
    private readonly ManualResetEventSlim _wake = new(false, 0);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile string? _failure;

    public HistoryStage(HistoryOptions options, StoreOptions store, DeviceDirectory directory, IngestBuffer ingest, GatewayClock clock, ILogger<HistoryStage> log)
    {
        (_directory, _ingest, _clock, _log) = (directory, ingest, clock, log);
        _keeper = new HistoryKeeper(options, store, directory, log, _wake.Set);
        _keeper.Damaged += TellDamage;
        _reader = new HistoryReader(_keeper, directory, options);
        _thread = new Thread(Run) { Name = "history", IsBackground = true };
    }

    /// <summary>Line of the telemetry store up to which everything is in the history; what lies behind is read again after a crash, if it is still there.</summary>
    public long Frontier => _keeper.Frontier;

    /// <summary>Why nothing is written now; null while all is well.</summary>
    public string? Fault => _failure ?? _keeper.Fault;

    public HistoryFigures Figures => _keeper.Figures;

    /// <summary>Call once, when the telemetry store is open and before the engine runs.</summary>
    public void Start()
    {
        _keeper.Prepare(_clock.NowMs());
        _thread.Start();
    }

    /// <summary>Writes what is left and ends. Call when the engine has ended.</summary>
    public void Stop(TimeSpan limit)
    {
        _stopping = true;
        _wake.Set();
        if (_thread.IsAlive) _thread.Join(limit);
    }

    public void Take(IngestBatch batch, long nextLine) => _keeper.Intake.Take(batch, nextLine);

    /// <summary>The number of a registered device in a <see cref="HistoryQuery"/>; null when the ledger in force has none of that id.</summary>
    public int? IndexOf(string device) => _directory.ById(device)?.Index;

    /// <summary>What a device measured, as a chart needs it. Takes milliseconds and reads the disk: not on a thread that devices wait for.</summary>
    /// <exception cref="StoreException">The file cannot be read now.</exception>
    public HistoryFrame Read(HistoryQuery query) => _reader.Read(query, _clock.NowMs());

    public void Dispose()
    {
        Stop(TimeSpan.FromSeconds(10));
        if (_thread.IsAlive) return;
        _keeper.Dispose();
        _reader.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        try
        {
            bool more = false;
            while (!_stopping)
            {
                _wake.Wait(more ? RoundSoon : RoundEvery);
                _wake.Reset();
                more = _keeper.Round(_clock.NowMs());
            }
            // What was to be read again first, then what came since.
            for (int rounds = 0; rounds < 100 && _keeper.Round(_clock.NowMs(), all: true); rounds++)
            {
            }
        }
        // The supervisor of this stage: a chart is not worth the service, so that whatever it is ends the history alone.
        catch (Exception fault)
        {
            _failure = fault.Message;
            HistoryLog.Failed(_log, fault);
        }
    }

    /// <summary>The alarm stands until a person has seen it; the condition itself is over with the new file.</summary>
    private void TellDamage(string what)
    {
        _ingest.AppendEvent(LinkEventKind.ConditionRaised, _clock.NowMs(), text: HistoryOptions.FileName, cause: DamageCause, reason: what);
        _ingest.AppendEvent(LinkEventKind.ConditionOver, _clock.NowMs(), text: HistoryOptions.FileName, cause: DamageCause);
    }
}

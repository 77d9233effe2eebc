using Gateway.Decoding;
using Gateway.Diagnostics;
using Gateway.Domain.Compliance;
using Gateway.Domain.Lifecycle;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Domain.Reports;
using Gateway.Engine;
using Gateway.Ingest;
using Gateway.Reports;
using Gateway.Store;
using Gateway.Testing;
using Gateway.Tests.Simulation;
using Gateway.Uplink;
using Microsoft.Extensions.Logging.Abstractions;
using static Gateway.Tests.Reports.MonthSite;

namespace Gateway.Tests.Reports;

/// <summary>
/// April 2026 on that site, beat by beat, through the real engine and the real store on a disk: what every device says, and what happens to it. No randomness, no clock of this machine.
/// </summary>
internal sealed class MonthRun : IDisposable
{
    public const string Gateway = "gw-lotus";
    public const string LedgerSha256 = "5f2c9e0d7a41b3866e1f0c2d9b8a7f6e5d4c3b2a190817263544536271809f1e";

    private readonly DirectoryInfo _folder = SimulatedSite.MakeFolder();
    private readonly FakeClock _time = new(DateTimeOffset.FromUnixTimeMilliseconds(At(1) - 3_600_000));
    private readonly StoreOptions _store;
    private readonly DecodedMessage _message = new();
    private readonly List<(string Device, long FromMs, long ToMs)> _silences;
    private readonly Queue<(long AtMs, Action<long> Do)> _events;
    private readonly Queue<(long AtMs, Action Do)> _writes;
    private DeviceDirectory _directory = null!;
    private IngestBuffer _ingest = null!;
    private EngineStage? _stage;
    private int _beats;

    private MonthRun(MonthSite site)
    {
        Site = site;
        _store = new StoreOptions { Directory = _folder.FullName };
        _silences =
        [
            ("crane-1", At(7, 14), At(7, 14, 20)), ("crane-2", At(7, 14), At(7, 14, 20)), ("dust-3", At(10, 8), At(10, 9, 30)), ("dust-4", At(11, 8), At(11, 8) + 2 * site.ExpectedMs),
            ("crane-4", At(12), At(14)), ("piling-2", At(20, 12), long.MaxValue),
        ];
        _events = new(new (long, Action<long>)[]
        {
            (At(7, 14), at => _ingest.AppendEvent(LinkEventKind.PortLost, at, text: Bus, cause: PresenceCause.Bus, reason: "unplugged")),
            (At(7, 14, 20), at => _ingest.AppendEvent(LinkEventKind.PortOpened, at, text: Bus)),
            // 99.9995 % of that day: it says farewell so long before it speaks again.
            (At(22, 15) + site.BehindMs("camera-1") - 432, at => _ingest.AppendEvent(LinkEventKind.Died, at, site.IndexOf("camera-1"), cause: PresenceCause.Will)),
            (At(25, 12), _ => _time.StepWall(TimeSpan.FromMinutes(-5))),
        });
        _writes = new(new (long, Action)[]
        {
            (At(7, 15), () => Worked("crane-1", At(7, 13), At(7, 15), "op-2")),
            // The day before yesterday is excused the day after: late.
            (At(13, 15), () => Entered(new LifecycleEntry(0, "crane-4", LifecycleKind.Suspended, At(12), At(14), SuspensionReason.Repair, "李某", "王某", "建监〔2026〕7 号", null, null, null, 0))),
            (At(14, 12), () => Worked("crane-3", At(14, 8), At(14, 12), "op-1")),
            (At(15, 12), () => Worked("crane-3", At(15, 8), At(15, 12), "op-1")),
            (At(16, 12), () => Worked("crane-3", At(16, 8), At(16, 12), "op-1")),
            (At(17, 12), () => Worked("crane-3", At(17, 8), At(17, 12), "op-1")),
            (At(20, 12), () => Entered(new LifecycleEntry(0, "piling-2", LifecycleKind.Dismantled, At(20, 12), null, null, "李某", "王某", null, null, null, null, 0))),
        });
    }

    public MonthSite Site { get; }

    public string StatePath => _store.StatePath;

    /// <summary>Working time as it stands in the chain.</summary>
    public List<WorkingInterval> Work { get; } = [];

    /// <summary>Rows of the lifecycle entries.</summary>
    public List<long> EntryRows { get; } = [];

    public static MonthRun Live(MonthSite site)
    {
        var run = new MonthRun(site);
        run.Start();
        run.LiveUntil(At(3, 10));
        run.PowerCut(TimeSpan.FromHours(1));
        run.LiveUntil(At(31, 1));
        run._stage!.Stop(TimeSpan.Zero);
        run._stage.Finish();
        run.End();
        return run;
    }

    /// <param name="asOf">Row of the chain, or null: the head.</param>
    public SiteReport Report(AccountWindow window, long? asOf = null)
    {
        var taken = ReportSource.Take(StatePath, Gateway, Site.Ledger, LedgerSha256, window) with { Work = Work };
        return SiteReport.Of(ReportMoment.Of(StatePath, taken, asOf) ?? throw new InvalidOperationException($"no row {asOf}"));
    }

    public void Dispose()
    {
        End();
        _folder.Delete(recursive: true);
    }

    private void Start()
    {
        var texts = new TextTable();
        (_directory, _ingest) = (new DeviceDirectory(Site.Ledger, Site.Catalog), new IngestBuffer());
        _stage = new EngineStage(Site.Ledger, _directory, Site.Rules, texts, _ingest, new GatewayClock(_time), _store, new UplinkLedger([]),
            new EngineIdentity(Gateway, "0", LedgerSha256, "rules", 60), NullLogger<EngineStage>.Instance) { Waits = new NoWait() };
        _stage.Recover();
    }

    private void End()
    {
        _stage?.Dispose();
        if (_stage is not null) _ingest.Dispose();
        _stage = null;
    }

    private void PowerCut(TimeSpan away)
    {
        End();
        _time.Advance(away);
        Start();
    }

    private void LiveUntil(long untilMs)
    {
        for (long beatMs = At(1) - 3_600_000 + NowSinceStart(); beatMs < untilMs; beatMs += Site.ExpectedMs)
        {
            long nextMs = beatMs + Site.ExpectedMs;
            for (int i = 0; i < _directory.Registered.Count; i++)
            {
                long atMs = beatMs + Site.BehindMs(i);
                while (_events.TryPeek(out var e) && e.AtMs <= atMs) Happen();
                if (!_silences.Any(s => s.Device == _directory.Registered[i].Id && atMs >= s.FromMs && atMs < s.ToMs)) Say(_directory.Registered[i], atMs);
            }
            while (_events.TryPeek(out var e) && e.AtMs < nextMs) Happen();
            _time.Advance(TimeSpan.FromMilliseconds(Site.ExpectedMs));
            while (_writes.TryPeek(out var w) && w.AtMs <= nextMs) _writes.Dequeue().Do();
            _beats++;
            _stage!.RunOnce();
        }
    }

    /// <summary>Time that has passed; the wall clock may have been stepped meanwhile.</summary>
    private long NowSinceStart() => (long)TimeSpan.FromTicks(_time.GetTimestamp() - TimeSpan.TicksPerDay).TotalMilliseconds;

    private void Happen()
    {
        var (atMs, act) = _events.Dequeue();
        act(atMs);
    }

    private void Say(DeviceRoute route, long atMs)
    {
        _message.Begin(route);
        // Never quite the same, as nature has it.
        _message.Add((ushort)route.Profile.Device.SlotOf(FieldOf(route.Profile.Device.Kind)), 2 + (_beats * 7 + route.Index) % 97 / 100.0);
        _message.End();
        if (!_ingest.TryAppend(route, _message, route.Profile.Device.Life, ReadingFlags.None, atMs)) throw new InvalidOperationException("the batch of a small site is full");
    }

    private void Worked(string device, long fromMs, long toMs, string who)
    {
        var work = new WorkingInterval(device, fromMs, toMs, who);
        _ = _stage!.WriteAsync((state, nowMs) => Work.Add(work with { Seq = state.Journal(WorkJson.RowKind, nowMs, WorkJson.Write(work)) }));
    }

    private void Entered(LifecycleEntry entry) => _ = _stage!.WriteAsync((state, nowMs) => EntryRows.Add(state.Journal(LifecycleJson.RowKind, nowMs, LifecycleJson.Write(entry))));

    private sealed class NoWait : RoundWait
    {
        public override bool For(ManualResetEventSlim signal, TimeSpan limit) => true;
    }
}

using Gateway.Domain.Alarms;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Uplink;
using static Gateway.Tests.Simulation.LifeRecord;

namespace Gateway.Tests.Simulation;

/// <summary>One life of a small site, drawn from a seed: devices, gateway, disk, network, targets, people. The same seed is the same life.</summary>
internal sealed partial class SimulatedLife : IAcknowledge, IDisposable
{
    private const double CalmMs = 600_000;

    private readonly Random _random;
    private readonly SimulatedTime _time = new();
    private readonly DirectoryInfo _folder = SimulatedSite.MakeFolder();
    private readonly StoreOptions _store;
    private readonly SimulatedDisk _disk;
    private readonly SimulatedNetwork _network;
    private readonly List<SimulatedTarget> _targets = [];
    private readonly List<UplinkTargetOptions> _options = [];
    private readonly LifeRecord _record;
    private readonly int _deviceCount;
    private readonly bool _greedy;
    private readonly string[] _talkers;
    private readonly long[] _lastTs;
    private readonly List<Message> _unacknowledged = [];
    private readonly List<(string Alarm, Task<AlarmRefusal> Done)> _acknowledgements = [];
    private readonly Dictionary<(string Target, string Lane), long> _checkedTo = [];
    private readonly Dictionary<string, long> _quarantineCheckedTo = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _rowsTaken = new(StringComparer.Ordinal);
    private SimulatedGateway? _gateway;
    private long _tokens;
    private bool _calm;

    public SimulatedLife(long seed)
    {
        _random = new Random(unchecked((int)(seed * 2654435761 ^ seed >> 32)));
        foreach (var (name, content) in new[] { (StateStore.Name, SimulatedSite.EmptyState), (TelemetryStore.Name, SimulatedSite.EmptyTelemetry) })
            File.WriteAllBytes(Path.Combine(_folder.FullName, name), content);
        _greedy = _random.Next(10) == 0;
        _store = new StoreOptions
        {
            Directory = _folder.FullName, CommitLingerMs = 0, CommitLingerMsMax = _random.Next(2) * 10, FreeMiBMin = 0, ReserveMiB = 0, SettledMiBMax = 1,
            // Below what an operator may set: everything is over the budget, so that little data is enough to see lines given up.
            TelemetryMiBMax = _greedy ? 0 : 64, TelemetryDaysMax = 1, HeartbeatSeconds = 5,
        };
        _disk = new SimulatedDisk(_time, Meanwhile);
        _record = new LifeRecord(_store);
        _network = new SimulatedNetwork(_time, _targets, _random, Taken);
        _deviceCount = _random.Next(2, 5);
        _talkers = [.. SimulatedSite.Ledger(_deviceCount).Devices.Where(d => d.Kind == "crane").Select(d => d.Id)];
        _lastTs = new long[_talkers.Length];
        for (int i = 0, count = _random.Next(1, 3); i < count; i++) AddTarget($"t{i + 1}");
    }

    /// <summary>What became of it all: a hash over the journal and what the targets hold.</summary>
    public string Digest { get; private set; } = "";

    public LifeTally Tally { get; } = new();

    /// <exception cref="Broken">What must never happen has happened.</exception>
    public void Run()
    {
        Boot();
        // Many short lives find more than few long ones; one in two hundred is long.
        for (int step = _random.Next(200) == 0 ? _random.Next(50, 301) : _random.Next(3, 11); step > 0; step--)
        {
            Act();
            Rounds(_random.Next(1, 3), _random.Next(20));
        }
        CalmDown();
        Stop();
        CheckEnd();
    }

    public bool Committed(long token)
    {
        _record.Acknowledged(token);
        _unacknowledged.RemoveAll(m => m.Token == token);
        Tally.Acknowledged++;
        return true;
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
        _gateway?.Dispose();
        _record.Dispose();
        _folder.Delete(recursive: true);
    }

    private void AddTarget(string name)
    {
        string kind = TargetKind.All[_random.Next(TargetKind.All.Count)];
        int holdSeconds = _random.Next(3, 7);
        _targets.Add(new SimulatedTarget(name, kind, startReadable: _random.Next(5) > 0, rejectsOneIn: kind == TargetKind.VictoriaMetrics || _random.Next(2) == 0 ? 0 : _random.Next(4, 20),
            flushMs: holdSeconds * 1000 * 0.8, _time, _random));
        _options.Add(new UplinkTargetOptions
        {
            Name = name, Kind = kind, Url = $"http://{name}", Org = "o", Bucket = "b", Database = "d", LingerMs = _random.Next(2) * 20, BatchLines = _random.Next(4) == 0 ? _random.Next(1, 5) : _random.Next(5, 40), TimeoutSeconds = _random.Next(2, 5),
            HoldSeconds = holdSeconds, LiveLagSeconds = _random.Next(1, 6), BacklogLinesPerSecond = _random.Next(2) * 50, ReadBackMinutes = 0,
        });
    }

    private void Pass(double ms)
    {
        for (long until = _time.After(ms); _time.GetTimestamp() < until;) Rounds(1, Math.Min(1_000, ms));
    }

    private void Rounds(int count, double idleMs)
    {
        for (; count > 0; count--)
        {
            try
            {
                _gateway!.Round(idleMs);
                CheckSettled();
            }
            catch (PowerCut)
            {
                CutPower();
            }
        }
    }

    /// <summary>Between two steps of the disk.</summary>
    private void Meanwhile()
    {
        if (_random.Next(6) == 0) _gateway?.Meanwhile(_random.Next(1, 4));
        if (!_calm && _gateway is not null && _random.Next(40) == 0) Say(1);
    }

    private void CutPower()
    {
        Tally.PowerCuts++;
        _gateway!.Dispose();
        _gateway = null;
        Sleep(_random.Next(10) == 0 ? _random.Next(20, 100_000) : _random.Next(20, 1_500));
        // The power comes and goes: the next start may not come to its end either.
        if (!_calm && _random.Next(4) == 0) _disk.CutPowerAfter(_random.Next(40));
        Boot();
    }

    private void Sleep(double ms)
    {
        long until = _time.After(ms);
        while (_time.Step(until))
        {
        }
    }

    private void Stop()
    {
        try
        {
            _gateway!.Stop();
        }
        catch (PowerCut)
        {
            Tally.PowerCuts++;
        }
        catch (StoreException) when (!_calm)
        {
            // It could not say its last words: an end like any other, and it must lose as little.
            Tally.RefusedEnds++;
        }
        _gateway!.Dispose();
        _gateway = null;
        NoteAcknowledgements();
    }

    private void Boot()
    {
        while (true)
        {
            var gateway = new SimulatedGateway(_time, _random, SimulatedSite.Ledger(_deviceCount), _store, _options, selfPointsSeconds: 3_600);
            gateway.Stage.Committed += _record.ReadLines;
            gateway.Stage.LaneOneCommitted += _record.ReadRows;
            gateway.Stage.Published += _record.Published;
            try
            {
                gateway.Start("s1", _store, _options, _network, _disk);
                _gateway = gateway;
                break;
            }
            catch (Exception ended) when (ended is PowerCut or StoreException)
            {
                Tally.FailedStarts++;
                gateway.Dispose();
                Sleep(1_000);
            }
        }
        Tally.Starts++;
        _record.ReadAll();
        NoteAcknowledgements();
        CheckSettled();
        CheckQuarantine();
        // What was not acknowledged comes again, in order; unless a device has lost it meanwhile.
        if (_random.Next(8) == 0) _unacknowledged.Clear();
        foreach (var message in _unacknowledged.ToList()) Say(message);
    }

    /// <summary>All faults are over; everything goes where it belongs.</summary>
    private void CalmDown()
    {
        _calm = true;
        _disk.Heal();
        foreach (var target in _targets) target.Mood = TargetMood.Well;
        Rounds(3, 100);
        Must(_unacknowledged.Count == 0, $"messages {string.Join(", ", _unacknowledged.Select(m => m.Token))} are not acknowledged although nothing is wrong any more");
        (long lines, long rows) = (_record.Lines.Count, _record.Rows.Count + 1);
        long until = _time.After(CalmMs);
        while (!Drained(lines) || _gateway!.Uplink.Settled(UplinkLedger.LaneOne) < rows)
        {
            Must(_time.GetTimestamp() < until, $"after {CalmMs / 1000} s without a fault, telemetry is settled to {_gateway!.Uplink.Settled(UplinkLedger.Telemetry)} of {lines}, lane one to {_gateway.Uplink.Settled(UplinkLedger.LaneOne)} of {rows}: {_gateway.Figures()}");
            Rounds(1, 5_000);
        }
        Rounds(2, 1_100);
    }
}

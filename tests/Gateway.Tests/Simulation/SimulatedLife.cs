using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Domain.Alarms;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Store;
using Gateway.Uplink;
using static Gateway.Tests.Simulation.LifeRecord;

namespace Gateway.Tests.Simulation;

/// <summary>One life of a small site, drawn from a seed: devices, gateway, disk, network, targets, people. The same seed is the same life.</summary>
internal sealed class SimulatedLife : IAcknowledge, IDisposable
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
    private readonly List<(string Alarm, Task<string?> Done)> _acknowledgements = [];
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
        for (int step = _random.Next(50, 301); step > 0; step--)
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
            Name = name, Kind = kind, Url = $"http://{name}", Org = "o", Bucket = "b", Database = "d", LingerMs = _random.Next(2) * 20, BatchLines = _random.Next(1, 12), TimeoutSeconds = _random.Next(2, 5),
            HoldSeconds = holdSeconds, LiveLagSeconds = _random.Next(1, 6), BacklogLinesPerSecond = _random.Next(2) * 50, ReadBackMinutes = 0,
        });
    }

    private void Act()
    {
        switch (_random.Next(100))
        {
            case < 48: Say(_random.Next(1, 6)); break;
            case < 60: Pass(_random.Next(50, 2_000)); break;
            case < 63: Pass(_random.Next(2_000, 25_000)); break;
            case < 71: Target().Mood = (TargetMood)_random.Next(Enum.GetValues<TargetMood>().Length); break;
            case < 75: Target().Mood = TargetMood.Well; break;
            case < 79: Target().Restart(_random.Next(2) * _random.Next(8_000)); break;
            case < 84: _disk.Refuse(_random.Next(3) switch { 0 => TelemetryStore.Name, 1 => StateStore.Name, _ => "" }, full: _random.Next(2) == 0, _random.Next(50, 4_000)); break;
            case < 90: _disk.CutPowerAfter(_random.Next(80)); break;
            case < 91: CutPower(); break;
            case < 94: AcknowledgeAlarm(); break;
            case < 95: Repeat(); break;
            case < 96: AskReplay(); break;
            case < 97: Tell(); break;
            case < 99: Restart(); break;
            default: if (_random.Next(4) == 0) LongNight(); break;
        }
    }

    private SimulatedTarget Target() => _targets[_random.Next(_targets.Count)];

    private void Say(int messages)
    {
        for (; messages > 0; messages--) Say(NewMessage());
    }

    private Message NewMessage()
    {
        int talker = _random.Next(_talkers.Length);
        long token = ++_tokens, ts = _time.NowMs - _random.Next(500);
        bool timed = _random.Next(10) > 0, alarming = _random.Next(8) == 0;
        var flags = ReadingFlags.None;
        switch (_random.Next(12))
        {
            case 0: ts = _time.NowMs - _random.Next(55_000); break;
            case 1: (ts, flags, timed) = (_time.NowMs - _random.Next(3_600_000, 72_000_000), ReadingFlags.Backfill, true); break;
            // Two readings within one millisecond.
            case 2 or 3 when !_greedy && _lastTs[talker] > _time.NowMs - 30_000: ts = _lastTs[talker]; break;
        }
        _lastTs[talker] = ts;
        string time = timed ? string.Create(CultureInfo.InvariantCulture, $"\"ts\":{ts},") : "";
        int moment = alarming ? _random.Next(104, 130) : _random.Next(40, 99);
        string json = string.Create(CultureInfo.InvariantCulture, $"{{{time}\"seq\":{token},\"load_t\":{_random.Next(10)},\"moment_pct\":{moment},\"alarm_bits\":{(_random.Next(6) == 0 ? 1 : 0)}}}");
        var message = new Message(token, _talkers[talker], json, flags, timed ? ts : 0, alarming && flags == ReadingFlags.None);
        _record.Messages.Add(token, message);
        return message;
    }

    private void Say(Message message)
    {
        if (!message.Acknowledged && !_unacknowledged.Contains(message)) _unacknowledged.Add(message);
        _gateway!.Say(message.Device, message.Json, message.Flags, this, message.Token);
        Tally.Said++;
    }

    /// <summary>An acknowledgement was lost on its way: the device tells once more.</summary>
    private void Repeat()
    {
        long token = _tokens - _random.Next(10);
        if (_record.Messages.TryGetValue(token, out var message)) Say(message);
    }

    private void Tell()
    {
        switch (_random.Next(4))
        {
            case 0: _gateway!.Tell(LinkEventKind.Died, device: _talkers[0], cause: Gateway.Domain.Presence.PresenceCause.Will); break;
            case 1: _gateway!.Tell(LinkEventKind.PortLost, text: "b1", cause: Gateway.Domain.Presence.PresenceCause.Bus); break;
            default: _gateway!.Tell(LinkEventKind.PortOpened, text: "b1"); break;
        }
    }

    private void AcknowledgeAlarm()
    {
        if (_record.Alarms.Values.LastOrDefault(a => a.State is AlarmState.Unacked or AlarmState.ReturnedUnacked) is { } alarm)
            _acknowledgements.Add((alarm.Id, _gateway!.Stage.AcknowledgeAsync(alarm.Id, "li", null)));
    }

    private void AskReplay()
    {
        var asked = _gateway!.Stage.WriteAsync((state, nowMs) => state.AskReplay(nowMs, "li", _targets[0].Name, null));
        Rounds(1, 0);
        if (asked.IsCompletedSuccessfully) _gateway.ReplayAsked();
    }

    private void Restart()
    {
        Stop();
        Sleep(_random.Next(20, 3_000));
        Boot();
    }

    /// <summary>Off for more than the telemetry may grow old.</summary>
    private void LongNight()
    {
        Stop();
        Sleep(_random.Next(20, 60) * 3_600_000.0);
        Tally.LongNights++;
        Boot();
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
        Boot();
    }

    private void Sleep(double ms)
    {
        _disk.Heal();
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

    /// <summary>Whatever is not settled was given up: where nothing is left, a cursor stays before it until the next line comes.</summary>
    private bool Drained(long lines)
    {
        for (long line = _gateway!.Uplink.Settled(UplinkLedger.Telemetry); line < lines; line++)
            if (!_record.InGap(line)) return false;
        return true;
    }

    private void Taken(SimulatedTarget target, string way, IReadOnlyList<string> lines)
    {
        foreach (string line in lines) _record.Taken(target, line);
        if (way != UplinkWay.Alarms) return;
        // In lane one nothing overtakes: when a row comes, everything before it has come.
        int taken = _rowsTaken.GetValueOrDefault(target.Name);
        foreach (string line in lines)
        {
            int row = _record.RowOfLine[line];
            for (; taken < row; taken++)
                foreach (string before in _record.Rows[taken])
                    Must(target.EverHeld(before) || target.Rejects(before), $"{target.Name}: row {row + 1} of lane one came before row {taken + 1}");
        }
        _rowsTaken[target.Name] = taken;
    }

    /// <summary>Nothing counts as settled that a target could still lose.</summary>
    private void CheckSettled()
    {
        if (_gateway is null) return;
        foreach (var lane in _gateway.Uplink.Lanes)
        {
            var target = _targets.First(t => t.Name == lane.Target);
            long settled = lane.Settled, from = _checkedTo.GetValueOrDefault((lane.Target, lane.Lane));
            if (lane.Lane == UplinkLedger.Telemetry)
                for (long line = from; line < settled; line++) CheckLine(target, _record.Lines[(int)line], line);
            else
                for (long row = Math.Max(1, from); row < settled; row++)
                    foreach (string line in _record.Rows[(int)row - 1]) CheckLine(target, line, -1);
            _checkedTo[(lane.Target, lane.Lane)] = Math.Max(from, settled);
        }
    }

    private void CheckLine(SimulatedTarget target, string line, long number) =>
        Must(target.Rejects(line) || target.HoldsForGood(line) || (number >= 0 && _record.InGap(number)), $"{target.Name}: line {number} is settled and could be lost: {line}");

    /// <summary>After a start: no cursor on disk has passed a refused line that is not in quarantine.</summary>
    private void CheckQuarantine()
    {
        foreach (var target in _targets)
        {
            long settled = _record.Cursor(target.Name, UplinkLedger.Telemetry, "settled"), from = _quarantineCheckedTo.GetValueOrDefault(target.Name);
            for (long line = from; line < settled; line++)
                Must(!target.Rejects(_record.Lines[(int)line]) || _record.InQuarantine(target.Name, _record.Lines[(int)line]) || _record.InGap(line), $"{target.Name}: line {line} was refused, is passed, and is not in quarantine");
            _quarantineCheckedTo[target.Name] = Math.Max(from, settled);
        }
    }

    private void NoteAcknowledgements()
    {
        Tally.AlarmsAcknowledged += _acknowledgements.Count(a => a.Done is { IsCompletedSuccessfully: true, Result: not null });
        foreach (var (alarm, done) in _acknowledgements)
            if (done is { IsCompletedSuccessfully: true, Result: not null })
                Must(_record.Number($"SELECT count(*) FROM journal WHERE kind = 'audit' AND json_extract(CAST(body AS TEXT), '$.target') = '{alarm}'") > 0, $"the acknowledgement of {alarm} was confirmed and is not in the journal");
        _acknowledgements.Clear();
    }

    private void CheckEnd()
    {
        _record.ReadAll();
        CheckQuarantine();
        byte[] journal = _record.CheckJournal();
        _record.CheckPresence();
        _record.CheckGaps();
        foreach (var target in _targets)
        {
            for (int line = 0; line < _record.Lines.Count; line++) CheckThere(target, _record.Lines[line], line);
            // What the stop itself wrote travels with the next start.
            foreach (string[] row in _record.Rows.Take((int)_record.Cursor(target.Name, UplinkLedger.LaneOne, "settled") - 1))
                foreach (string line in row) CheckThere(target, line, -1);
        }
        Tally.Lines = _record.Lines.Count;
        Tally.Rows = _record.Rows.Count;
        Tally.Gaps = _record.Gaps.Count;
        Tally.Requests = _network.Requests;
        Tally.Refusals = _disk.Refusals;
        Tally.Forgotten = _targets.Sum(t => t.Forgotten);
        Tally.Quarantined = _record.Number("SELECT count(*) FROM quarantine");
        Tally.VirtualSeconds = (_time.GetTimestamp() - TimeSpan.TicksPerDay) / TimeSpan.TicksPerSecond;
        Tally.DiskSteps = _disk.Steps;
        Digest = DigestOf(journal);
    }

    private void CheckThere(SimulatedTarget target, string line, long number)
    {
        if (target.HoldsForGood(line)) return;
        if (target.Rejects(line)) Must(_record.InQuarantine(target.Name, line) || (number >= 0 && _record.InGap(number)), $"{target.Name} refused line {number}, and it is not in quarantine: {line}");
        else Must(number >= 0 && _record.InGap(number), $"{target.Name} lacks line {number}, and no gap counts it: {line}");
    }

    private string DigestOf(byte[] journal)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(journal);
        foreach (var target in _targets)
            foreach (var (key, fields) in target.Durable.OrderBy(d => d.Key, StringComparer.Ordinal)) hash.AppendData(Encoding.UTF8.GetBytes(key + fields));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

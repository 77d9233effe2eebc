using System.Globalization;
using Gateway.Domain.Alarms;
using Gateway.Engine;
using Gateway.Domain.Presence;
using Gateway.Domain.Readings;
using Gateway.Ingest;
using Gateway.Store;

namespace Gateway.Tests.Simulation;

/// <summary>What happens to the site, one thing a step.</summary>
internal sealed partial class SimulatedLife
{
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
            case 0: _gateway!.Tell(LinkEventKind.Died, device: _talkers[0], cause: PresenceCause.Will); break;
            case 1: _gateway!.Tell(LinkEventKind.PortLost, text: "b1", cause: PresenceCause.Bus); break;
            default: _gateway!.Tell(LinkEventKind.PortOpened, text: "b1"); break;
        }
    }

    private void AcknowledgeAlarm()
    {
        if (_record.Alarms.Values.LastOrDefault(a => a.State is AlarmState.Unacked or AlarmState.ReturnedUnacked) is { } alarm)
            _acknowledgements.Add((alarm.Id, _gateway!.Stage.ActAsync(new AcknowledgeAlarm(alarm.Id, "li", null))));
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
}

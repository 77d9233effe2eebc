using System.Security.Cryptography;
using System.Text;
using Gateway.Domain.Alarms;
using Gateway.Uplink;
using static Gateway.Tests.Simulation.LifeRecord;

namespace Gateway.Tests.Simulation;

/// <summary>What must hold, all the time and at the end.</summary>
internal sealed partial class SimulatedLife
{
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
        Tally.AlarmsAcknowledged += _acknowledgements.Count(a => a.Done is { IsCompletedSuccessfully: true, Result: AlarmRefusal.None });
        foreach (var (alarm, done) in _acknowledgements)
            if (done is { IsCompletedSuccessfully: true, Result: AlarmRefusal.None })
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
            // The gateway's own figures hold the size of the WAL, which another thread copies when it is long.
            foreach (var (key, fields) in target.Durable.Where(d => !d.Key.StartsWith("gateway,", StringComparison.Ordinal)).OrderBy(d => d.Key, StringComparer.Ordinal)) hash.AppendData(Encoding.UTF8.GetBytes(key + fields));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

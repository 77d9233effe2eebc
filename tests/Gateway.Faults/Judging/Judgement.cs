using System.Globalization;
using System.Text.Json;
using Gateway.Faults.Load;
using Gateway.Faults.Rounds;
using Gateway.Faults.Sink;

namespace Gateway.Faults.Judging;

/// <summary>The reckoning after a round: what must not be, in words.</summary>
internal sealed class Judgement
{
    private const int ExamplesMax = 5;

    private readonly List<string> _exceptions = [];
    private readonly Site _site;
    private readonly StoreRecords _records;
    private readonly IReadOnlyList<Arrival> _arrivals;
    private readonly Dictionary<(string Device, long Seq), Sent> _sent;
    private readonly ILookup<(string Device, long Seq), Arrival> _telemetry;
    private readonly bool _stateDamaged;

    private Judgement(Site site, StoreRecords records, IReadOnlyList<Arrival> arrivals)
    {
        (_site, _arrivals) = (site, arrivals);
        _stateDamaged = site.Damaged.Any(d => d.File == "state.db");
        _records = _stateDamaged ? records.With(arrivals) : records;
        _sent = site.Devices.SelectMany(d => d.Sent).ToDictionary(s => (s.Device, s.Seq));
        _telemetry = arrivals.Where(a => a.Line.Measurement == "crane").ToLookup(a => (a.Line.Tag("device")!, a.Line.Seq));
    }

    /// <summary>Call when the gateway has stopped for good.</summary>
    public static async Task<(Tally Tally, IReadOnlyList<string> Exceptions)> PassAsync(Site site, RunningView running)
    {
        var judgement = new Judgement(site, await StoreRecords.ReadAsync(site.StoreFolder), site.Sink.Arrivals);
        var (inGaps, quarantined) = judgement.Missing();
        judgement.Contents();
        judgement.Keys();
        judgement.Order();
        judgement.GapCounts();
        judgement.GapsTold();
        long alarms = judgement.Alarms(running);
        judgement.Process();
        await judgement.ChainAsync();
        return (Tally.Of(site) with { InGaps = inGaps, Quarantined = quarantined, Alarms = alarms }, judgement._exceptions);
    }

    /// <summary>Every acknowledged message is in the sink, or in quarantine, or inside a gap record.</summary>
    private (long InGaps, long Quarantined) Missing()
    {
        var quarantine = _records.Quarantine.Where(l => l.Measurement == "crane" && l.Text.Split(' ').Length == 3 && long.TryParse(l.Field("seq")?.TrimEnd('i'), CultureInfo.InvariantCulture, out _)).Select(l => (l.Tag("device")!, l.Seq)).ToHashSet();
        long inGaps = 0, quarantined = 0;
        var lost = new List<Sent>();
        foreach (var device in _site.Devices)
            foreach (long seq in device.Acknowledged.Distinct())
            {
                var message = _sent[(device.Id, seq)];
                var there = _telemetry[(device.Id, seq)];
                if (there.Any(a => a.Kept)) continue;
                if (quarantine.Contains((device.Id, seq)) || (_stateDamaged && there.Any() && _site.Sink.Refuses?.Invoke(there.First().Line) == true)) quarantined++;
                else if (InGap(message)) inGaps++;
                else lost.Add(message);
            }
        Add(lost.Count, "acknowledged messages are neither in the sink nor in a gap record nor in quarantine", lost.Select(m => $"{m.Device} {m.Seq} of {m.AtMs}, reached the sink {_telemetry[(m.Device, m.Seq)].Count()} times, {WhereItWas(m)}").Append($"lost with damage, by line: {string.Join(", ", _records.Lost)}"));
        return (inGaps, quarantined);
    }

    private string WhereItWas(Sent message) => string.Join(", ", _site.Damaged.Select(d =>
        d.Lines.TryGetValue((message.Device, message.Seq), out var lines) ? $"line {string.Join(" and ", lines)} when {d.File} was damaged" : $"not there when {d.File} was damaged"));

    private bool InGap(Sent message) =>
        _records.Parts.Any(p => p.Device == message.Device && (_site.StartedWithWrongClock || p.Covers(message.AtMs)))
        // Where the journal was damaged after the telemetry, the gap row itself may be among what it declares as lost.
        || _site.Damaged.Any(d => d.Lines.TryGetValue((message.Device, message.Seq), out var lines) && (_stateDamaged || lines.TrueForAll(n => _records.Lost.Any(l => l.Covers(n)))));

    /// <summary>What arrived is what was said.</summary>
    private void Contents()
    {
        var wrong = _telemetry.Where(g => !_sent.TryGetValue(g.Key, out var sent) || g.Any(a => double.Parse(a.Line.Field("moment_pct")!, CultureInfo.InvariantCulture) != sent.Moment)).ToList();
        Add(wrong.Count, "messages arrived otherwise than they were said", wrong.Select(g => g.First().Line.Text));
    }

    /// <summary>A message has one key, and a key one message: what comes twice overwrites itself. Without a clock that can be believed on either side nobody can promise that.</summary>
    private void Keys()
    {
        if (_site.StartedWithWrongClock) return;
        var moved = _telemetry.Where(g => _sent.TryGetValue(g.Key, out var sent) && g.Any(a => a.Line.Time != $"{sent.AtMs}000000")).ToList();
        Add(moved.Count, "messages arrived under another time than their own", moved.Select(g => $"said {_sent[g.Key].AtMs}: {string.Join(" | ", g.Select(a => a.Line.Time).Distinct())}"));
    }

    /// <summary>Of what went by one lane first, each device's messages arrived in their order.</summary>
    private void Order()
    {
        var seen = new HashSet<(string, long)>();
        var last = new Dictionary<(string Device, string Lane), long>();
        var wrong = new List<string>();
        foreach (var line in _arrivals.Select(a => a.Line).Where(l => l.Measurement == "crane"))
        {
            var (device, seq) = (line.Tag("device")!, line.Seq);
            if (!seen.Add((device, seq))) continue;
            if (last.TryGetValue((device, line.Lane), out long before) && before > seq) wrong.Add($"{device} {seq} after {before} ({line.Lane})");
            last[(device, line.Lane)] = seq;
        }
        Add(wrong.Count, "messages arrived out of order", wrong);
    }

    /// <summary>A gap names as many lines of a device as that device had in it: messages sent once exactly once, others as often as they were sent at most.</summary>
    private void GapCounts()
    {
        if (_site.StartedWithWrongClock) return;
        foreach (var part in _records.Parts.Distinct())
        {
            var device = _site.Devices.Single(d => d.Id == part.Device);
            var again = device.SentAgain.GroupBy(seq => seq).ToDictionary(g => g.Key, g => g.Count());
            var within = device.Sent.Where(s => part.Covers(s.AtMs)).ToList();
            // What went with a damaged file stands in a gap of its own.
            int least = within.Count(s => !again.ContainsKey(s.Seq) && !WasInDamage(s)), most = within.Sum(s => 1 + again.GetValueOrDefault(s.Seq));
            Add(part.Lines < least || part.Lines > most ? 1 : 0, $"gap of {part.Device} from {part.FirstMs} to {part.LastMs} says {part.Lines} lines, {least} to {most} were said then", []);
        }
    }

    private bool WasInDamage(Sent message) => _site.Damaged.Any(d => d.Lines.ContainsKey((message.Device, message.Seq)));

    /// <summary>Every gap went up lane one.</summary>
    private void GapsTold()
    {
        var told = _arrivals.Where(a => a.Kept && a.Line.Measurement == "gap" && a.Line.Tag("device") is null).Select(a => (StoreRecords.Long(a.Line, "first_line"), StoreRecords.Long(a.Line, "lines"))).ToHashSet();
        var untold = _records.GapLines.Where(g => !told.Contains(g)).ToList();
        Add(untold.Count, "gaps stand in the journal and not in the sink", untold.Select(g => $"{g.Lines} lines from {g.First}"));
    }

    /// <returns>How many there had to be.</returns>
    private long Alarms(RunningView running)
    {
        var due = _site.Devices.SelectMany(d => d.Acknowledged.Select(seq => _sent[(d.Id, seq)])).Where(m => m.IsAlarm).Select(m => m.Device).Distinct().ToList();
        var sink = _arrivals.Where(a => a.Kept && a.Line.Measurement == "alarm" && a.Line.Tag("rule") == RunningView.Rule && a.Line.Tag("state") == "unacked").Select(a => a.Line.Tag("device")!).ToHashSet();
        // Where rows of the journal are declared lost, an alarm may be among them.
        bool excused = _stateDamaged && _records.JournalRowsLost > 0;
        var (notHere, notThere) = (due.Where(d => !running.Overloaded.Contains(d)).ToList(), due.Where(d => !sink.Contains(d)).ToList());
        if (excused) notHere = notThere = [];
        Add(notHere.Count, "alarms are not in the API", notHere);
        Add(notThere.Count, "alarms are not in the sink", notThere);
        return due.Count;
    }

    private void Process()
    {
        if (!_site.DiskRefused) Add(_site.EndedByItself.Count, "times the gateway ended by itself", _site.EndedByItself);
        Add(_site.BadStops.Count, "orderly stops ended badly", _site.BadStops);
    }

    /// <summary>The chain is whole, also against every checkpoint that ever left; where the journal's own file was damaged, it declares what is missing.</summary>
    private async Task ChainAsync()
    {
        string outside = _site.Gateway["checkpoints.lp"];
        var checkpoints = _arrivals.Select(a => a.Line).Where(l => l.Measurement == "checkpoint").Select(l => l.Text).Distinct().ToList();
        await File.WriteAllLinesAsync(outside, checkpoints);
        var (code, output, errors) = await _site.Gateway.RunToEndAsync(["verify", "--json", .. checkpoints.Count > 0 ? (string[])["--against", outside] : []]);
        if (code == 0) return;
        string verdict = output.Length == 0 ? "" : JsonDocument.Parse(output).RootElement.GetProperty("verdict").GetString()!;
        Add(_stateDamaged && verdict == "declared" ? 0 : 1, $"gateway verify ended with code {code}", [output + errors]);
    }

    private void Add(int count, string what, IEnumerable<string> examples)
    {
        if (count > 0) _exceptions.Add(string.Join("\n    ", [$"{count} {what}", .. examples.Take(ExamplesMax), .. examples.Skip(ExamplesMax).TakeLast(1)]));
    }
}

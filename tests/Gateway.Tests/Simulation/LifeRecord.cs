using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Domain.Alarms;
using Gateway.Domain.Evidence;
using Gateway.Engine;
using Gateway.Engine.Views;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.Tests.Simulation;

/// <summary>Something that must never happen.</summary>
internal sealed class Broken(string what) : Exception(what);

/// <summary>
/// What an outsider with a notebook knows of a life: every line and row that was ever committed, what was published, what targets hold. It reads the files over connections of its own.
/// </summary>
internal sealed class LifeRecord : IDisposable
{
    private readonly SqliteDatabase _telemetry;
    private readonly SqliteDatabase _state;
    private readonly SqliteStatement _segments;
    private readonly SqliteStatement _rows;
    private readonly SqliteStatement _steps;
    private readonly Dictionary<string, (string Fields, int Line, int Life)> _fieldsOfKey = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (string Key, int Line, int Life)> _keyOfToken = [];
    private readonly Dictionary<long, byte[]> _published = [];
    private readonly List<(long From, long To)> _gaps = [];
    private int _life;
    private long _lastPublished;
    private long _gapsReadTo;
    private long _alarmsReadTo;

    public LifeRecord(StoreOptions store)
    {
        (_telemetry, _state) = (SqliteDatabase.OpenReader(store.TelemetryPath), SqliteDatabase.OpenReader(store.StatePath));
        _segments = _telemetry.Prepare("SELECT first_line, lines, body FROM segment WHERE first_line >= ? ORDER BY first_line");
        _rows = _state.Prepare("SELECT seq, body FROM lane_one WHERE seq >= ? ORDER BY seq");
        _steps = _state.Prepare("SELECT seq, body FROM journal WHERE kind = 'alarm' AND seq > ? ORDER BY seq");
    }

    /// <summary>Every line of telemetry ever committed, by its number.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>Every row of lane one, by its number less one: its lines.</summary>
    public List<string[]> Rows { get; } = [];

    public HashSet<string> Committed { get; } = new(StringComparer.Ordinal);

    /// <summary>Row of lane one that first held a line.</summary>
    public Dictionary<string, int> RowOfLine { get; } = new(StringComparer.Ordinal);

    public Dictionary<long, Message> Messages { get; } = [];

    /// <summary>Newest known step of every alarm.</summary>
    public Dictionary<string, AlarmView> Alarms { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<(long From, long To)> Gaps => _gaps;

    /// <summary>Reads what was committed since.</summary>
    public void ReadLines()
    {
        _segments.Bind(1, Lines.Count);
        while (_segments.Step())
        {
            Must(_segments.Long(0) == Lines.Count, $"segment begins at {_segments.Long(0)}, {Lines.Count} lines were committed");
            int before = Lines.Count;
            foreach (string line in Encoding.UTF8.GetString(_segments.Blob(2)).Split('\n', StringSplitOptions.RemoveEmptyEntries)) Note(line);
            Must(Lines.Count - before == _segments.Long(1), $"segment {before} says {_segments.Long(1)} lines and holds {Lines.Count - before}");
        }
        _segments.Reset();
    }

    public void ReadRows()
    {
        _rows.Bind(1, Rows.Count + 1);
        while (_rows.Step())
        {
            Must(_rows.Long(0) == Rows.Count + 1, $"row {_rows.Long(0)} of lane one follows {Rows.Count}");
            string[] lines = Encoding.UTF8.GetString(_rows.Blob(1)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (string line in lines)
            {
                NoteKey(line, int.MaxValue);
                RowOfLine.TryAdd(line, Rows.Count);
            }
            Rows.Add(lines);
        }
        _rows.Reset();
    }

    /// <summary>After a start: what was committed without anybody having been told.</summary>
    public void ReadAll()
    {
        _life++;
        ReadLines();
        ReadRows();
        ReadAlarms();
    }

    public void Published(PublishedTransition transition)
    {
        Must(transition.Seq > _lastPublished, $"{transition.Kind} {transition.Seq} was published after {_lastPublished}");
        _lastPublished = transition.Seq;
        _published[transition.Seq] = transition.Body;
        if (transition.Kind == "alarm") ReadAlarms();
    }

    /// <summary>What must be true the moment a device is told that its message is safe.</summary>
    public void Acknowledged(long token)
    {
        var message = Messages[token];
        message.Acknowledged = true;
        Must(_keyOfToken.ContainsKey(token), $"message {token} was acknowledged and is not on disk");
        Must(!message.Alarming || Alarms.Values.Any(a => a.Rule == "crane-moment-alarm" && a.Subject.Id == message.Device), $"message {token} of {message.Device} was acknowledged and its alarm is not on disk: {message.Json}");
    }

    /// <summary>A line left us.</summary>
    public void Taken(SimulatedTarget target, string line) => Must(Committed.Contains(line), $"{target.Name} was sent what is not on disk: {line}");

    public bool InGap(long line)
    {
        if (_gaps.Any(g => g.From <= line && line < g.To)) return true;
        ReadGaps();
        return _gaps.Any(g => g.From <= line && line < g.To);
    }

    public bool InQuarantine(string target, string line)
    {
        using var read = _state.Prepare("SELECT 1 FROM quarantine WHERE target = ? AND CAST(line AS TEXT) = ?").Bind(1, target).Bind(2, line + "\n");
        return read.Step();
    }

    public long Number(string sql)
    {
        using var read = _state.Prepare(sql);
        return read.Step() ? read.Long(0) : 0;
    }

    public long Cursor(string target, string lane, string column) => Number($"SELECT {column} FROM cursor WHERE target = '{target}' AND lane = '{lane}'");

    public string? Text(string sql)
    {
        using var read = _state.Prepare(sql);
        return read.Step() ? read.TextOrNull(0) : null;
    }

    public long TelemetryNumber(string sql) => _telemetry.ReadLong(sql);

    /// <summary>Walks the whole journal: chain, alarms by their table, what was published, no word of damage.</summary>
    /// <returns>Hash of the newest row.</returns>
    public byte[] CheckJournal()
    {
        byte[] hash = new byte[EvidenceChain.HashBytes];
        long seq = 0, gapLines = 0;
        var states = new Dictionary<string, AlarmState>(StringComparer.Ordinal);
        var open = new Dictionary<(string, string), string>();
        using var read = _state.Prepare("SELECT seq, at_ms, kind, body, hash FROM journal ORDER BY seq");
        while (read.Step())
        {
            Must(read.Long(0) == ++seq, $"journal row {read.Long(0)} follows {seq - 1}");
            string kind = read.Text(2);
            hash = EvidenceChain.Next(hash, seq, read.Long(1), kind, read.Blob(3));
            Must(read.Blob(4).SequenceEqual(hash), $"journal row {seq} does not fit");
            Must(kind != "damage", $"nothing is damaged, but row {seq} says so: {Encoding.UTF8.GetString(read.Blob(3))}");
            if (_published.Remove(seq, out byte[]? said)) Must(read.Blob(3).SequenceEqual(said), $"row {seq} was published with other words");
            if (kind == "gap") gapLines += JsonSerializer.Deserialize(read.Blob(3), ViewJson.Default.GapRow)!.Lines;
            if (kind == "alarm") CheckStep(JsonSerializer.Deserialize(read.Blob(3), ViewJson.Default.AlarmView)!, states, open);
        }
        Must(_published.Count == 0, $"published, and not in the journal: {string.Join(", ", _published.Keys)}");
        foreach (var (id, state) in states)
        {
            string held = Text($"SELECT json_extract(CAST(body AS TEXT), '$.state') FROM alarm WHERE id = '{id}'") ?? "nothing";
            Must(string.Equals(held, state.ToString(), StringComparison.OrdinalIgnoreCase), $"alarm {id} is {state} in the journal and {held} in its table");
        }
        long dropped = TelemetryNumber("SELECT coalesce(max(value), 0) FROM meta WHERE key = 'dropped_lines'");
        Must(gapLines >= dropped, $"{dropped} lines were given up, the gaps count {gapLines}");
        return hash;
    }

    public void CheckPresence()
    {
        var ends = new Dictionary<string, long>(StringComparer.Ordinal);
        using (var read = _state.Prepare("SELECT device, from_ms, to_ms FROM presence_interval ORDER BY seq"))
            while (read.Step())
            {
                string device = read.Text(0);
                if (ends.TryGetValue(device, out long end)) Must(read.Long(1) == end, $"{device}: an interval from {read.Long(1)} follows one to {end}");
                Must(read.Long(2) >= read.Long(1), $"{device}: an interval ends before it begins");
                ends[device] = read.Long(2);
            }
        using var now = _state.Prepare("SELECT device, interval_from_ms FROM presence");
        while (now.Step())
            if (ends.TryGetValue(now.Text(0), out long end)) Must(now.Long(1) == end, $"{now.Text(0)}: the open interval begins at {now.Long(1)}, the last one ends at {end}");
    }

    /// <summary>Every gap counts its lines and their devices exactly.</summary>
    public void CheckGaps()
    {
        ReadGaps();
        for (int i = 1; i < _gaps.Count; i++) Must(_gaps[i].From >= _gaps[i - 1].To, $"two gaps count line {_gaps[i].From}");
    }

    public void Dispose()
    {
        _telemetry.Dispose();
        _state.Dispose();
    }

    public static void Must(bool kept, string else_)
    {
        if (!kept) throw new Broken(else_);
    }

    private static void CheckStep(AlarmView alarm, Dictionary<string, AlarmState> states, Dictionary<(string, string), string> open)
    {
        var before = states.GetValueOrDefault(alarm.Id);
        bool same = before == alarm.State && (alarm.Chattering || alarm.ShelvingAsked is not null);
        Must(same || Enum.GetValues<AlarmEvent>().Any(e => AlarmTable.Next(before, e) == (AlarmEffect.Step, alarm.State)), $"{alarm.Rule} of {alarm.Subject.Id} ({alarm.Id}) went from {before} to {alarm.State}");
        states[alarm.Id] = alarm.State;
        var place = (alarm.Subject.Id, alarm.Rule);
        if (alarm.State == AlarmState.Normal) open.Remove(place);
        else if (!open.TryAdd(place, alarm.Id)) Must(open[place] == alarm.Id, $"two open alarms {alarm.Rule} of {alarm.Subject.Id}");
    }

    private void Note(string line)
    {
        NoteKey(line, Lines.Count);
        Lines.Add(line);
        int at = line.IndexOf("seq=", StringComparison.Ordinal) + 4;
        if (at < 4) return;
        int end = line.AsSpan(at).IndexOfAnyExceptInRange('0', '9');
        long token = long.Parse(line.AsSpan(at, end), CultureInfo.InvariantCulture);
        string key = SimulatedTarget.Split(line).Key;
        // Where the device's time was not believed at first, nothing tells a repeat from another reading.
        if (!_keyOfToken.TryAdd(token, (key, Lines.Count - 1, _life)) && _keyOfToken[token] is var first && MsOf(first.Key) == Messages[token].MeasuredAtMs)
            Must(first.Key == key || IsForgotten(first.Line, first.Life), $"message {token} stands under two keys: {first.Key} and {key}");
    }

    /// <summary>After a start a series' clock remembers what its lines in the store tell it; when they are gone, a second reading of a millisecond, or a repeat, is one of its own.</summary>
    private bool IsForgotten(int line, int life) => life < _life && line < _telemetry.ReadLong("SELECT min(first_line) FROM segment");

    private static long MsOf(string key) => long.Parse(key.AsSpan(key.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture) / 1_000_000;

    private void NoteKey(string line, int number)
    {
        Committed.Add(line);
        var (key, fields) = SimulatedTarget.Split(line);
        if (!_fieldsOfKey.TryAdd(key, (fields, number, _life)) && _fieldsOfKey[key] is var first)
            Must(first.Fields == fields || IsForgotten(first.Line, first.Life), $"two things under one key {key}: {first.Fields} and {fields}");
    }

    private void ReadAlarms()
    {
        _steps.Bind(1, _alarmsReadTo);
        while (_steps.Step())
        {
            _alarmsReadTo = _steps.Long(0);
            var alarm = JsonSerializer.Deserialize(_steps.Blob(1), ViewJson.Default.AlarmView)!;
            Alarms[alarm.Id] = alarm;
        }
        _steps.Reset();
    }

    private void ReadGaps()
    {
        using var read = _state.Prepare("SELECT seq, body FROM journal WHERE kind = 'gap' AND seq > ? ORDER BY seq").Bind(1, _gapsReadTo);
        while (read.Step())
        {
            _gapsReadTo = read.Long(0);
            var gap = JsonSerializer.Deserialize(read.Blob(1), ViewJson.Default.GapRow)!;
            _gaps.Add((gap.FirstLine, gap.FirstLine + gap.Lines));
            foreach (var part in gap.Devices ?? [])
            {
                int lines = Lines.Skip((int)gap.FirstLine).Take((int)gap.Lines).Count(l => l.Contains($"device={part.Device}", StringComparison.Ordinal));
                Must(lines == part.Lines, $"the gap at {gap.FirstLine} counts {part.Lines} lines of {part.Device}, there were {lines}");
            }
        }
    }
}

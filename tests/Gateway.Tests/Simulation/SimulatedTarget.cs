using System.Globalization;
using System.Net;
using Gateway.Uplink;

namespace Gateway.Tests.Simulation;

internal enum TargetMood { Well, Slow, Busy, Failing, Refusing, Hanging, LosingAnswers, KeepingHalf, Full, Small, Locked }

/// <summary>A store that answers for lines before they are on its disk, as real ones do: what it took within its flush time before a restart may be gone.</summary>
internal sealed class SimulatedTarget(string name, string kind, bool startReadable, int rejectsOneIn, double flushMs, SimulatedTime time, Random random)
{
    private readonly List<(long AtMs, string Key, string Fields)> _fresh = [];
    private readonly Dictionary<string, string> _durable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _everHeld = new(StringComparer.Ordinal);
    private long _startedSeconds = 1_700_000_000;
    private long _upFromMs;

    public string Name => name;

    public string Kind => kind;

    public bool StartReadable => startReadable;

    public TargetMood Mood { get; set; }

    public bool Up => time.NowMs >= _upFromMs;

    /// <summary>Which life of it this is.</summary>
    public long Started => _startedSeconds;

    public long Restarts { get; private set; }

    public long Forgotten { get; private set; }

    public IReadOnlyDictionary<string, string> Durable
    {
        get
        {
            Flush(time.NowMs - (long)flushMs);
            return _durable;
        }
    }

    /// <summary>It is refused for good, always.</summary>
    public bool Rejects(string line)
    {
        if (rejectsOneIn == 0) return false;
        uint hash = 2166136261;
        foreach (char c in line) hash = (hash ^ c) * 16777619;
        return hash / 7 % rejectsOneIn == 0;
    }

    /// <summary>It was there at some time, whatever a restart forgot.</summary>
    public bool EverHeld(string line) => _everHeld.Contains(line);

    /// <summary>It answers for it, and a restart can no longer lose it.</summary>
    public bool HoldsForGood(string line)
    {
        var (key, fields) = Split(line);
        return Durable.TryGetValue(key, out string? held) && held == fields;
    }

    public static (string Key, string Fields) Split(string line)
    {
        int first = line.IndexOf(' ', StringComparison.Ordinal), last = line.LastIndexOf(' ');
        return (string.Concat(line.AsSpan(0, first), line.AsSpan(last)), line[(first + 1)..last]);
    }

    /// <summary>Its process ends and comes up again after that time.</summary>
    public void Restart(double downMs)
    {
        Flush(time.NowMs - (long)flushMs);
        // The writer of its disk had come so far.
        int kept = startReadable ? random.Next(_fresh.Count + 1) : _fresh.Count;
        foreach (var (_, key, fields) in _fresh.Take(kept)) _durable[key] = fields;
        Forgotten += _fresh.Count - kept;
        _fresh.Clear();
        Restarts++;
        _startedSeconds += 1 + random.Next(1000);
        _upFromMs = time.NowMs + (long)downMs;
    }

    /// <summary>Takes lines in; what it rejects is left out.</summary>
    public void Take(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            if (Rejects(line)) continue;
            var (key, fields) = Split(line);
            _fresh.Add((time.NowMs, key, fields));
            _everHeld.Add(line);
        }
    }

    /// <summary>What it says of lines it has looked at.</summary>
    public (HttpStatusCode Status, string Body) Judge(IReadOnlyList<string> lines)
    {
        var bad = lines.Select((line, i) => (Line: line, Number: i + 1)).Where(l => Rejects(l.Line)).ToList();
        if (bad.Count == 0) return (HttpStatusCode.NoContent, "");
        return kind switch
        {
            TargetKind.InfluxV1 => (HttpStatusCode.BadRequest, $"{{\"error\":\"partial write: field type conflict: x dropped={bad.Count}\"}}"),
            TargetKind.InfluxV3 => (HttpStatusCode.BadRequest, "{\"error\":\"partial write of line protocol occurred\",\"data\":[" +
                string.Join(',', bad.Select(b => $"{{\"line_number\":{b.Number},\"error_message\":\"invalid column type for column 'x'\"}}")) + "]}"),
            _ => (HttpStatusCode.BadRequest, "{\"code\":\"invalid\",\"message\":\"unable to parse a line\"}"),
        };
    }

    /// <summary>What its page of figures says.</summary>
    public string Figures() => kind == TargetKind.InfluxV1
        ? $"{{\"system\": {{\"started\": \"{DateTimeOffset.FromUnixTimeSeconds(_startedSeconds).ToString("O", CultureInfo.InvariantCulture)}\"}}}}"
        : $"process_start_time_seconds {_startedSeconds}\n";

    private void Flush(long beforeMs)
    {
        int ripe = 0;
        while (ripe < _fresh.Count && _fresh[ripe].AtMs <= beforeMs)
        {
            _durable[_fresh[ripe].Key] = _fresh[ripe].Fields;
            ripe++;
        }
        _fresh.RemoveRange(0, ripe);
    }
}

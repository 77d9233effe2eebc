using Gateway.Uplink.Audit;

namespace Gateway.Uplink.Progress;

/// <summary>Which way lines went to the target.</summary>
public enum SendWay : byte
{
    /// <summary>From the tail, as they come.</summary>
    Live,
    /// <summary>What an outage or a restart of the target left behind.</summary>
    Backlog,
    /// <summary>Once more, because the target holds fewer points than it had answered for; not counted again.</summary>
    Again,
}

/// <summary>
/// How far one target has come in one lane: <i>sent</i> (answered), <i>held</i> (answered, but the target may still lose it), <i>settled</i>. Pure but for its lock: time and
/// what was seen of the target come in. An answer counts for something only when the target lives on through the hold time after it; else its lines go again.
/// </summary>
/// <param name="rewinds">True where the lane is one sequence (alarms): what was lost is sent from there on again. Else what was lost becomes backlog and live goes on.</param>
public sealed class LaneProgress(string target, string lane, bool rewinds)
{
    /// <summary>Answers this close together are held as one.</summary>
    private const long HeldStepMs = 500;

    private readonly Lock _gate = new();
    private readonly LineRanges _backlog = new();
    private readonly LineRanges _again = new();
    private readonly List<Held> _held = [];
    private readonly List<RefusedLine> _refused = [];
    private readonly List<ReplayedLine> _replayed = [];
    private readonly List<PointCounts> _counted = [];
    private long _next;
    private TargetStart? _started;
    private bool _changed;

    public string Target => target;

    public string Lane => lane;

    /// <summary>First line that was not offered live yet.</summary>
    public long Next
    {
        get
        {
            lock (_gate) return _next;
        }
    }

    /// <summary>First line that may have to be sent yet or again: the store must keep from here on.</summary>
    public long Settled
    {
        get
        {
            lock (_gate) return Frontier();
        }
    }

    /// <summary>Lines behind <see cref="Next"/> that wait to be sent, again or for the first time.</summary>
    public long BacklogLines
    {
        get
        {
            lock (_gate) return _backlog.Lines + _again.Lines;
        }
    }

    /// <summary>Lines answered and not yet settled.</summary>
    public long HeldLines
    {
        get
        {
            lock (_gate) return _held.Sum(h => h.Range.Lines);
        }
    }

    /// <summary>Lines set aside since the process began.</summary>
    public long Quarantined { get; private set; }

    /// <summary>Takes up what was on disk. What was answered but not settled is held anew: the first look at the target tells whether it still has it.</summary>
    /// <param name="first">Oldest line there is.</param>
    /// <param name="end">First line there is not yet.</param>
    public void Restore(LaneMemory memory, long first, long end, long nowMs)
    {
        lock (_gate)
        {
            _backlog.Clear();
            _again.Clear();
            _held.Clear();
            _next = Math.Clamp(memory.Next, first, Math.Max(first, end));
            _started = memory.Started;
            foreach (var (range, again) in memory.Backlog) (again ? _again : _backlog).Add(new LineRange(Math.Max(range.From, first), Math.Min(range.To, _next)));
            var answered = new LineRanges();
            answered.Add(new LineRange(Math.Max(memory.Settled, first), _next));
            foreach (var range in _backlog.All) answered.Remove(range);
            foreach (var range in _again.All) answered.Remove(range);
            foreach (var range in answered.All) _held.Add(new Held(range, nowMs, memory.Started, SendWay.Backlog, null));
            _changed = true;
        }
    }

    /// <summary>The next <see cref="TakeChanges"/> says everything.</summary>
    public void Touch()
    {
        lock (_gate) _changed = true;
    }

    /// <summary>Counts what <see cref="Restore"/> took up as held: its counts went with the process that had sent it. Call before anything is sent.</summary>
    public void CountHeld(Func<LineRange, PointCounts> count)
    {
        lock (_gate)
            for (int i = 0; i < _held.Count; i++) _held[i] = _held[i] with { Counts = count(_held[i].Range) };
    }

    /// <summary>The oldest range that waits; what was never answered goes before repeats.</summary>
    public (LineRange Range, SendWay Way)? Waiting()
    {
        lock (_gate) return _backlog.Any ? (_backlog.First, SendWay.Backlog) : _again.Any ? (_again.First, SendWay.Again) : null;
    }

    /// <summary>Leaves what lies before <paramref name="tail"/> to the backlog: live goes on from there.</summary>
    public long LeaveBehind(long tail)
    {
        lock (_gate)
        {
            long left = Math.Max(0, tail - _next);
            _backlog.Add(new LineRange(_next, tail));
            _next = Math.Max(_next, tail);
            _changed = true;
            return left;
        }
    }

    public void SendAgain(LineRange range)
    {
        lock (_gate)
        {
            _again.Add(range with { To = Math.Min(range.To, _next) });
            _changed = true;
        }
    }

    /// <summary>Every line of the range was answered for, or set aside.</summary>
    /// <param name="before">What the target's start was when the request began.</param>
    /// <param name="counts">Points in it; null when they must not be counted.</param>
    /// <param name="refused">Lines set aside for good: they are written down with the cursor that passes them.</param>
    public void Answered(LineRange range, SendWay way, TargetStart? before, long atMs, PointCounts? counts, IReadOnlyList<RefusedLine> refused)
    {
        lock (_gate)
        {
            if (way == SendWay.Live)
            {
                // Rewound while this was under way: it goes again.
                if (range.From != _next) return;
                _next = range.To;
            }
            else
            {
                _backlog.Remove(range);
                _again.Remove(range);
            }
            Hold(new Held(range, atMs, before, way, counts));
            _refused.AddRange(refused);
            Quarantined += refused.Count;
            _changed = true;
        }
    }

    /// <summary>What became of a line that was sent once more out of quarantine.</summary>
    public void Replayed(ReplayedLine line)
    {
        lock (_gate)
        {
            _replayed.Add(line);
            _changed = true;
        }
    }

    /// <summary>The target was seen alive with this start, by a question asked at <paramref name="askedMs"/>.</summary>
    /// <returns>Lines that have to go again because it has restarted since it answered for them.</returns>
    public long Seen(TargetStart start, long askedMs, long holdMs)
    {
        lock (_gate)
        {
            var lost = _held.Where(h => h.Before is not { } before || !before.Same(start)).ToList();
            _held.RemoveAll(lost.Contains);
            long lines = lost.Sum(h => h.Range.Lines);
            if (lost.Count > 0 && rewinds)
            {
                _next = Math.Min(_next, lost.Min(h => h.Range.From));
                _held.RemoveAll(h => h.Range.To > _next);
            }
            else
                foreach (var held in lost) (held.Way == SendWay.Again ? _again : _backlog).Add(held.Range);
            _changed |= lost.Count > 0 || _started != start;
            _started = start;
            SettleUntil(askedMs - holdMs);
            return lines;
        }
    }

    /// <summary>The target's start cannot be read: the hold time is all there is.</summary>
    public void SettleByTime(long nowMs, long holdMs)
    {
        lock (_gate)
        {
            _started = null;
            SettleUntil(nowMs - holdMs);
        }
    }

    /// <summary>What is to be written down, or null when nothing changed; the caller keeps it until it is on disk.</summary>
    public LaneChanges? TakeChanges()
    {
        lock (_gate)
        {
            if (!_changed) return null;
            _changed = false;
            var changes = new LaneChanges(target, lane, Memory(), [.. _refused], [.. _replayed], [.. _counted]);
            _refused.Clear();
            _replayed.Clear();
            _counted.Clear();
            return changes;
        }
    }

    /// <summary>What was answered for by another life of the target than the one last seen is written down as to be sent: who restores it could not tell the two apart.</summary>
    private LaneMemory Memory()
    {
        var doubtful = _started is { } now ? _held.Where(h => h.Before is not { } before || !before.Same(now)).ToList() : [];
        if (rewinds) return new LaneMemory(doubtful.Aggregate(_next, (next, h) => Math.Min(next, h.Range.From)), Frontier(), _started, []);
        return new LaneMemory(_next, Frontier(), _started, [.. _backlog.All.Select(r => (r, false)), .. _again.All.Select(r => (r, true)), .. doubtful.Select(h => (h.Range, h.Way == SendWay.Again))]);
    }

    private long Frontier()
    {
        long frontier = _next;
        if (_backlog.Any) frontier = Math.Min(frontier, _backlog.First.From);
        if (_again.Any) frontier = Math.Min(frontier, _again.First.From);
        foreach (var held in _held) frontier = Math.Min(frontier, held.Range.From);
        return frontier;
    }

    private void Hold(Held added)
    {
        if (_held.Count > 0 && _held[^1] is var last && last.Way == added.Way && last.Range.To == added.Range.From && last.Before == added.Before && added.AtMs - last.FirstMs < HeldStepMs)
            _held[^1] = last with { Range = new LineRange(last.Range.From, added.Range.To), AtMs = added.AtMs, Counts = PointCounts.Together(last.Counts, added.Counts) };
        else _held.Add(added);
    }

    private void SettleUntil(long answeredMs)
    {
        int before = _held.Count;
        foreach (var held in _held)
            if (held.AtMs <= answeredMs && held.Counts is { } counts) _counted.Add(counts);
        _held.RemoveAll(h => h.AtMs <= answeredMs);
        _changed |= _held.Count != before;
    }

    /// <param name="AtMs">The youngest answer in it.</param>
    private sealed record Held(LineRange Range, long AtMs, TargetStart? Before, SendWay Way, PointCounts? Counts)
    {
        public long FirstMs { get; } = AtMs;
    }
}

/// <summary>What of a lane outlives the process.</summary>
/// <param name="Settled">First line not settled; between it and <paramref name="Next"/> lie backlog and held lines.</param>
/// <param name="Started">The target's start when it was last sure.</param>
public sealed record LaneMemory(long Next, long Settled, TargetStart? Started, IReadOnlyList<(LineRange Range, bool Again)> Backlog)
{
    public static LaneMemory Empty { get; } = new(0, 0, null, []);
}

/// <summary>What changed in a lane since it was last written down; refused lines and counts go with the cursor that passes them.</summary>
public sealed record LaneChanges(string Target, string Lane, LaneMemory Memory, IReadOnlyList<RefusedLine> Refused, IReadOnlyList<ReplayedLine> Replayed, IReadOnlyList<PointCounts> Counted);

public sealed record RefusedLine(string Target, string Lane, long AtMs, byte[] Line, string Words);

/// <param name="Words">Null: the target took it; else why it is refused once more.</param>
public sealed record ReplayedLine(long Id, long AtMs, string? Words);

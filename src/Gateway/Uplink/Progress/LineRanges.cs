namespace Gateway.Uplink.Progress;

/// <summary>Lines from <paramref name="From"/> up to, not including, <paramref name="To"/>.</summary>
public readonly record struct LineRange(long From, long To)
{
    public long Lines => To - From;
}

/// <summary>
/// A set of lines as disjoint ranges, oldest first. Bounded: beyond <see cref="RangesMax"/> the two nearest neighbours become one, and the lines between them, which were
/// not in the set, come in too; for lines to be sent that is a repeat and never a loss.
/// </summary>
public sealed class LineRanges
{
    public const int RangesMax = 64;

    private readonly List<LineRange> _ranges = [];

    public IReadOnlyList<LineRange> All => _ranges;

    public bool Any => _ranges.Count > 0;

    public LineRange First => _ranges[0];

    public long Lines => _ranges.Sum(r => r.Lines);

    public void Add(LineRange added)
    {
        if (added.Lines <= 0) return;
        int at = _ranges.FindIndex(r => r.To >= added.From);
        if (at < 0) at = _ranges.Count;
        while (at < _ranges.Count && _ranges[at].From <= added.To)
        {
            added = new LineRange(Math.Min(added.From, _ranges[at].From), Math.Max(added.To, _ranges[at].To));
            _ranges.RemoveAt(at);
        }
        _ranges.Insert(at, added);
        if (_ranges.Count > RangesMax) MergeNearest();
    }

    public void Remove(LineRange gone)
    {
        if (gone.Lines <= 0) return;
        for (int i = _ranges.Count - 1; i >= 0; i--)
        {
            var range = _ranges[i];
            if (range.To <= gone.From || range.From >= gone.To) continue;
            _ranges.RemoveAt(i);
            if (range.To > gone.To) _ranges.Insert(i, new LineRange(gone.To, range.To));
            if (range.From < gone.From) _ranges.Insert(i, new LineRange(range.From, gone.From));
        }
    }

    public void Clear() => _ranges.Clear();

    private void MergeNearest()
    {
        int nearest = 0;
        for (int i = 1; i < _ranges.Count - 1; i++)
            if (Gap(i) < Gap(nearest)) nearest = i;
        _ranges[nearest] = new LineRange(_ranges[nearest].From, _ranges[nearest + 1].To);
        _ranges.RemoveAt(nearest + 1);
    }

    private long Gap(int i) => _ranges[i + 1].From - _ranges[i].To;
}

namespace Gateway.Domain.Presence;

/// <summary>When a device is proven to have measured, by what it told later: spans merged where they touch, in order, at most <see cref="Max"/>.</summary>
public sealed class MeasuredSpans
{
    public const int Max = 64;

    private readonly List<(long FromMs, long ToMs)> _spans = [];

    public int Count => _spans.Count;

    /// <summary>Adds a span; half open, ms.</summary>
    /// <returns>False when it is empty, or touches none of <see cref="Max"/> others: take those first.</returns>
    public bool Add(long fromMs, long toMs)
    {
        if (toMs <= fromMs) return false;
        int first = _spans.Count;
        while (first > 0 && _spans[first - 1].ToMs >= fromMs) first--;
        int behind = first;
        while (behind < _spans.Count && _spans[behind].FromMs <= toMs) behind++;
        if (behind == first)
        {
            if (_spans.Count >= Max) return false;
            _spans.Insert(first, (fromMs, toMs));
            return true;
        }
        _spans[first] = (Math.Min(fromMs, _spans[first].FromMs), Math.Max(toMs, _spans[behind - 1].ToMs));
        _spans.RemoveRange(first + 1, behind - first - 1);
        return true;
    }

    /// <summary>Hands out what lies before a moment and keeps the rest.</summary>
    public IReadOnlyList<(long FromMs, long ToMs)> TakeBefore(long atMs)
    {
        var taken = _spans.Where(s => s.FromMs < atMs).Select(s => (s.FromMs, Math.Min(s.ToMs, atMs))).ToList();
        _spans.RemoveAll(s => s.ToMs <= atMs);
        if (_spans.Count > 0 && _spans[0].FromMs < atMs) _spans[0] = (atMs, _spans[0].ToMs);
        return taken;
    }
}

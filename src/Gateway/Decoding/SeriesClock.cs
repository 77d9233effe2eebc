namespace Gateway.Decoding;

/// <summary>
/// Tells readings of one series in one millisecond apart by adding microseconds in order of receipt, and gives a message that comes twice (a
/// redelivery after a crash) the very time it had, so that it overwrites itself instead of standing in the store under a second key.
/// </summary>
public sealed class SeriesClock
{
    private const int RememberedMin = 32;

    /// <summary>As many as one connection may have unacknowledged (Mqtt:InflightMax): all of them can come again at once.</summary>
    private const int RememberedMax = 1_024;

    /// <summary>What lies further back than this has no second reading to come: times are believed up to a minute before and behind ours (<see cref="Ingest.IngestBuffer.SkewMaxMs"/>), two minutes from end to end.</summary>
    private const long ResendMs = 2 * 60_000;

    private long[] _ms = new long[RememberedMin];
    private long[] _pointUs = new long[RememberedMin];
    private ulong[] _content = new ulong[RememberedMin];
    private int _next;
    private long _newestMs;

    /// <param name="ms">Time of the point, ms of Unix time.</param>
    /// <param name="content">Hash of what the point says.</param>
    /// <returns>Time in µs, unique among the points of the series that may come again, unless the content is the same.</returns>
    public long PointUs(long ms, ulong content)
    {
        long us = ms * 1000;
        if (ms > _newestMs)
        {
            _newestMs = ms;
            return Remember(us, content);
        }
        // Milliseconds stand in an array of their own: a busy series is searched at every message, a vector at a time.
        for (int i = _ms.AsSpan().IndexOf(ms); i >= 0; i = After(i, ms))
        {
            if (_content[i] == content) return _pointUs[i];
            us = Math.Max(us, _pointUs[i] + 1);
        }
        return Remember(us, content);
    }

    /// <summary>Whether this very reading has a time in that millisecond: it comes again.</summary>
    public bool Knows(long ms, ulong content)
    {
        // What is newer than everything cannot have been there: nearly all messages.
        if (ms > _newestMs) return false;
        for (int i = _ms.AsSpan().IndexOf(ms); i >= 0; i = After(i, ms))
            if (_content[i] == content) return true;
        return false;
    }

    /// <summary>Takes up a point that is already in the store.</summary>
    public void Restore(long pointUs, ulong content)
    {
        _newestMs = Math.Max(_newestMs, pointUs / 1000);
        Remember(pointUs, content);
    }

    private int After(int index, long ms)
    {
        int next = _ms.AsSpan(index + 1).IndexOf(ms);
        return next < 0 ? -1 : index + 1 + next;
    }

    private long Remember(long us, ulong content)
    {
        // A busy series grows its memory instead of forgetting what may still come again; a slow one, which is nearly all, stays small.
        if (_pointUs[_next] != 0 && us - _pointUs[_next] < ResendMs * 1000 && _pointUs.Length < RememberedMax) Grow();
        (_ms[_next], _pointUs[_next], _content[_next]) = (us / 1000, us, content);
        _next = (_next + 1) % _pointUs.Length;
        return us;
    }

    private void Grow()
    {
        int free = _pointUs.Length;
        Array.Resize(ref _ms, 2 * free);
        Array.Resize(ref _pointUs, 2 * free);
        Array.Resize(ref _content, 2 * free);
        _next = free;
    }
}

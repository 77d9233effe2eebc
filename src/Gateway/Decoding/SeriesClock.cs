namespace Gateway.Decoding;

/// <summary>
/// Tells readings of one series in one millisecond apart by adding microseconds in order of receipt, and gives a message that comes twice (a
/// redelivery after a crash) the very time it had, so that it overwrites itself instead of standing in the store under a second key.
/// </summary>
public sealed class SeriesClock
{
    private const int Remembered = 32;

    private readonly long[] _pointUs = new long[Remembered];
    private readonly ulong[] _content = new ulong[Remembered];
    private int _next;
    private long _newestMs;

    /// <param name="ms">Time of the point, ms of Unix time.</param>
    /// <param name="content">Hash of what the point says.</param>
    /// <returns>Time in µs, unique among the last 32 points of the series unless the content is the same.</returns>
    public long PointUs(long ms, ulong content)
    {
        long us = ms * 1000;
        if (ms > _newestMs)
        {
            _newestMs = ms;
            return Remember(us, content);
        }
        for (int i = 0; i < Remembered; i++)
        {
            if (_pointUs[i] / 1000 != ms) continue;
            if (_content[i] == content) return _pointUs[i];
            us = Math.Max(us, _pointUs[i] + 1);
        }
        return Remember(us, content);
    }

    /// <summary>Takes up a point that is already in the store.</summary>
    public void Restore(long pointUs, ulong content)
    {
        _newestMs = Math.Max(_newestMs, pointUs / 1000);
        Remember(pointUs, content);
    }

    private long Remember(long us, ulong content)
    {
        (_pointUs[_next], _content[_next]) = (us, content);
        _next = (_next + 1) % Remembered;
        return us;
    }
}

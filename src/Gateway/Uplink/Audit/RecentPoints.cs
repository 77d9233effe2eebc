namespace Gateway.Uplink.Audit;

/// <summary>
/// The last points of each series, so that a point that stands in two lines is counted once. Bounded: <see cref="PointsPerSeries"/> for each of <see cref="SeriesMax"/> series;
/// a repeat that comes later than that, or after a restart of ours, counts twice, and the audit then expects one more than there is.
/// </summary>
/// <param name="all">Remembers every point of every series: for an exact count, and as long as that takes.</param>
internal sealed class RecentPoints(bool all)
{
    public const int PointsPerSeries = 16;
    public const int SeriesMax = 20_000;

    private readonly Dictionary<ulong, Ring> _series = [];
    private readonly HashSet<(ulong Series, long Time)> _points = [];

    /// <returns>False when another line already had this point.</returns>
    public bool IsNew(ulong series, long time, long line)
    {
        if (all) return _points.Add((series, time));
        if (!_series.TryGetValue(series, out var ring))
        {
            if (_series.Count >= SeriesMax) _series.Clear();
            _series[series] = ring = new Ring();
        }
        return ring.IsNew(time, line);
    }

    private sealed class Ring
    {
        private readonly long[] _times = new long[PointsPerSeries];
        private readonly long[] _lines = new long[PointsPerSeries];
        private int _count;

        public bool IsNew(long time, long line)
        {
            int at = _times.AsSpan(0, Math.Min(_count, PointsPerSeries)).IndexOf(time);
            // The same line once more, after the target lost it, is no repeat.
            if (at >= 0) return _lines[at] == line;
            (_times[_count % PointsPerSeries], _lines[_count % PointsPerSeries]) = (time, line);
            _count++;
            return true;
        }
    }
}

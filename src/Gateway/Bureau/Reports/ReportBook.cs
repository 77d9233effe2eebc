using Gateway.Protocols.Hj212;

namespace Gateway.Bureau.Reports;

/// <summary>
/// What one bureau is owed: intervals that lines have touched and the bureau has not acknowledged. Pure but for the store it reads; lines and time come in, the next report comes
/// out, and how far the cursor may go.
/// </summary>
/// <remarks><b>Order</b>: minutes oldest first; an hour when none of its minutes is owed, a day when none of its hours is. <b>Threading</b>: one caller.</remarks>
internal sealed class ReportBook(BureauOptions options, IReadOnlyList<Station> stations, SiteCalendar calendar, IReportStore store)
{
    /// <summary>An interval is reported so long after its end: live lines may carry times up to a minute behind ours, and most are there at once.</summary>
    public const long GraceMs = 20_000;

    /// <summary>Beyond so many owed intervals no more lines are read: their cursor waits.</summary>
    public const int OwedMax = 20_000;

    private const long HourMs = 3_600_000;
    private const long RetryMs = 30_000;

    private readonly ReportFrames _frames = new(calendar);
    private readonly Dictionary<(string Mn, long AtMs), ReportSpan> _owed = [];
    private readonly SortedSet<(long AtMs, string Mn)> _hours = [];
    private readonly SortedSet<(long AtMs, string Mn)> _days = [];
    private long _notBeforeMs;

    /// <summary>Length of minute data, minutes; the bureau may change it.</summary>
    public int MinuteInterval { get; set; } = options.MinuteInterval;

    public int Owed => _owed.Count;

    /// <summary>Start of the oldest interval that is owed; null when there is none.</summary>
    public long? OldestOwedMs => _owed.Count == 0 ? null : _owed.Keys.Min(k => k.AtMs);

    /// <summary>Takes up what a stop left between a minute and its hour, an hour and its day.</summary>
    public void Restore(long nowMs)
    {
        foreach (var station in stations)
        {
            for (long hour = calendar.Hour(nowMs - 49 * HourMs); hour <= nowMs; hour += HourMs) Owe(_hours, station.Mn, hour, Hj212Command.MinuteData, Hj212Command.HourData, hour + HourMs);
            for (long day = calendar.Day(nowMs - 73 * HourMs); day <= nowMs; day = calendar.NextDay(day)) Owe(_days, station.Mn, day, Hj212Command.HourData, Hj212Command.DayData, calendar.NextDay(day));
        }
    }

    /// <summary>One value of a live line.</summary>
    public void Take(Station station, Factor factor, double value, long atMs, long line)
    {
        if (Touched(station, atMs, line) is { } span) span.Of(factor).Add(value);
    }

    /// <summary>One mean of a device's own minute data.</summary>
    public void Told(Station station, Factor factor, double value, long atMs, long line)
    {
        if (Touched(station, atMs, line) is { } span) span.Of(factor).Tell(value);
    }

    /// <summary>All values of the line were taken: it is not taken again.</summary>
    public void Ended(Station station, long atMs, long line)
    {
        if (_owed.TryGetValue((station.Mn, calendar.Minute(atMs, MinuteInterval)), out var span)) span.ToLine = Math.Max(span.ToLine, line + 1);
    }

    /// <summary>First line that may have to be read again; everything before it is acknowledged or not for this bureau.</summary>
    /// <param name="read">First line that was not read yet.</param>
    public long Cursor(long read)
    {
        foreach (var span in _owed.Values) read = Math.Min(read, span.OwedFrom ?? read);
        return read;
    }

    /// <summary>What goes out next, or null.</summary>
    public Report? Next(long nowMs)
    {
        if (nowMs < _notBeforeMs) return null;
        ReportSpan? oldest = null;
        foreach (var span in _owed.Values)
            if (span.EndMs + GraceMs <= nowMs && span.NotBeforeMs <= nowMs && (oldest is null || span.AtMs < oldest.AtMs)) oldest = span;
        if (oldest is not null) return MinuteOf(oldest);
        return Due(_hours, nowMs, HourMs) is var (hour, mn) ? HourOf(hour, StationOf(mn)) : Due(_days, nowMs, 0) is var (day, dayMn) ? DayOf(day, StationOf(dayMn)) : null;
    }

    /// <summary>The bureau has it, and that is on disk.</summary>
    /// <remarks>Lines that came while it was under way are owed anew.</remarks>
    public void Acknowledged(Report report)
    {
        var (mn, atMs) = (report.Row.Mn, report.Row.AtMs);
        switch ((Hj212Command)report.Row.Cn)
        {
            case Hj212Command.MinuteData:
                if (_owed.TryGetValue((mn, atMs), out var span) && span.ToLine > report.Row.ToLine) span.OwedFrom = report.Row.ToLine;
                else _owed.Remove((mn, atMs));
                if (options.HourData) _hours.Add((calendar.Hour(atMs), mn));
                break;
            case Hj212Command.HourData:
                _hours.Remove((atMs, mn));
                if (options.DayData) _days.Add((calendar.Day(atMs), mn));
                break;
            default:
                _days.Remove((atMs, mn));
                break;
        }
    }

    /// <summary>It was acknowledged, and could not be written down: it goes again later.</summary>
    public void NotKept(long nowMs) => _notBeforeMs = nowMs + RetryMs;

    private ReportSpan? Touched(Station station, long atMs, long line)
    {
        long startMs = calendar.Minute(atMs, MinuteInterval);
        if (!_owed.TryGetValue((station.Mn, startMs), out var span))
        {
            long lengthMs = MinuteInterval * 60_000L;
            span = store.Find(station.Mn, (int)Hj212Command.MinuteData, startMs) is { } row ? ReportSpan.Of(row, lengthMs) : new ReportSpan(station.Mn, startMs, lengthMs);
            if (line < span.ToLine) return null;
            _owed[(station.Mn, startMs)] = span;
        }
        if (line < span.ToLine) return null;
        span.OwedFrom ??= line;
        return span;
    }

    private Report? MinuteOf(ReportSpan span)
    {
        if (_frames.Minute(StationOf(span.Mn), span) is { } cp) return new Report(Hj212Command.MinuteData, new ReportRow(span.Mn, (int)Hj212Command.MinuteData, span.AtMs, span.ToLine, span.Means(), cp));
        _owed.Remove((span.Mn, span.AtMs));
        return null;
    }

    private Report? HourOf(long hourMs, Station station)
    {
        var minutes = Spans(station.Mn, Hj212Command.MinuteData, hourMs, hourMs + HourMs, MinuteInterval * 60_000L);
        var (cp, span) = _frames.Hour(station, hourMs, minutes);
        if (cp is not null) return new Report(Hj212Command.HourData, new ReportRow(station.Mn, (int)Hj212Command.HourData, hourMs, span.ToLine, span.Means(), cp));
        _hours.Remove((hourMs, station.Mn));
        return null;
    }

    private Report? DayOf(long dayMs, Station station)
    {
        var (cp, span) = _frames.Day(station, dayMs, Spans(station.Mn, Hj212Command.HourData, dayMs, calendar.NextDay(dayMs), HourMs), MinuteInterval * 60_000L);
        if (cp is not null) return new Report(Hj212Command.DayData, new ReportRow(station.Mn, (int)Hj212Command.DayData, dayMs, span.ToLine, span.Means(), cp));
        _days.Remove((dayMs, station.Mn));
        return null;
    }

    private List<ReportSpan> Spans(string mn, Hj212Command cn, long fromMs, long toMs, long lengthMs) => [.. store.Range(mn, (int)cn, fromMs, toMs).Select(r => ReportSpan.Of(r, lengthMs))];

    /// <summary>The oldest that is over, and of whose parts none is owed.</summary>
    private (long AtMs, string Mn)? Due(SortedSet<(long AtMs, string Mn)> of, long nowMs, long lengthMs)
    {
        foreach (var (atMs, mn) in of)
        {
            long endMs = lengthMs > 0 ? atMs + lengthMs : calendar.NextDay(atMs);
            if (endMs + GraceMs > nowMs) return null;
            bool waits = _owed.Keys.Any(k => k.Mn == mn && k.AtMs >= atMs && k.AtMs < endMs) || (lengthMs == 0 && _hours.Any(h => h.Mn == mn && h.AtMs >= atMs && h.AtMs < endMs));
            if (!waits) return (atMs, mn);
        }
        return null;
    }

    private void Owe(SortedSet<(long AtMs, string Mn)> whole, string mn, long atMs, Hj212Command part, Hj212Command cn, long endMs)
    {
        if (!(cn == Hj212Command.HourData ? options.HourData : options.DayData)) return;
        long known = store.Find(mn, (int)cn, atMs)?.ToLine ?? -1;
        if (store.Range(mn, (int)part, atMs, endMs).Any(r => r.ToLine > known)) whole.Add((atMs, mn));
    }

    private Station StationOf(string mn) => stations.First(s => s.Mn == mn);
}

/// <summary>A report that wants its 9014.</summary>
internal sealed record Report(Hj212Command Cn, ReportRow Row);

using Gateway.Engine.Views;
using Gateway.Store;

namespace Gateway.Engine;

/// <summary>
/// What goes when a limit of the disk is reached: the oldest lines, read and counted by device over as many rounds as it takes, then journalled as one gap, and only then deleted.
/// A crash in between finds the gap in the journal and deletes what it names without counting again.
/// </summary>
internal sealed class BudgetTrim(StoreOptions options) : IDisposable
{
    /// <summary>Lines counted in one round of the engine: a few milliseconds.</summary>
    private const int LinesOfRound = 20_000;

    /// <summary>Once something has to go, so much of the budget goes: a gap an hour is a fact, a gap a second is noise.</summary>
    private const int SlackDivisor = 50;

    /// <summary>So much stays whatever else fills the disk: giving up all we have would not help for long.</summary>
    private const long KeptBytes = 16 * 1024 * 1024;

    private const long AgeSlackMs = 3_600_000;

    private readonly LineCensus _census = new();
    private TelemetryReader? _reader;
    private long _excess;
    private long _olderThanMs;
    private string _limit = "";
    private long _from;
    private long _oldestMs;
    private long _newestMs;

    /// <summary>Lines before this one were given up, counted and handed to the journal.</summary>
    public long To { get; private set; }

    /// <summary>Lines before this one stand in the journal and may be deleted.</summary>
    public long MayGo { get; private set; }

    /// <summary>Something is being counted.</summary>
    public bool Busy { get; private set; }

    public void Restore(long trimmedTo) => (To, MayGo, Busy) = (trimmedTo, trimmedTo, false);

    public void Journalled() => MayGo = To;

    /// <summary>Goes on counting, or begins when a limit is reached.</summary>
    /// <param name="judged">Only lines before this one may go.</param>
    /// <param name="unsentFrom">First line some target lacks; <see cref="long.MaxValue"/> without a target.</param>
    /// <returns>The gap once it is complete, to be journalled; else null.</returns>
    public GapRow? Step(TelemetryStore telemetry, long judged, long unsentFrom, long nowMs)
    {
        if (!Busy && !Begin(telemetry, nowMs)) return null;
        _reader ??= new TelemetryReader(telemetry.Path);
        int lines = 0;
        bool enough = false, any = false;
        long next = To;
        _reader.ReadStoredFrom(To, (head, _) =>
        {
            any = true;
            enough = head.EndLine > judged || (_excess <= 0 && head.ReceivedMs >= _olderThanMs);
            if (enough || head.FirstLine < next) return !enough;
            if (_oldestMs == 0) (_from, _oldestMs) = (head.FirstLine, head.ReceivedMs);
            (_newestMs, _excess, lines, next) = (head.ReceivedMs, _excess - head.Bytes, lines + head.Lines, head.EndLine);
            return lines < LinesOfRound;
        });
        if (next > To) Count(To, next);
        To = next;
        if (any && !enough) return null;
        Busy = false;
        if (_oldestMs == 0) return null;
        var devices = _census.Devices();
        _census.Clear();
        string reason = To > unsentFrom ? _limit + "-unsent" : _limit;
        return new GapRow(_from, devices.Sum(d => d.Lines), SiteEngine.Time(_oldestMs), SiteEngine.Time(_newestMs), reason, devices);
    }

    public void Dispose() => _reader?.Dispose();

    private void Count(long from, long to) => _reader!.ReadFrom(from, (head, body) =>
    {
        if (head.FirstLine >= to) return false;
        if (head.FirstLine >= from) _census.Count(body);
        return true;
    });

    private bool Begin(TelemetryStore telemetry, long nowMs)
    {
        // What was journalled and is not deleted yet still counts as there.
        if (MayGo > 0 && telemetry.Oldest() is { } left && left.EndLine <= MayGo) return false;
        if (!Exceeded(telemetry, nowMs)) return Busy = false;
        // First what costs nobody anything: pages that hold nothing, and a WAL that is copied already.
        bool gaveBack = telemetry.FreePages() > 0;
        telemetry.GiveBack(everything: true);
        return Busy = !gaveBack && Exceeded(telemetry, nowMs);
    }

    private bool Exceeded(TelemetryStore telemetry, long nowMs)
    {
        long bytes = telemetry.FileBytes(), budget = options.TelemetryMiBMax * 1024L * 1024L, slack = budget / SlackDivisor;
        (_excess, _olderThanMs, _oldestMs, _limit) = (0, 0, 0, "");
        if (bytes > budget) (_excess, _limit) = (bytes - budget + slack, "budget");
        else if (options.FreeMiBMin > 0 && bytes > KeptBytes && FreeSpace.Of(options.Directory) is var free && free < options.FreeMiBMin * 1024L * 1024L)
            (_excess, _limit) = (Math.Min(options.FreeMiBMin * 1024L * 1024L - free + slack, bytes - KeptBytes), "free-space");
        else if (telemetry.Oldest() is { } oldest && nowMs - oldest.ReceivedMs > options.TelemetryDaysMax * 86_400_000L + AgeSlackMs)
            (_olderThanMs, _limit) = (nowMs - options.TelemetryDaysMax * 86_400_000L, "age");
        return _limit.Length > 0;
    }
}

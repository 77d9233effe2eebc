namespace Gateway.Diagnostics.Clock;

/// <summary>Something about the clock that the engine has to know.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Words">What was seen, for people.</param>
public readonly record struct ClockNews(ClockNewsKind Kind, string Words);

public enum ClockNewsKind : byte { Sane, Insane, UnsynchronisedRaised, UnsynchronisedOver, NoRtcRaised, NoRtcOver, Stepped, CannotAsk }

/// <summary>Makes of one look after the other what changed. Pure: looks and times come in.</summary>
public sealed class ClockJudge(ClockOptions options)
{
    /// <summary>So long a clock may be without its server: a start, a reboot of the router.</summary>
    public const long UnsynchronisedMs = 600_000;

    /// <summary>Less between two looks is the slewing of a time server.</summary>
    public const long StepMs = 2_000;

    private long? _unsynchronisedSinceMs;
    private long? _aheadMs;
    private bool? _told;
    private bool _looked;
    private bool _raised;
    private bool _noRtcRaised;

    public ClockStanding Standing { get; private set; } = ClockStanding.Unasked;

    /// <param name="elapsedMs">Monotonic, from any origin, ms.</param>
    /// <param name="wallMs">Civil time, ms.</param>
    /// <returns>What changed, in order.</returns>
    public IReadOnlyList<ClockNews> Look(in HostClockReading seen, long elapsedMs, long wallMs)
    {
        var news = new List<ClockNews>();
        Step(elapsedMs, wallMs, news);
        bool synchronised = seen.State == ClockState.Synchronised;
        if (synchronised || options.Trusted) Over(news);
        else if (seen.State == ClockState.Unsynchronised) Wait(seen, elapsedMs, news);
        else if (!_looked) news.Add(new ClockNews(ClockNewsKind.CannotAsk, "adjtimex was refused"));
        bool plausible = wallMs >= options.BuiltAtMs && wallMs >= options.LastHeartbeatMs;
        bool sane = synchronised || (plausible && (options.Trusted || seen.Rtc));
        if (_told != sane) news.Add(new ClockNews(sane ? ClockNewsKind.Sane : ClockNewsKind.Insane, ""));
        (_looked, _told) = (true, sane);
        Standing = Standing with { State = seen.State, Source = seen.Source, Rtc = seen.Rtc, EstimatedErrorMs = seen.EstimatedErrorMs, MaxErrorMs = seen.MaxErrorMs, Sane = sane };
        return news;
    }

    private void Step(long elapsedMs, long wallMs, List<ClockNews> news)
    {
        long aheadMs = wallMs - elapsedMs;
        if (_aheadMs is { } before && Math.Abs(aheadMs - before) > StepMs)
        {
            Standing = Standing with { LastStepMs = aheadMs - before, Steps = Standing.Steps + 1 };
            news.Add(new ClockNews(ClockNewsKind.Stepped, $"the wall clock jumped by {aheadMs - before} ms"));
        }
        _aheadMs = aheadMs;
    }

    private void Wait(in HostClockReading seen, long elapsedMs, List<ClockNews> news)
    {
        _unsynchronisedSinceMs ??= elapsedMs;
        if (!_looked && !seen.Rtc)
        {
            _noRtcRaised = true;
            news.Add(new ClockNews(ClockNewsKind.NoRtcRaised, "not synchronised at the start, and no hardware clock"));
        }
        if (_raised || elapsedMs - _unsynchronisedSinceMs < UnsynchronisedMs) return;
        _raised = true;
        news.Add(new ClockNews(ClockNewsKind.UnsynchronisedRaised, $"not synchronised for {UnsynchronisedMs / 60_000} min, error at most {seen.MaxErrorMs ?? 0:0} ms by the kernel's word"));
    }

    /// <summary>The first look ends also what an earlier run left standing.</summary>
    private void Over(List<ClockNews> news)
    {
        if (_raised || !_looked) news.Add(new ClockNews(ClockNewsKind.UnsynchronisedOver, ""));
        if (_noRtcRaised || !_looked) news.Add(new ClockNews(ClockNewsKind.NoRtcOver, ""));
        (_unsynchronisedSinceMs, _raised, _noRtcRaised) = (null, false, false);
    }
}

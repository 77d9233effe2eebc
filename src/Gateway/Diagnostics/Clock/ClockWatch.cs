using Gateway.Ingest;
using Microsoft.Extensions.Logging;

namespace Gateway.Diagnostics.Clock;

/// <summary>Watches the gateway's own clock beside the engine: kernel, hardware clock, steps. Tells the engine what changed; devices get no time from a clock that cannot be believed.</summary>
/// <param name="gatewayId">Subject of its alarms.</param>
/// <remarks><b>Threading</b>: one loop; <see cref="Standing"/> and <see cref="MayBeGiven"/> from anywhere.</remarks>
public sealed class ClockWatch(IHostClock host, ClockOptions options, string gatewayId, IngestBuffer ingest, GatewayClock clock, ILogger<ClockWatch> log)
{
    /// <summary>Causes of the rules about the clock.</summary>
    internal const string UnsynchronisedCause = "clock-unsynchronised";

    internal const string StepCause = "clock-step";

    internal const string NoRtcCause = "clock-no-rtc";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>Devices are given the timeline, which a step of the wall clock leaves behind: one that is further off is no time to set anybody by, ms.</summary>
    private const long GivenSkewMaxMs = 60_000;

    private readonly ClockJudge _judge = new(options);
    private readonly long _origin = clock.Time.GetTimestamp();
    private volatile ClockStanding _standing = ClockStanding.Unasked;

    public ClockStanding Standing => _standing;

    /// <summary>Whether our time may be given to devices.</summary>
    public bool MayBeGiven() => _standing.Sane && Math.Abs(clock.WallSkewMs()) <= GivenSkewMaxMs;

    /// <summary>Looks every 5 s until cancelled. Look once before anything else starts: whether the clock was set at the start is decided by the first look.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookEvery, clock.Time);
        while (await timer.WaitForNextTickAsync(cancel)) Look();
    }

    /// <summary>One look.</summary>
    public void Look()
    {
        long elapsedMs = (long)clock.Time.GetElapsedTime(_origin).TotalMilliseconds, wallMs = clock.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var news = _judge.Look(host.Read(), elapsedMs, wallMs);
        _standing = _judge.Standing;
        foreach (var item in news) Tell(item);
    }

    private void Tell(in ClockNews news)
    {
        switch (news.Kind)
        {
            case ClockNewsKind.Sane: ingest.AppendEvent(LinkEventKind.ClockSane, clock.NowMs()); break;
            case ClockNewsKind.Insane:
                ingest.AppendEvent(LinkEventKind.ClockInsane, clock.NowMs());
                ClockLog.Insane(log, _standing.State, _standing.Rtc);
                break;
            case ClockNewsKind.UnsynchronisedRaised: Raise(UnsynchronisedCause, news.Words); break;
            case ClockNewsKind.UnsynchronisedOver: Over(UnsynchronisedCause); break;
            case ClockNewsKind.NoRtcRaised: Raise(NoRtcCause, news.Words); break;
            case ClockNewsKind.NoRtcOver: Over(NoRtcCause); break;
            case ClockNewsKind.Stepped:
                // It is over as soon as it happened; the alarm stays until a person has seen it.
                Raise(StepCause, news.Words);
                Over(StepCause);
                break;
            case ClockNewsKind.CannotAsk: ClockLog.CannotAsk(log, news.Words); break;
        }
    }

    private void Raise(string cause, string words) => ingest.AppendEvent(LinkEventKind.ConditionRaised, clock.NowMs(), text: gatewayId, cause: cause, reason: words);

    private void Over(string cause) => ingest.AppendEvent(LinkEventKind.ConditionOver, clock.NowMs(), text: gatewayId, cause: cause);
}

internal static partial class ClockLog
{
    [LoggerMessage(1050, LogLevel.Warning, "The clock cannot be believed ({State}, hardware clock: {Rtc}): no device is set by it")]
    public static partial void Insane(ILogger log, ClockState state, bool rtc);

    [LoggerMessage(1051, LogLevel.Information, "The kernel does not say whether the clock is synchronised: {Why}")]
    public static partial void CannotAsk(ILogger log, string why);
}

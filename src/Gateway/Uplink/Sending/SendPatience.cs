using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Gateway.Uplink.Sending;

/// <summary>How a lane goes on asking a target that does not take lines: with growing pauses, then, behind an open breaker, once every so often. For ever: nothing is given up.</summary>
internal static class SendPatience
{
    private static readonly TimeSpan SlowRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryAfterMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromMinutes(5);

    /// <param name="way">Alarms knock often: a store that is back should have them within two seconds; live telemetry soon after; a backlog can wait.</param>
    /// <param name="failed">Told of each attempt that failed.</param>
    /// <param name="held">Told of each attempt the open breaker held back.</param>
    /// <param name="jitter">See <see cref="UplinkNetwork.Jitter"/>.</param>
    public static ResiliencePipeline<SendOutcome> Build(TimeProvider time, string way, Action<SendOutcome> failed, Action held, Func<double>? jitter)
    {
        bool alarms = way == UplinkWay.Alarms;
        return new ResiliencePipelineBuilder<SendOutcome> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<SendOutcome>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = jitter ?? Random.Shared.NextDouble,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(alarms ? 1 : 2),
                ShouldHandle = args => ValueTask.FromResult(args.Outcome is { Exception: BrokenCircuitException } or { Result.Verdict: SendVerdict.TryLater or SendVerdict.Misconfigured }),
                DelayGenerator = args => ValueTask.FromResult(PauseAfter(args.Outcome)),
                OnRetry = args =>
                {
                    if (args.Outcome.Exception is null) failed(args.Outcome.Result);
                    else held();
                    return default;
                },
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<SendOutcome>
            {
                FailureRatio = 0.9,
                // After about seven seconds of failures, not at the first hiccup.
                MinimumThroughput = alarms ? 9 : 6,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(alarms ? 1 : way == UplinkWay.Live ? 3 : 10),
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { Verdict: SendVerdict.TryLater }),
            })
            .Build();
    }

    private static TimeSpan? PauseAfter(Outcome<SendOutcome> outcome) => outcome.Exception is BrokenCircuitException broken ? broken.RetryAfter
        : outcome.Result.Verdict == SendVerdict.Misconfigured ? SlowRetry : Bounded(outcome.Result.RetryAfter);

    /// <summary>A server may ask for patience, but neither for a tight loop nor for a day.</summary>
    private static TimeSpan? Bounded(TimeSpan? asked) => asked is { } a ? a < RetryAfterMin ? RetryAfterMin : a > RetryAfterMax ? RetryAfterMax : a : null;
}

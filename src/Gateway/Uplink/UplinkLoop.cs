using System.Threading.Channels;
using Gateway.Diagnostics;
using Gateway.Ingest;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Gateway.Uplink;

/// <summary>One lane to one target: reads on from the cursor, sends, advances. Order is kept: nothing is sent before what came before it is settled or set aside.</summary>
internal sealed class UplinkLoop : IDisposable
{
    /// <summary>A target that fails for longer than this is an alarm.</summary>
    private static readonly TimeSpan DownAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SlowRetry = TimeSpan.FromSeconds(30);

    /// <summary>Alarms knock often: a store that is back should have them within a second or two.</summary>
    private static readonly TimeSpan AlarmRetryMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TelemetryRetryMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfterMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly UplinkTargetOptions _target;
    private readonly LaneSource _source;
    private readonly UplinkLedger _ledger;
    private readonly TargetClient _client;
    private readonly GatewayClock _clock;
    private readonly IngestBuffer _ingest;
    private readonly ILogger _log;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ResiliencePipeline<SendOutcome> _patience;
    private long _failingSinceMs;
    private bool _alarmed;

    public UplinkLoop(UplinkTargetOptions target, LaneSource source, UplinkLedger ledger, TargetClient client, GatewayClock clock, IngestBuffer ingest, ILogger log)
    {
        (_target, _source, _ledger, _client, _clock, _ingest, _log) = (target, source, ledger, client, clock, ingest, log);
        _patience = new ResiliencePipelineBuilder<SendOutcome> { TimeProvider = clock.Time }
            .AddRetry(new RetryStrategyOptions<SendOutcome>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = source.Lane == UplinkLedger.LaneOne ? AlarmRetryMax : TelemetryRetryMax,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result.Verdict is SendVerdict.TryLater or SendVerdict.Misconfigured),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { Verdict: SendVerdict.Misconfigured } ? SlowRetry : Bounded(args.Outcome.Result.RetryAfter)),
                OnRetry = args =>
                {
                    Failed(args.Outcome.Result);
                    return default;
                },
            })
            .Build();
    }

    public string Target => _target.Name;

    public string Lane => _source.Lane;

    /// <summary>ok, idle, retrying or refused: what the console shows.</summary>
    public string State { get; private set; } = "idle";

    public string? LastError { get; private set; }

    public long Requests { get; private set; }

    public long LinesSent { get; private set; }

    public void Wake() => _signal.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancel)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!cancel.IsCancellationRequested)
        {
            var batch = _source.Read(_ledger.Next(Target, Lane), _target.BatchLines);
            if (batch.Count == 0)
            {
                if (State == "ok") State = "idle";
                await WaitAsync(cancel);
                continue;
            }
            await SettleAsync(batch.Lines, cancel);
            _ledger.Advance(Target, Lane, batch.Next);
            if (batch.Count < _target.BatchLines && _target.LingerMs > 0) await Task.Delay(TimeSpan.FromMilliseconds(_target.LingerMs), _clock.Time, cancel);
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _client.Dispose();
    }

    /// <summary>Sends until the target has every line it can take; a batch with a wrong line is halved until the line stands alone.</summary>
    private async Task SettleAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        var outcome = await _patience.ExecuteAsync(async token => await _client.SendAsync(lines, token), cancel);
        Requests++;
        if (outcome.Verdict == SendVerdict.Settled)
        {
            LinesSent += lines.Span.Count((byte)'\n');
            Works();
            return;
        }
        int middle = Middle(lines.Span);
        if (middle == 0)
        {
            UplinkLog.Quarantined(_log, Target, outcome.Words);
            _ledger.Refuse(new RefusedLine(Target, Lane, _clock.NowMs(), lines.ToArray(), outcome.Words));
            return;
        }
        await SettleAsync(lines[..middle], cancel);
        await SettleAsync(lines[middle..], cancel);
    }

    /// <summary>A server may ask for patience, but neither for a tight loop nor for a day.</summary>
    private static TimeSpan? Bounded(TimeSpan? asked) => asked is { } a ? a < RetryAfterMin ? RetryAfterMin : a > RetryAfterMax ? RetryAfterMax : a : null;

    /// <summary>A line boundary near the middle, 0 when there is only one line.</summary>
    private static int Middle(ReadOnlySpan<byte> lines)
    {
        int before = lines[..(lines.Length / 2)].LastIndexOf((byte)'\n') + 1;
        if (before > 0) return before;
        int after = lines.IndexOf((byte)'\n') + 1;
        return after == lines.Length ? 0 : after;
    }

    private async Task WaitAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(LookEvery);
        try
        {
            if (await _signal.Reader.WaitToReadAsync(limit.Token)) _signal.Reader.TryRead(out _);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Nothing came: look into the lane all the same.
        }
    }

    private void Failed(SendOutcome outcome)
    {
        long nowMs = _clock.NowMs();
        if (_failingSinceMs == 0)
        {
            _failingSinceMs = nowMs;
            UplinkLog.Failing(_log, Target, Lane, outcome.Words);
        }
        LastError = outcome.Words;
        State = outcome.Verdict == SendVerdict.Misconfigured ? "refused" : "retrying";
        if (_alarmed || (outcome.Verdict != SendVerdict.Misconfigured && nowMs - _failingSinceMs < DownAfter.TotalMilliseconds)) return;
        _alarmed = true;
        _ingest.AppendEvent(LinkEventKind.ConditionRaised, nowMs, text: Target, cause: "uplink", reason: outcome.Words);
    }

    private void Works()
    {
        State = "ok";
        if (_failingSinceMs == 0) return;
        UplinkLog.Works(_log, Target, Lane, (_clock.NowMs() - _failingSinceMs) / 1000.0);
        (_failingSinceMs, LastError) = (0, null);
        if (!_alarmed) return;
        _alarmed = false;
        _ingest.AppendEvent(LinkEventKind.ConditionOver, _clock.NowMs(), text: Target, cause: "uplink");
    }
}

internal static partial class UplinkLog
{
    [LoggerMessage(4000, LogLevel.Warning, "Uplink {Target}, lane {Lane}, does not take lines, keeping them: {Words}")]
    public static partial void Failing(ILogger log, string target, string lane, string words);

    [LoggerMessage(4001, LogLevel.Information, "Uplink {Target}, lane {Lane}, works again after {Seconds} s")]
    public static partial void Works(ILogger log, string target, string lane, double seconds);

    [LoggerMessage(4002, LogLevel.Warning, "Uplink {Target} refused a line for good, put into quarantine: {Words}")]
    public static partial void Quarantined(ILogger log, string target, string words);

    [LoggerMessage(4003, LogLevel.Critical, "Uplink {Target}, lane {Lane}, cannot go on")]
    public static partial void Faulted(ILogger log, Exception fault, string target, string lane);
}

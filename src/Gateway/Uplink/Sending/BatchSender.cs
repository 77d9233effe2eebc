using Gateway.Diagnostics;
using Gateway.Uplink.Progress;
using Microsoft.Extensions.Logging;
using Polly;

namespace Gateway.Uplink.Sending;

/// <summary>
/// Sends one batch over one connection until every line of it is answered for or set aside. What is refused for good is found by the server's own words where it names or
/// counts lines, else by halving, within a budget of requests.
/// </summary>
internal sealed class BatchSender : IDisposable
{
    /// <summary>So many requests may go into finding bad lines of one batch; then what is left is set aside together. Stores that keep the good lines of a bad batch have them by then.</summary>
    public const int RequestsPerBatchMax = 200;

    /// <summary>A target that fails for longer than this is an alarm.</summary>
    private static readonly TimeSpan DownAfter = TimeSpan.FromSeconds(60);

    /// <summary>No start of a target is this one: lines sent to two lives of it go again.</summary>
    private static readonly TargetStart Never = new(double.NaN);

    private readonly UplinkTargetOptions _target;
    private readonly string _way;
    private readonly TargetClient _client;
    private readonly TargetWatch _watch;
    private readonly TargetCredentials _credentials;
    private readonly TargetCondition _condition;
    private readonly GatewayClock _clock;
    private readonly ILogger _log;
    private readonly ResiliencePipeline<SendOutcome> _patience;
    private string? _credentialsFault;
    private long _failingSinceMs;
    private int _requestsLeft;
    private bool _any;
    private TargetStart? _before;

    public BatchSender(UplinkTargetOptions target, TargetClient client, TargetCredentials credentials, TargetWatch watch, TargetCondition condition, string way, GatewayClock clock, ILogger log, Func<double>? jitter = null)
    {
        (_target, _client, _credentials, _watch, _condition, _way, _clock, _log) = (target, client, credentials, watch, condition, way, clock, log);
        _patience = SendPatience.Build(clock.Time, way, Failed, () => State = "open", jitter);
    }

    /// <summary>ok, idle, retrying, open (the breaker) or refused.</summary>
    public string State { get; private set; } = "idle";

    public string? LastError { get; private set; }

    public long Requests { get; private set; }

    public long LinesSent { get; private set; }

    public void Idle()
    {
        if (State == "ok") State = "idle";
    }

    /// <param name="refuse">Gets each line that was refused for good, with its words.</param>
    /// <returns>The target's start before the lines went to it, as <see cref="LaneProgress.Answered"/> wants it.</returns>
    public async Task<TargetStart?> SendAsync(ReadOnlyMemory<byte> lines, Action<ReadOnlyMemory<byte>, string> refuse, CancellationToken cancel)
    {
        (_requestsLeft, _any) = (RequestsPerBatchMax, false);
        if (lines.Length > 0) await SettleAsync(lines, refuse, cancel);
        return _any ? _before : _watch.Start;
    }

    public void Dispose() => _client.Dispose();

    private async Task SettleAsync(ReadOnlyMemory<byte> lines, Action<ReadOnlyMemory<byte>, string> refuse, CancellationToken cancel)
    {
        var outcome = await AskAsync(lines, cancel);
        Requests++;
        _requestsLeft--;
        if (outcome.Verdict == SendVerdict.Answered)
        {
            LinesSent += lines.Span.Count((byte)'\n');
            Works();
            return;
        }
        int count = lines.Span.Count((byte)'\n');
        if (outcome.BadLines is { } bad)
        {
            await WithoutAsync(lines, bad, refuse, cancel);
            return;
        }
        int middle = Middle(lines.Span);
        bool all = outcome.Verdict == SendVerdict.Rejected && (outcome.Dropped == count || (_target.Kind == TargetKind.InfluxV1 && !outcome.Partial));
        if (middle == 0 || all || _requestsLeft <= 0)
        {
            SetAside(lines, count, outcome.Words, refuse, together: count > 1 && !all);
            return;
        }
        await SettleAsync(lines[..middle], refuse, cancel);
        await SettleAsync(lines[middle..], refuse, cancel);
    }

    /// <summary>The server names the bad lines. The rest goes once more: an answer that mixes good and bad is not believed.</summary>
    private async Task WithoutAsync(ReadOnlyMemory<byte> lines, IReadOnlyList<(int Line, string Words)> bad, Action<ReadOnlyMemory<byte>, string> refuse, CancellationToken cancel)
    {
        var words = new Dictionary<int, string>();
        foreach (var (line, said) in bad) words[line] = said;
        byte[] rest = new byte[lines.Length];
        int kept = 0, number = 0, refused = 0;
        for (int start = 0; start < lines.Length; number++)
        {
            int length = lines.Span[start..].IndexOf((byte)'\n') + 1;
            if (length == 0) length = lines.Length - start;
            var line = lines.Slice(start, length);
            start += length;
            if (words.TryGetValue(number + 1, out string? why))
            {
                refuse(line, why);
                refused++;
                continue;
            }
            line.CopyTo(rest.AsMemory(kept));
            kept += length;
        }
        UplinkLog.Quarantined(_log, _target.Name, refused, bad[0].Words);
        // Numbers that fit no line: nothing was found, so nothing may be taken for kept.
        if (refused == 0) SetAside(lines, number, bad[0].Words, refuse, together: true);
        else if (kept > 0) await SettleAsync(rest.AsMemory(0, kept), refuse, cancel);
    }

    private void SetAside(ReadOnlyMemory<byte> lines, int count, string words, Action<ReadOnlyMemory<byte>, string> refuse, bool together)
    {
        UplinkLog.Quarantined(_log, _target.Name, count, words);
        if (together) words = $"{words} (said of {count} lines, not told apart within {RequestsPerBatchMax} requests)";
        for (int start = 0; start < lines.Length;)
        {
            int length = lines.Span[start..].IndexOf((byte)'\n') + 1;
            if (length == 0) length = lines.Length - start;
            refuse(lines.Slice(start, length), words);
            start += length;
        }
    }

    private async Task<SendOutcome> AskAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancel);
        try
        {
            return await _patience.ExecuteAsync(async c => await AttemptAsync(lines, c.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<SendOutcome> AttemptAsync(ReadOnlyMemory<byte> lines, CancellationToken cancel)
    {
        await _watch.SureAsync(cancel);
        var start = _watch.Start;
        var outcome = await _client.SendAsync(lines, cancel);
        if (outcome.Verdict is SendVerdict.TryLater)
        {
            _watch.Doubt();
            return outcome;
        }
        SayCredentials();
        if (outcome.Verdict == SendVerdict.Misconfigured) return outcome;
        _watch.Answered();
        _before = !_any || _before == start ? start : Never;
        _any = true;
        return outcome;
    }

    /// <summary>A line boundary near the middle, 0 when there is only one line.</summary>
    private static int Middle(ReadOnlySpan<byte> lines)
    {
        int before = lines[..(lines.Length / 2)].LastIndexOf((byte)'\n') + 1;
        if (before > 0) return before;
        int after = lines.IndexOf((byte)'\n') + 1;
        return after == lines.Length ? 0 : after;
    }

    private void Failed(SendOutcome outcome)
    {
        long nowMs = _clock.NowMs();
        if (_failingSinceMs == 0)
        {
            _failingSinceMs = nowMs;
            UplinkLog.Failing(_log, _target.Name, _way, outcome.Words);
        }
        LastError = outcome.Words;
        if (outcome.Verdict == SendVerdict.Misconfigured) State = "refused";
        else if (State != "open") State = "retrying";
        if (outcome.Verdict == SendVerdict.Misconfigured || nowMs - _failingSinceMs >= DownAfter.TotalMilliseconds) _condition.Raise(_way, outcome.Words);
    }

    private void Works()
    {
        State = "ok";
        if (_failingSinceMs == 0) return;
        UplinkLog.Works(_log, _target.Name, _way, (_clock.NowMs() - _failingSinceMs) / 1000.0);
        (_failingSinceMs, LastError) = (0, null);
        _condition.Over(_way);
    }

    private void SayCredentials()
    {
        string? fault = _credentials.Fault;
        if (fault is not null && fault != _credentialsFault) UplinkLog.Credentials(_log, _target.Name, fault);
        _credentialsFault = fault;
    }
}

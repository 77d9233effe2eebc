using System.Net;
using Gateway.Diagnostics;
using Gateway.Uplink.Progress;
using Microsoft.Extensions.Logging;

namespace Gateway.Uplink.Sending;

/// <summary>
/// Looks when a target's process began: an answer counts for something only when that stays the same through the hold time. Looks every few seconds, and before the next
/// request after one that failed, so that what is sent to a new process is not laid at the old one's door.
/// </summary>
public sealed class TargetWatch : IDisposable
{
    /// <summary>After so many looks without an answer, each with lines taken since the one before, the start counts as unreadable.</summary>
    private const int UnansweredMax = 10;
    private const int AnswerBytesMax = 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly UplinkTargetOptions _target;
    private readonly IReadOnlyList<LaneProgress> _lanes;
    private readonly TargetConnection _connection;
    private readonly GatewayClock _clock;
    private readonly ILogger _log;
    private readonly Uri _address;
    private readonly SemaphoreSlim _looking = new(1);
    private readonly long _holdMs;
    private volatile bool _doubtful = true;
    private volatile bool _answered;
    private bool _unreadableSaid;
    private int _unanswered;

    public TargetWatch(UplinkTargetOptions target, IReadOnlyList<LaneProgress> lanes, TargetConnection connection, GatewayClock clock, ILogger log)
    {
        (_target, _lanes, _connection, _clock, _log, _address) = (target, lanes, connection, clock, log, StartProbe.Address(target));
        _holdMs = 1000L * target.HoldSeconds;
    }

    /// <summary>Told after lines had to be sent again.</summary>
    public event Action? Restarted;

    /// <summary>When the target began; null while it is not known, or where it cannot be read.</summary>
    public TargetStart? Start { get; private set; }

    /// <summary>False: the hold time is all there is.</summary>
    public bool Readable { get; private set; } = true;

    /// <summary>Restarts of the target seen since the process began.</summary>
    public long Restarts { get; private set; }

    /// <summary>Lines that had to be sent again because of them.</summary>
    public long LinesAgain { get; private set; }

    /// <summary>A connection for looking: it must not wait as long as one that writes.</summary>
    internal static TargetConnection Connect(UplinkTargetOptions target, TargetCredentials credentials, TimeProvider time, UplinkNetwork network)
    {
        var own = TimeSpan.FromSeconds(target.TimeoutSeconds);
        return new TargetConnection(target, credentials, time, network, own < Limit ? own : Limit);
    }

    /// <summary>A request failed: the next one looks first. A target that takes nothing is away, and its start is no more unreadable than the target is.</summary>
    public void Doubt() => (_doubtful, _answered, _unanswered) = (true, false, 0);

    /// <summary>The target took lines.</summary>
    public void Answered() => _answered = true;

    /// <summary>Looks, unless that was done since the last failure. The target may still be away afterwards: then the request itself finds out.</summary>
    public async Task SureAsync(CancellationToken cancel)
    {
        if (!_doubtful) return;
        // Not with the token: a look that is under way ends by it at once, and who waits with it would wait on the pool.
        await _looking.WaitAsync(CancellationToken.None);
        try
        {
            if (_doubtful) await LookOnceAsync(cancel);
        }
        finally
        {
            _looking.Release();
        }
    }

    public async Task LookAsync(CancellationToken cancel)
    {
        // Not with the token: a look that is under way ends by it at once, and who waits with it would wait on the pool.
        await _looking.WaitAsync(CancellationToken.None);
        try
        {
            await LookOnceAsync(cancel);
        }
        finally
        {
            _looking.Release();
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        var every = TimeSpan.FromSeconds(Math.Clamp(_target.HoldSeconds / 3.0, 0.5, 10));
        while (true)
        {
            await LookAsync(cancel);
            await Task.Delay(every, _clock.Time, cancel);
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _looking.Dispose();
    }

    private async Task LookOnceAsync(CancellationToken cancel)
    {
        long askedMs = _clock.NowMs();
        var answer = await _connection.AskAsync(() => new HttpRequestMessage(HttpMethod.Get, _address), AnswerBytesMax, cancel);
        if (answer.Status == HttpStatusCode.OK && StartProbe.Read(_target.Kind, answer.Body, askedMs) is { } start) See(start, askedMs);
        // Where it was never read a refusal is an answer. Where it was, somebody may just be changing a proxy or a right: that takes as many looks as no answer.
        else if (Start is null && answer.Status is { } status && (int)status < 500 && status != HttpStatusCode.TooManyRequests) Unreadable($"{(int)status}");
        else if (_answered)
        {
            // A target that is away takes nothing either: only one that took lines since the last look, and still does not say its start, counts as unreadable.
            _answered = false;
            if (++_unanswered >= UnansweredMax) Unreadable(answer.Status is { } said ? $"{(int)said}" : answer.Body);
        }
    }

    private void See(TargetStart start, long askedMs)
    {
        bool restarted = Start is { } before && !before.Same(start);
        (Start, Readable, _unreadableSaid, _unanswered, _answered, _doubtful) = (start, true, false, 0, false, false);
        long again = 0;
        foreach (var lane in _lanes) again += lane.Seen(start, askedMs, _holdMs);
        if (restarted) Restarts++;
        if (again == 0 && !restarted) return;
        LinesAgain += again;
        UplinkLog.Restarted(_log, _target.Name, again);
        Restarted?.Invoke();
    }

    private void Unreadable(string why)
    {
        if (!_unreadableSaid) UplinkLog.StartUnreadable(_log, _target.Name, _address, why, _target.HoldSeconds);
        (Start, Readable, _unreadableSaid, _doubtful) = (null, false, true, false);
        long nowMs = _clock.NowMs();
        foreach (var lane in _lanes) lane.SettleByTime(nowMs, _holdMs);
    }
}

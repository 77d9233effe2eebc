using System.Globalization;
using System.Net;
using System.Text.Json;
using Gateway.Diagnostics;
using Gateway.Engine;
using Gateway.Store;
using Gateway.Uplink.Progress;
using Gateway.Uplink.Sending;
using Microsoft.Extensions.Logging;

namespace Gateway.Uplink.Audit;

/// <summary>
/// Asks one target, every so often, how many points it holds of each hour that is over, and compares with what was settled. Fewer is an alarm, and the lines of that hour go
/// again; the alarm is over when the next audit of the hour agrees. More is only noted: a store may count repeats twice.
/// </summary>
internal sealed class ReadBackLoop : IDisposable
{
    /// <summary>So long after its end an hour is closed: devices' clocks are a minute apart at most, and stores show new points late.</summary>
    private const long ClosedAfterMs = 5 * 60_000;

    /// <summary>Lines of an hour are sent again so many times; what a target loses every time no repeat brings back.</summary>
    private const int AttemptsMax = 3;
    private const int AnswerBytesMax = 1024 * 1024;

    private readonly UplinkTargetOptions _target;
    private readonly LaneProgress _progress;
    private readonly UplinkLedger _ledger;
    private readonly TargetConnection _connection;
    private readonly CountQuery _query;
    private readonly EngineStage _engine;
    private readonly StateReader _state;
    private readonly TelemetryReader _telemetry;
    private readonly TargetCondition _condition;
    private readonly GatewayClock _clock;
    private readonly ILogger _log;
    private readonly Action _wakeBacklog;

    public ReadBackLoop(UplinkTargetOptions target, string site, StoreOptions store, UplinkLedger ledger, TargetConnection connection, EngineStage engine, TargetCondition condition, Action wakeBacklog, GatewayClock clock, ILogger log)
    {
        (_target, _ledger, _connection, _engine, _condition, _wakeBacklog, _clock, _log) = (target, ledger, connection, engine, condition, wakeBacklog, clock, log);
        _progress = ledger.Lane(target.Name, UplinkLedger.Telemetry);
        _query = CountQuery.For(target, site);
        (_state, _telemetry) = (new StateReader(store.StatePath), new TelemetryReader(store.TelemetryPath));
        // Before the engine runs and gives space back.
        KeepLines();
    }

    private readonly SemaphoreSlim _asked = new(0, 1);

    public ReadBackFigures Figures { get; private set; } = new(0, 0, 0, 0, null, null);

    public async Task RunAsync(CancellationToken cancel)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var every = TimeSpan.FromMinutes(_target.ReadBackMinutes);
        // What was missing before a stop is still missing.
        foreach (var hour in _state.HoursToAudit(_target.Name, long.MaxValue))
            if (hour.State == HourState.Missing) _condition.Raise(Name(hour), $"{Name(hour)}: fewer points than settled, as found before the restart");
        while (true)
        {
            using var due = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await Task.WhenAny(Task.Delay(every, _clock.Time, due.Token), _asked.WaitAsync(due.Token));
            await due.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            await AuditAsync(cancel);
        }
    }

    /// <summary>Somebody wants to know now.</summary>
    public void AskNow()
    {
        lock (_asked)
            if (_asked.CurrentCount == 0) _asked.Release();
    }

    /// <summary>One round over all hours that are due.</summary>
    private async Task AuditAsync(CancellationToken cancel)
    {
        long nowMs = _clock.NowMs(), settled = _progress.Settled;
        long closedMs = Math.Min(nowMs, UnsettledSinceMs(nowMs)) - ClosedAfterMs;
        // An hour whose lines are on their way, for the first time or again, is asked for when they have settled.
        foreach (var hour in _state.HoursToAudit(_target.Name, closedMs - PointCounts.HourMs + 1).Where(h => h.ToLine <= settled))
            if (!await AuditAsync(hour, cancel)) break;
        await _engine.WriteAsync((state, at) => state.ForgetHours(at)).WaitAsync(cancel);
        KeepLines();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _state.Dispose();
        _telemetry.Dispose();
        _asked.Dispose();
    }

    /// <returns>False when the target could not be asked.</returns>
    private async Task<bool> AuditAsync(SettledHour hour, CancellationToken cancel)
    {
        var missing = new List<string>();
        long lost = 0, more = 0;
        Dictionary<(string, string), long>? exact = null;
        foreach (var measurement in _state.SettledCounts(_target.Name, hour.HourMs).GroupBy(c => c.Measurement))
        {
            if (await AskAsync(measurement.Key, [.. measurement.Select(c => c.Field)], hour.HourMs, cancel) is not { } found) return false;
            foreach (var (_, field, settled) in measurement)
            {
                long there = found.GetValueOrDefault(field), expected = settled;
                if (there < expected && (exact ??= PointRecount.Run(_telemetry, hour, _target.Kind == TargetKind.VictoriaMetrics) ?? []).TryGetValue((measurement.Key, field), out long points)) expected = Math.Min(expected, points);
                more += Math.Max(0, there - expected);
                if (there >= expected) continue;
                lost += expected - there;
                missing.Add(string.Create(CultureInfo.InvariantCulture, $"{measurement.Key}.{field} {there} of {expected}, {expected - there} missing"));
            }
        }
        if (missing.Count == 0) await AgreesAsync(hour, more, cancel);
        else await MissingAsync(hour, missing, lost, cancel);
        return true;
    }

    private async Task AgreesAsync(SettledHour hour, long more, CancellationToken cancel)
    {
        await _engine.WriteAsync((state, _) => state.KeepHour(hour with { State = HourState.Agrees })).WaitAsync(cancel);
        if (hour.State == HourState.Missing) UplinkLog.Agrees(_log, _target.Name);
        _condition.Over(Name(hour));
        Figures = Figures with { HoursAgreed = Figures.HoursAgreed + 1, PointsMore = Figures.PointsMore + more, LastAtMs = _clock.NowMs(), Unable = null };
    }

    private async Task MissingAsync(SettledHour hour, List<string> missing, long lost, CancellationToken cancel)
    {
        bool here = IsHere(hour.FromLine), again = here && hour.Attempts < AttemptsMax;
        string what = again ? "its lines go again" : here ? $"its lines were sent again {hour.Attempts} times" : "its lines are no longer here";
        string words = $"hour {Name(hour)}: {string.Join("; ", missing.Take(8))}{(missing.Count > 8 ? $" and {missing.Count - 8} more" : "")}; {what}";
        if (hour.State != HourState.Missing) Figures = Figures with { HoursMissing = Figures.HoursMissing + 1, PointsMissing = Figures.PointsMissing + lost };
        Figures = Figures with { LastAtMs = _clock.NowMs(), Unable = null };
        UplinkLog.Missing(_log, _target.Name, words);
        _condition.Raise(Name(hour), words);
        await _engine.WriteAsync((state, _) => state.KeepHour(hour with { State = HourState.Missing, Attempts = hour.Attempts + (again ? 1 : 0) })).WaitAsync(cancel);
        if (!again) return;
        _progress.SendAgain(new LineRange(hour.FromLine, hour.ToLine));
        _wakeBacklog();
    }

    private async Task<IReadOnlyDictionary<string, long>?> AskAsync(string measurement, IReadOnlyList<string> fields, long hourMs, CancellationToken cancel)
    {
        var answer = await _connection.AskAsync(() => _query.Ask(measurement, fields, hourMs), AnswerBytesMax, cancel);
        string? unable = answer.Status == HttpStatusCode.OK ? null : $"{(int?)answer.Status} {(answer.Body.Length > 200 ? answer.Body[..200] : answer.Body)}".Trim();
        if (unable is null)
            try
            {
                if (_query.Read(answer.Body) is { } counts) return counts;
                unable = $"not understood: {(answer.Body.Length > 200 ? answer.Body[..200] : answer.Body)}";
            }
            catch (JsonException foreign)
            {
                unable = $"not understood: {foreign.Message}";
            }
        if (Figures.Unable is null) UplinkLog.NotReadable(_log, _target.Name, unable);
        Figures = Figures with { Unable = unable };
        return null;
    }

    /// <summary>When the oldest line was received that is not settled; what was measured before that has come through.</summary>
    private long UnsettledSinceMs(long nowMs)
    {
        long sinceMs = nowMs;
        _telemetry.ReadFrom(_progress.Settled, (head, _) =>
        {
            sinceMs = Math.Min(nowMs, head.ReceivedMs);
            return false;
        });
        return sinceMs;
    }

    /// <summary>Lines go from the old end only: where the first is, all are.</summary>
    private bool IsHere(long line)
    {
        bool here = false;
        _telemetry.ReadFrom(line, (head, _) =>
        {
            here = head.FirstLine <= line;
            return false;
        });
        return here;
    }

    private void KeepLines()
    {
        // What settles from now on is of hours that are still to be asked for.
        long settled = _progress.Settled;
        _ledger.KeepFrom(_target.Name, Math.Min(settled, _state.FirstLineToAudit(_target.Name)));
    }

    private static string Name(SettledHour hour) => DateTimeOffset.FromUnixTimeMilliseconds(hour.HourMs).ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}

/// <param name="PointsMore">Points found beyond what was settled, over all hours that agreed.</param>
/// <param name="LastAtMs">When an hour was last read back.</param>
/// <param name="Unable">Why the target cannot be asked, or null.</param>
public sealed record ReadBackFigures(long HoursAgreed, long HoursMissing, long PointsMissing, long PointsMore, long? LastAtMs, string? Unable);

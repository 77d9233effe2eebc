using Gateway.Decoding;
using Gateway.Store;
using Gateway.Store.Damage;
using Microsoft.Extensions.Logging;

namespace Gateway.History;

/// <summary>
/// What the history's thread does, a round at a time: writes what came in, reads what is missing from the telemetry store, merges, lets go. Time comes in as an argument. Whatever is wrong with
/// <c>history.db</c>, the service goes on: a damaged file is moved aside and begun anew, a disk that refuses is asked again.
/// </summary>
/// <remarks><b>Threading</b>: one owner; figures may be read by any thread.</remarks>
internal sealed class HistoryKeeper : IDisposable
{
    private const long TrimEveryMs = 60_000;
    private const long RetryAfterMs = 5_000;
    private const int MergesOfRound = 8;

    /// <summary>SQLITE_CORRUPT and SQLITE_NOTADB: trying again cannot help.</summary>
    private const int Corrupt = 11, NotADatabase = 26;

    private readonly HistoryOptions _options;
    private readonly string _path;
    private readonly string _telemetryPath;
    private readonly HistoryReplay _replay;
    private readonly ILogger _log;
    private HistoryStore? _store;
    private bool _behind = true;
    private long _writtenMs;
    private long _trimmedMs;
    private long _retryMs;
    private volatile string? _fault;
    private long _frontier;

    public HistoryKeeper(HistoryOptions options, StoreOptions store, DeviceDirectory directory, ILogger log, Action wake)
    {
        (_options, _path, _telemetryPath, _log) = (options, Path.Combine(store.Directory, HistoryOptions.FileName), store.TelemetryPath, log);
        Intake = new HistoryIntake(directory, wake);
        _replay = new HistoryReplay(Intake.All);
    }

    public HistoryIntake Intake { get; }

    public string FilePath => _path;

    /// <summary>What the disk said when it last refused, or why the file cannot be used; null while all is well.</summary>
    public string? Fault => _fault;

    /// <summary>Line of the telemetry store up to which everything is in the history, on disk; −1 while that is not known.</summary>
    public long Frontier => Volatile.Read(ref _frontier);

    public HistoryFigures Figures { get; private set; } = new(0, 0, 0, 0);

    /// <summary>Told once for each damaged file: what was found and where it lies now.</summary>
    public event Action<string>? Damaged;

    /// <summary>Opens the file, so that questions can be answered and readings are taken from the first batch on.</summary>
    public void Prepare(long nowMs)
    {
        bool movedAside = Guarded(nowMs, () => false);
        if (movedAside) Guarded(nowMs, () => false);
    }

    /// <param name="all">Writes what is open although its time has not come.</param>
    /// <returns>True when there is more to do at once.</returns>
    public bool Round(long nowMs, bool all = false) => Guarded(nowMs, () =>
    {
        bool more = _behind ? CatchUp() : Write(nowMs, all);
        more |= _store!.Merge(nowMs, MergesOfRound);
        if (nowMs - _trimmedMs >= TrimEveryMs) Trim(nowMs);
        return more;
    });

    public void Dispose() => _store?.Dispose();

    private bool Guarded(long nowMs, Func<bool> work)
    {
        if (_store is null && nowMs < _retryMs) return false;
        try
        {
            if (_store is null) Open(nowMs);
            bool more = work();
            Works();
            return more;
        }
        catch (StoreException refused) when (refused.Code is Corrupt or NotADatabase)
        {
            return MoveAside(refused.Message, nowMs);
        }
        catch (StoreException refused)
        {
            Refuses(refused.Message, nowMs);
            return false;
        }
    }

    private void Open(long nowMs)
    {
        _store = HistoryStore.Open(_path);
        Volatile.Write(ref _frontier, _store.Frontier);
        Intake.GenerationsFrom(_store.Generation + 1);
        _writtenMs = nowMs;
        Join();
        Show();
    }

    private void Join()
    {
        Intake.Join();
        _behind = true;
    }

    /// <summary>Reads lines from the telemetry store until those meet that the intake has taken.</summary>
    private bool CatchUp()
    {
        long to = Intake.FromLine;
        // The store's numbers began anew: there is nothing to read again under the old ones.
        if (to >= 0 && to < _store!.Frontier) Reach(to, 0, []);
        if (to == _store!.Frontier)
        {
            _behind = false;
            return true;
        }
        using var telemetry = new TelemetryReader(_telemetryPath);
        long next = _replay.Read(telemetry, _store.Frontier, to < 0 ? long.MaxValue : to, out long missed);
        if (next == _store.Frontier) return false;
        if (missed > 0) HistoryLog.Missed(_log, missed, next);
        Reach(next, missed, _replay.Rows);
        return true;
    }

    private void Reach(long line, long missed, IReadOnlyList<(DeviceSeries, OpenRows)> rows)
    {
        _store!.Append(rows, line, missed: missed);
        Volatile.Write(ref _frontier, line);
        Show();
    }

    private bool Write(long nowMs, bool all)
    {
        if (!all && !Intake.WantsFlush && nowMs - _writtenMs < 1000L * _options.FlushSeconds) return false;
        var flight = Intake.Seal(_store!.Frontier);
        // Something is missing in front of what is open.
        if (flight is null) return _behind = true;
        if (flight.Rows.Count > 0 || flight.NextLine > _store.Frontier) _store.Append(flight.Rows, flight.NextLine, flight.Generation);
        Intake.Landed();
        Volatile.Write(ref _frontier, _store.Frontier);
        _writtenMs = nowMs;
        Show();
        return false;
    }

    private void Trim(long nowMs)
    {
        _trimmedMs = nowMs;
        if (_store!.Trim(_options, nowMs) is > 0 and var dropped) HistoryLog.Dropped(_log, dropped, _options.MiBMax);
        Show();
    }

    private void Show() => Figures = new HistoryFigures(_store!.UsedBytes, _store.DroppedBlocks, _store.MissedLines, Intake.Taken);

    private bool MoveAside(string found, long nowMs)
    {
        _store?.Dispose();
        _store = null;
        string where;
        try
        {
            where = DamageFolder.TakeCopy(_path, DateTimeOffset.FromUnixTimeMilliseconds(nowMs)) ?? "-";
        }
        catch (IOException stuck)
        {
            Refuses($"{found}; it cannot be moved aside: {stuck.Message}", nowMs);
            return false;
        }
        // What was on its way is read again too: the new file's frontier begins with the oldest line there is.
        Intake.Landed();
        HistoryLog.Damaged(_log, found, where);
        Damaged?.Invoke($"{found} → {where}");
        return true;
    }

    private void Refuses(string words, long nowMs)
    {
        if (_fault is null) HistoryLog.Refuses(_log, words);
        _fault = words;
        _retryMs = nowMs + RetryAfterMs;
        _writtenMs = nowMs;
    }

    private void Works()
    {
        if (_fault is null) return;
        _fault = null;
        HistoryLog.Works(_log);
    }
}

/// <param name="FileBytes">What the file holds.</param>
/// <param name="DroppedBlocks">Blocks let go because of the budget, ever.</param>
/// <param name="MissedLines">Lines that could not be had when they were to be read again, ever.</param>
/// <param name="Taken">Readings taken in since the process began.</param>
public sealed record HistoryFigures(long FileBytes, long DroppedBlocks, long MissedLines, long Taken);

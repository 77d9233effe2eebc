using Gateway.Decoding;
using Gateway.Store;
using Gateway.Store.Sqlite;

namespace Gateway.History;

/// <summary>Answers questions from the file and from what is not written yet, together and each reading once. A connection a question: a file that was replaced is not held on to.</summary>
internal sealed class HistoryReader(HistoryKeeper keeper, DeviceDirectory directory, HistoryOptions options) : IDisposable
{
    private const long HourMs = 3_600_000, DayMs = 86_400_000;

    /// <summary>Questions answered at once: bounds the memory they take.</summary>
    private readonly SemaphoreSlim _seats = new(2);

    /// <exception cref="StoreException">The file cannot be read now.</exception>
    public HistoryFrame Read(HistoryQuery query, long nowMs)
    {
        // Whatever is asked for, nothing lies outside of this.
        long oldestMs = nowMs - Math.Max(options.Days * DayMs, options.RawHours * HourMs) - 2 * DayMs;
        query = query with { FromMs = Math.Clamp(query.FromMs, oldestMs, nowMs + DayMs), ToMs = Math.Clamp(query.ToMs, oldestMs, nowMs + DayMs) };
        _seats.Wait();
        try
        {
            int offlineAfterMs = directory.Registered.FirstOrDefault(r => r.Index == query.Device)?.Device?.OfflineAfterMs ?? 0;
            // Memory first: what is written between the two looks is found by its generation.
            var memory = keeper.Intake.Snapshot(query.Device);
            using var db = SqliteDatabase.OpenReader(keeper.FilePath);
            db.Execute("BEGIN");
            var session = new ReadSession(db, keeper.Intake.At(query.Device), query, memory, 1000L * offlineAfterMs);
            return Answer(session, query, nowMs);
        }
        finally
        {
            _seats.Release();
        }
    }

    public void Dispose() => _seats.Dispose();

    private HistoryFrame Answer(ReadSession session, HistoryQuery query, long nowMs)
    {
        if (query.Resolution is { } word) return InSteps(session, query, Resolution.Find(word) ?? throw new ArgumentException($"there is no resolution {word}", nameof(query)));
        // Every reading, where that is not too much: a slow device says more in its own rows than in any figures.
        if (query.FromMs >= Math.Max(nowMs - options.RawHours * HourMs, session.DroppedToMs(Resolution.Raw)) && session.TryRead(Resolution.Raw, 0, out var raw)) return raw;
        long stepMs = ChartStep.For(query.FromMs, query.ToMs, query.Points, Resolution.Minute.StepUs / 1000);
        bool coarse = stepMs >= Resolution.Quarter.StepUs / 1000 || query.FromMs < session.DroppedToMs(Resolution.Minute);
        return InSteps(session, query, coarse ? Resolution.Quarter : Resolution.Minute);
    }

    private static HistoryFrame InSteps(ReadSession session, HistoryQuery query, Resolution resolution)
    {
        if (resolution == Resolution.Raw && session.TryRead(resolution, 0, out var every)) return every;
        session.TryRead(resolution, ChartStep.For(query.FromMs, query.ToMs, query.Points, resolution.StepUs / 1000), out var frame);
        return frame;
    }
}

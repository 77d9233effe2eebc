using System.Text.Json;
using Gateway.Faults.Sink;
using Gateway.Service.Tests.Toolkit;

namespace Gateway.Faults.Judging;

/// <summary>What the store itself says is missing or was refused, read after the last stop with a program that is not ours.</summary>
/// <param name="Parts">Of gaps made under a limit, by device.</param>
/// <param name="Lost">Of gaps made by damage.</param>
/// <param name="GapLines">Every gap as lane one must have carried it: first line and number of lines.</param>
/// <param name="JournalRowsLost">Rows of the journal that <c>damage</c> rows declare as lost.</param>
internal sealed record StoreRecords(IReadOnlyList<GapPart> Parts, IReadOnlyList<LostRange> Lost, IReadOnlyList<(long First, long Lines)> GapLines, IReadOnlyList<SinkLine> Quarantine, long JournalRowsLost)
{
    public static async Task<StoreRecords> ReadAsync(string folder)
    {
        string state = Path.Combine(folder, "state.db");
        var journal = await Sqlite.RowsAsync(state, "SELECT kind, CAST(body AS TEXT) AS body FROM journal WHERE kind IN ('gap', 'damage') ORDER BY seq");
        var quarantine = await Sqlite.RowsAsync(state, "SELECT CAST(line AS TEXT) AS line FROM quarantine");
        var gaps = journal.Where(r => r.GetProperty("kind").GetString() == "gap").Select(Body).ToList();
        var lost = gaps.Where(g => g.GetProperty("reason").GetString() == "damage").Select(g => (First: Long(g, "firstLine"), Lines: Long(g, "lines")));
        return new StoreRecords(
            [.. gaps.Where(g => g.TryGetProperty("devices", out _)).SelectMany(g => g.GetProperty("devices").EnumerateArray()).Select(PartOf)],
            [.. lost.Select(l => new LostRange(l.First, l.First + l.Lines))],
            [.. gaps.Select(g => (Long(g, "firstLine"), Long(g, "lines")))],
            [.. quarantine.Select(q => new SinkLine(q.GetProperty("line").GetString()!.TrimEnd('\n'), 0, ""))],
            journal.Where(r => r.GetProperty("kind").GetString() == "damage").Select(Body).Sum(d => d.TryGetProperty("rowsLost", out var rows) ? rows.GetInt64() : 0));
    }

    /// <summary>Where the journal lost rows, lane one may still have carried what they said.</summary>
    public StoreRecords With(IEnumerable<Arrival> arrivals)
    {
        var gaps = arrivals.Select(a => a.Line).Where(l => l.Measurement == "gap").DistinctBy(l => l.Key + l.Tag("device")).ToList();
        return this with
        {
            Parts = [.. Parts.Union(gaps.Where(l => l.Tag("device") is not null).Select(l => new GapPart(l.Tag("device")!, Long(l, "lines"), Long(l, "first_ms"), Long(l, "last_ms"))))],
            Lost = [.. Lost.Union(gaps.Where(l => l.Tag("device") is null && l.Tag("reason") == "damage").Select(l => new LostRange(Long(l, "first_line"), Long(l, "first_line") + Long(l, "lines"))))],
        };
    }

    public static long Long(SinkLine line, string field) => long.Parse(line.Field(field)!.TrimEnd('i'), System.Globalization.CultureInfo.InvariantCulture);

    private static JsonElement Body(JsonElement row) => JsonDocument.Parse(row.GetProperty("body").GetString()!).RootElement.Clone();

    private static long Long(JsonElement row, string name) => row.GetProperty(name).GetInt64();

    private static GapPart PartOf(JsonElement part) => new(part.GetProperty("device").GetString()!, Long(part, "lines"), Ms(part, "firstAt"), Ms(part, "lastAt"));

    private static long Ms(JsonElement part, string name) => part.GetProperty(name).GetDateTimeOffset().ToUnixTimeMilliseconds();
}

using System.Globalization;
using System.Text.Json;
using Gateway.Patrol;

namespace Gateway.Store;

/// <summary>Lists of the daily patrol and what came of them.</summary>
public sealed partial class StateReader
{
    /// <summary>The list of a civil day, or null.</summary>
    public PatrolRow? Patrol(DateOnly day)
    {
        lock (_gate)
        {
            var row = Statement("SELECT seq, at_ms, body FROM journal WHERE kind = 'patrol' AND json_extract(CAST(body AS TEXT), '$.day') = ? ORDER BY seq DESC LIMIT 1").Bind(1, TextOf(day));
            var found = row.Step() ? new PatrolRow(row.Long(0), row.Long(1), JsonSerializer.Deserialize(row.Blob(2), PatrolJson.Default.PatrolList)!) : null;
            row.Reset();
            return found;
        }
    }

    /// <summary>The first day that had a list, or null.</summary>
    public DateOnly? FirstPatrol()
    {
        lock (_gate)
        {
            var row = Statement("SELECT json_extract(CAST(body AS TEXT), '$.day') FROM journal WHERE kind = 'patrol' ORDER BY seq LIMIT 1");
            DateOnly? first = row.Step() ? DateOnly.ParseExact(row.Text(0), "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;
            row.Reset();
            return first;
        }
    }

    /// <summary>Results of the lists of a day and all after it, oldest first.</summary>
    public IReadOnlyList<PatrolResultRow> PatrolResults(DateOnly since)
    {
        lock (_gate)
        {
            return Statement("SELECT seq, at_ms, body FROM journal WHERE kind = 'patrol-result' AND json_extract(CAST(body AS TEXT), '$.day') >= ? ORDER BY seq").Bind(1, TextOf(since))
                .All(r => new PatrolResultRow(r.Long(0), r.Long(1), JsonSerializer.Deserialize(r.Blob(2), PatrolJson.Default.PatrolResult)!));
        }
    }

    /// <summary>Hash of a row of the chain, 64 hex digits; empty when there is none.</summary>
    public string HashOf(long seq)
    {
        lock (_gate)
        {
            var row = Statement("SELECT hash FROM journal WHERE seq = ?").Bind(1, seq);
            string hash = row.Step() ? Convert.ToHexStringLower(row.Blob(0)) : "";
            row.Reset();
            return hash;
        }
    }

    private static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

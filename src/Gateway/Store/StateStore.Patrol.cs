using System.Globalization;
using System.Text.Json;
using Gateway.Domain.Patrol;
using Gateway.Engine.Views;
using Gateway.Patrol;

namespace Gateway.Store;

/// <summary>The daily patrol, in the chain.</summary>
public sealed partial class StateStore
{
    /// <summary>Draws the list of a day from the newest row and appends it; a day that has one keeps it. Inside <see cref="Commit"/>.</summary>
    /// <param name="draw">Gets the hash of the newest row, 64 hex digits.</param>
    /// <returns>Whether it was drawn now.</returns>
    public bool DrawPatrol(DateOnly day, long atMs, Func<string, PatrolList> draw)
    {
        string text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (Statement("SELECT EXISTS(SELECT 1 FROM journal WHERE kind = 'patrol' AND json_extract(CAST(body AS TEXT), '$.day') = ?)").Bind(1, text).Number() == 1) return false;
        Journal(PatrolRow.RowKind, atMs, JsonSerializer.SerializeToUtf8Bytes(draw(Convert.ToHexStringLower(_hash)), PatrolJson.Default.PatrolList));
        return true;
    }

    /// <summary>Appends what somebody saw, and that he said so.</summary>
    public void KeepPatrolResult(long atMs, PatrolResult result)
    {
        Journal(PatrolResult.RowKind, atMs, JsonSerializer.SerializeToUtf8Bytes(result, PatrolJson.Default.PatrolResult));
        Audit(atMs, new AuditRow(result.Who, $"patrol.{result.Result}", result.Device, result.Note));
    }
}

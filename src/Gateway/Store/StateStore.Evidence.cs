using System.Text.Json;
using Gateway.Engine.Views;
using Gateway.Evidence;

namespace Gateway.Store;

/// <summary>The chain's own figures, for checkpoints.</summary>
public sealed partial class StateStore
{
    /// <summary>Appends a checkpoint that describes the newest row. Inside <see cref="Commit"/>, like every write.</summary>
    /// <returns>What was written, and the number of its own row.</returns>
    public (CheckpointRow Row, long Seq) Checkpoint(string gateway, long atMs, string reason)
    {
        var row = new CheckpointRow(gateway, LastSeq, Convert.ToHexStringLower(_hash), RowsCounted(), reason);
        return (row, Journal("checkpoint", atMs, JsonSerializer.SerializeToUtf8Bytes(row, ViewJson.Default.CheckpointRow)));
    }

    /// <summary>When the newest checkpoint was taken, ms; 0 when there is none.</summary>
    public long NewestCheckpointMs() => Statement("SELECT at_ms FROM journal WHERE kind = 'checkpoint' ORDER BY seq DESC LIMIT 1").Number();

    /// <summary>The newest checkpoint's count and what came since: counting the whole table would hold up the commit of a long chain.</summary>
    private long RowsCounted()
    {
        var newest = Statement("SELECT body FROM journal WHERE kind = 'checkpoint' ORDER BY seq DESC LIMIT 1").One(row => JsonSerializer.Deserialize(row.Blob(0), ViewJson.Default.CheckpointRow)!);
        return (newest?.Count ?? 0) + Statement("SELECT count(*) FROM journal WHERE seq > ?").Bind(1, newest?.Seq ?? 0).Number();
    }
}

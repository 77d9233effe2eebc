using System.Text.Json;
using Gateway.Domain.Evidence;
using Gateway.Engine.Views;

namespace Gateway.Store;

/// <summary>The chain as last committed.</summary>
public sealed partial class StateReader
{
    /// <summary>Number, hash (hex) and time (ms) of the newest row; 0, 64 zeros and 0 before the first.</summary>
    public (long Seq, string Hash, long AtMs) Head()
    {
        lock (_gate)
        {
            var row = Statement("SELECT seq, hash, at_ms FROM journal ORDER BY seq DESC LIMIT 1");
            var head = row.Step() ? (row.Long(0), Convert.ToHexStringLower(row.Blob(1)), row.Long(2)) : (0, new string('0', 2 * EvidenceChain.HashBytes), 0);
            row.Reset();
            return head;
        }
    }

    /// <summary>The newest checkpoint of the chain and its reason; null before the first.</summary>
    public (Checkpoint Checkpoint, string Reason)? NewestCheckpoint()
    {
        lock (_gate)
        {
            var row = Statement("SELECT body, at_ms FROM journal WHERE kind = 'checkpoint' ORDER BY seq DESC LIMIT 1");
            var newest = row.Step() ? JsonSerializer.Deserialize(row.Blob(0), ViewJson.Default.CheckpointRow) : null;
            (Checkpoint, string)? read = newest is null ? null : (new Checkpoint(newest.Gateway, newest.Seq, newest.Hash, newest.Count, row.Long(1)), newest.Reason);
            row.Reset();
            return read;
        }
    }
}

using Gateway.Ingest;

namespace Gateway.Engine;

/// <summary>Whoever wants the readings of each round once their lines are on disk. Called on the engine's thread only.</summary>
public interface ICommittedReadings
{
    /// <summary>Must not block; the batch is valid during the call.</summary>
    /// <param name="nextLine">Number of the line after the batch's last one.</param>
    void Take(IngestBatch batch, long nextLine);
}

using Gateway.Decoding;
using Gateway.Domain.Ledger;

namespace Gateway.Engine;

/// <summary>Another ledger for the same site, while readings come.</summary>
public sealed partial class EngineStage
{
    /// <summary>Takes a ledger over between two rounds; completes when everything that followed from it is on disk, and the links find its devices.</summary>
    /// <param name="prepared">Of the engine's own directory, by <see cref="DeviceDirectory.Prepare"/>; what else is prepared before this completes is lost.</param>
    public Task ApplyLedgerAsync(SiteLedger ledger, DirectorySnapshot prepared)
    {
        // Whoever asks once this is done sees the devices of this ledger.
        var command = new ApplyLedgerCommand(ledger, _directory, prepared, () => _view = null);
        Post(command);
        return command.Done;
    }
}

using Gateway.Decoding;
using Gateway.Domain.Ledger;

namespace Gateway.Engine;

/// <summary>Another ledger comes into force between two rounds: first the engine knows the new indices, then the links find them.</summary>
/// <param name="applied">Told on the engine's thread, before the commit.</param>
internal sealed class ApplyLedgerCommand(SiteLedger ledger, DeviceDirectory directory, DirectorySnapshot prepared, Action applied) : EngineCommand
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DevicePlace[] _places = [.. prepared.Registered.Select(r => new DevicePlace(r.Index, r.Profile.Device))];

    /// <summary>Completes when what followed from it is on disk.</summary>
    public Task Done => _done.Task;

    public override void Judge(SiteEngine engine, long nowMs)
    {
        engine.Apply(ledger, _places, nowMs);
        directory.Publish(prepared);
        applied();
    }

    public override void Complete() => _done.TrySetResult();

    public override void Fail(Exception cause) => _done.TrySetException(cause);
}

using Gateway.Store;
using Gateway.Uplink;

namespace Gateway.Engine;

/// <summary>The limits of the disk: compression of what stays long, the end of what may not stay.</summary>
public sealed partial class EngineStage
{
    private readonly BudgetTrim _trim;
    private readonly TelemetryCompactor _compactor;

    /// <summary>Lines were given up for room: every free page goes back to the disk.</summary>
    private bool _roomWanted;

    /// <summary>The trim's gap waits for its commit.</summary>
    private bool _trimGiven;

    /// <summary>One finished member a round: some milliseconds, and never in the way of what waits for its commit.</summary>
    private void KeepMember()
    {
        if (!_compactor.TryTake(out var run)) return;
        try
        {
            _telemetry.TryReplace(run);
        }
        catch (StoreException refused)
        {
            // The lines are there uncompressed.
            Refuses(House, refused);
        }
    }

    private void KeepWal()
    {
        try
        {
            _telemetry.KeepWal();
        }
        catch (StoreException refused)
        {
            // It stands in the WAL all the same, and is tried again after the next thousand pages.
            Refuses(House, refused);
        }
    }

    private void KeepBudget(long nowMs)
    {
        if (_trim.MayGo > 0 && _telemetry.Trim(s => s.EndLine <= _trim.MayGo, TrimSegmentsMax, dropped: true).Count > 0) _roomWanted = true;
        if (_trimGiven) return;
        long unsentFrom = _uplink.AnyTelemetry ? _uplink.Settled(UplinkLedger.Telemetry) : long.MaxValue;
        if (_trim.Step(_telemetry, _frontier, unsentFrom, nowMs) is not { } gap) return;
        Log.Gap(_log, gap.Reason, gap.Lines);
        _gaps.Add(gap);
        _trimGiven = true;
    }

    private void GiveBack()
    {
        _telemetry.GiveBack(_roomWanted);
        _state.GiveBack();
        _beside?.GiveBack();
    }
}

using Gateway.Evidence;

namespace Gateway.Engine;

/// <summary>A start with a clock that was not set: when it is, the timeline moves forward to civil time, once.</summary>
public sealed partial class EngineStage
{
    private bool _clockJudged;
    private bool _anchorDoubted;
    private ClockRow? _anchored;

    /// <summary>Only the first word tells whether the clock was set at the start.</summary>
    private void ClockIs(bool sane, long atMs)
    {
        if (!_clockJudged) (_clockJudged, _anchorDoubted) = (true, !sane);
        if (sane && _anchorDoubted)
        {
            _anchorDoubted = false;
            if (_clock.WallSkewMs() is > ClockStepMs and var aheadMs) Anchor(aheadMs);
        }
        _engine.GatewayClock(sane, Math.Max(atMs, _judgedMs));
    }

    private void Anchor(long aheadMs)
    {
        long fromMs = Now();
        _clock.MoveForward(aheadMs);
        long toMs = Now();
        _engine.Skip(fromMs, toMs);
        _wallSkewMs = _clock.WallSkewMs();
        // Its step, if it was noted and not written yet, is what this row says.
        (_clockStep, _anchored) = (null, new ClockRow(0, _wallSkewMs, toMs - fromMs));
        Log.Anchored(_log, (toMs - fromMs) / 1000.0);
    }
}

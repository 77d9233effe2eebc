namespace Gateway.Engine;

/// <summary>A store that refuses so long that nothing is judged any more: whoever was silent meanwhile may have spoken.</summary>
public sealed partial class EngineStage
{
    /// <summary>A shorter stop of the judgement is bridged like any gap.</summary>
    private const long StallMs = 10_000;

    private long _heldBackSinceMs;
    private bool _heldBackTold;

    /// <summary>The loop waited for the state to be written.</summary>
    private void StoodStill(long fromMs, long toMs)
    {
        if (toMs - fromMs <= StallMs) return;
        Log.StoodStill(_log, (toMs - fromMs) / 1000.0);
        _engine.StoreLost(fromMs);
        _engine.StoreBack(toMs);
    }

    /// <summary>While too much is withheld the links are not read, and the devices behind them seem silent.</summary>
    private void NoteHeldBack(bool full)
    {
        if (!full)
        {
            // What was read since has its own time: now would make it later.
            if (_heldBackTold) _engine.StoreBack(_judgedMs);
            (_heldBackSinceMs, _heldBackTold) = (0, false);
            return;
        }
        long nowMs = Now();
        if (_heldBackSinceMs == 0) _heldBackSinceMs = nowMs;
        if (_heldBackTold || nowMs - _heldBackSinceMs <= StallMs) return;
        _heldBackTold = true;
        Log.StoodStill(_log, (nowMs - _heldBackSinceMs) / 1000.0);
        _engine.StoreLost(_heldBackSinceMs);
    }
}

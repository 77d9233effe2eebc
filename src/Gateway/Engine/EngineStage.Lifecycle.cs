using Gateway.Store;

namespace Gateway.Engine;

/// <summary>The lifecycle log as the chain holds it; another process may have written to it.</summary>
public sealed partial class EngineStage
{
    private const long LifecycleEveryMs = 500;

    private long _lifecycleSeq;
    private long _lifecycleMs;

    private void TakeLifecycle(long nowMs)
    {
        var entries = _state.LifecycleEntries();
        _lifecycleSeq = entries.Count == 0 ? 0 : entries[^1].Seq;
        var indexes = _directory.Registered.ToDictionary(r => r.Id, r => r.Index, StringComparer.Ordinal);
        if (entries.Count > 0) _engine.TakeLifecycle(entries, _state.IntervalsSince(indexes, _engine.DayFromMs), nowMs);
    }

    private void LookAtLifecycle(long nowMs)
    {
        if (nowMs - _lifecycleMs < LifecycleEveryMs) return;
        _lifecycleMs = nowMs;
        try
        {
            if (_state.NewestOf(Domain.Lifecycle.LifecycleJson.RowKind) != _lifecycleSeq) TakeLifecycle(nowMs);
        }
        catch (StoreException refused)
        {
            Refuses(StateStore.Name, refused);
        }
    }
}

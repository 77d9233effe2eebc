using Gateway.Domain.Configuration;

namespace Gateway.Domain.Lifecycle;

/// <summary>Walks through one device's entries in the order of their effect, and yields the spans, or the first entry that cannot follow.</summary>
internal sealed class LifecycleWalk
{
    private readonly List<LifecycleSpan> _spans = [];
    // Suspensions that hold, in order of effect: the last is the one that is named, those below hold on when it ends.
    private readonly List<LifecycleEntry> _suspensions = [];
    private LifecycleState _base = LifecycleState.None;
    private LifecycleEntry? _baseEntry;
    private long _fromMs = long.MinValue;

    public IReadOnlyList<LifecycleSpan> Spans => _spans;

    public (LifecycleEntry Entry, LifecycleState State, LocalText Why)? Refused { get; private set; }

    /// <param name="standing">What holds of the log, by effect, then by number.</param>
    public static LifecycleWalk Of(List<LifecycleEntry> standing, ServiceTime? ledger)
    {
        var walk = new LifecycleWalk();
        // The ledger's days say where a device stands until the log takes over with a step of its own; a suspension lies on top of either.
        long logFromMs = standing.Find(e => e.Kind is not (LifecycleKind.Suspended or LifecycleKind.Resumed))?.EffectiveMs ?? long.MaxValue;
        long ledgerFromMs = ledger?.FromMs ?? long.MaxValue, ledgerToMs = ledger?.ToMs ?? long.MaxValue;
        foreach (var entry in standing)
        {
            walk.Ledger(ledgerFromMs, ledgerToMs, Math.Min(entry.EffectiveMs, logFromMs - 1));
            if (!walk.Take(entry)) return walk;
        }
        walk.Ledger(ledgerFromMs, ledgerToMs, logFromMs - 1);
        walk.PassTo(long.MaxValue);
        return walk;
    }

    /// <summary>Lets the ledger's days begin and end as far as they are over by then.</summary>
    private void Ledger(long fromMs, long toMs, long untilMs)
    {
        if (fromMs >= toMs) return;
        if (fromMs <= untilMs && _base == LifecycleState.None) Enter(fromMs, LifecycleState.InService, null);
        if (toMs <= untilMs && _base == LifecycleState.InService && _baseEntry is null) Enter(toMs, LifecycleState.Dismantled, null);
    }

    private bool Take(LifecycleEntry entry)
    {
        PassTo(entry.EffectiveMs);
        var state = _suspensions.Count > 0 ? LifecycleState.Suspended : _base;
        var step = LifecycleTable.Next(state, entry.Kind);
        if (step.Refusal is { } why)
        {
            Refused = (entry, state, why);
            return false;
        }
        switch (entry.Kind)
        {
            case LifecycleKind.Suspended: _suspensions.Add(entry); break;
            case LifecycleKind.Resumed: _suspensions.Clear(); break;
            default: Enter(entry.EffectiveMs, step.State!.Value, entry); break;
        }
        return true;
    }

    private void Enter(long atMs, LifecycleState state, LifecycleEntry? entry)
    {
        PassTo(atMs);
        _suspensions.Clear();
        (_base, _baseEntry) = (state, entry);
    }

    private void PassTo(long toMs)
    {
        while (_suspensions.Count > 0 && _suspensions[^1].UntilMs is { } untilMs && untilMs <= toMs)
        {
            Emit(LifecycleState.Suspended, untilMs, _suspensions[^1]);
            _suspensions.RemoveAt(_suspensions.Count - 1);
        }
        if (_suspensions.Count > 0) Emit(LifecycleState.Suspended, toMs, _suspensions[^1]);
        else Emit(_base, toMs, _baseEntry);
    }

    private void Emit(LifecycleState state, long toMs, LifecycleEntry? entry)
    {
        if (toMs <= _fromMs) return;
        if (_spans.Count > 0 && _spans[^1].State == state && ReferenceEquals(_spans[^1].Entry, entry)) _spans[^1] = _spans[^1] with { ToMs = toMs };
        else _spans.Add(new LifecycleSpan(state, _fromMs, toMs, entry));
        _fromMs = toMs;
    }
}

namespace Gateway.Links.Modbus;

/// <summary>One unit's part of a bus's schedule.</summary>
/// <remarks>All times count from the same arbitrary origin.</remarks>
internal sealed class UnitSchedule(ModbusUnit unit, TimeSpan cost)
{
    /// <summary>Failures in a row after which a unit is dead.</summary>
    public const int FailuresToDie = 3;

    private TimeSpan _notBefore;
    private int _failures;

    public ModbusUnit Unit => unit;

    /// <summary>Bus time that one request to it takes when nothing comes back.</summary>
    public TimeSpan Cost => cost;

    /// <summary>The block to ask next.</summary>
    public int Block { get; private set; }

    public TimeSpan AskedAt { get; private set; }

    /// <summary>When the current round was or will be due.</summary>
    public TimeSpan DueAt { get; private set; }

    /// <summary>It answered last time, so asking it is not expected to waste bus time.</summary>
    public bool IsTrusted { get; private set; }

    public bool IsDead => _failures >= FailuresToDie;

    /// <summary>The earliest time for its next request, before what the bus allows for probes.</summary>
    public TimeSpan ReadyAt => Later(IsDead ? AskedAt + unit.Period : DueAt, _notBefore);

    public void Restart(TimeSpan now)
    {
        (DueAt, _notBefore, AskedAt) = (now, now, now - unit.Period);
        (Block, _failures, IsTrusted) = (0, 0, false);
    }

    public void Ask(TimeSpan now) => AskedAt = now;

    public UnitChange Answered(TimeSpan now)
    {
        var wasDead = IsDead;
        if (wasDead)
            DueAt = AskedAt;
        if (_failures > 0)
            Settle(now);

        (_failures, IsTrusted) = (0, true);
        Advance(now);
        return wasDead ? UnitChange.Recovered : UnitChange.None;
    }

    public UnitChange Failed(TimeSpan now)
    {
        _failures = Math.Min(_failures + 1, FailuresToDie + 1);
        IsTrusted = false;
        Settle(now);
        Advance(now);
        return _failures == FailuresToDie ? UnitChange.Died : UnitChange.None;
    }

    /// <summary>A late reply of the same unit has no sign of its own: it gets time to arrive while nobody asks this unit.</summary>
    private void Settle(TimeSpan now) => _notBefore = now + unit.ResponseTimeout;

    /// <summary>Next block; after the last one next round, in step with the period unless that is already over.</summary>
    private void Advance(TimeSpan now)
    {
        Block = (Block + 1) % unit.Blocks.Count;
        if (Block == 0)
            DueAt = Later(DueAt + unit.Period, now);
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}

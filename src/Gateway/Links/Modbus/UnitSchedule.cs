using Gateway.Domain.Ledger;

namespace Gateway.Links.Modbus;

/// <summary>One unit's part of a bus's schedule.</summary>
/// <remarks>All times count from the same arbitrary origin.</remarks>
internal sealed class UnitSchedule(ModbusUnit unit, int requests, TimeSpan cost)
{
    /// <summary>Failures in a row after which a unit is dead.</summary>
    public const int FailuresToDie = 3;

    /// <summary>Between two probes of a dead unit, unless its own period is longer.</summary>
    public static readonly TimeSpan SpacingMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_stepBackMax = TimeSpan.FromSeconds(1);

    private TimeSpan _notBefore;
    private TimeSpan _spacing;
    private int _failures;
    private int _requests = requests;

    public ModbusUnit Unit => unit;

    /// <summary>Bus time that one request to it takes when nothing comes back.</summary>
    public TimeSpan Cost => cost;

    /// <summary>The request of its round to send next.</summary>
    public int Block { get; private set; }

    public TimeSpan AskedAt { get; private set; }

    /// <summary>When the current round was or will be due.</summary>
    public TimeSpan DueAt { get; private set; }

    /// <summary>It answered last time, so asking it is not expected to waste bus time.</summary>
    public bool IsTrusted { get; private set; }

    public bool IsDead => _failures >= FailuresToDie;

    /// <summary>The earliest time for its next request, before what the bus allows for probes.</summary>
    public TimeSpan ReadyAt => Later(IsDead ? AskedAt + _spacing : DueAt, _notBefore);

    /// <summary>Of all that are ready the one with the earliest goes first. What a priority steps back is bounded, so that in its turn everybody is the earliest.</summary>
    public TimeSpan Urgency => ReadyAt + unit.Priority switch
    {
        BusPriority.High => TimeSpan.Zero,
        BusPriority.Normal => StepBack,
        _ => 4 * StepBack,
    };

    private TimeSpan StepBack => unit.Period / 2 < s_stepBackMax ? unit.Period / 2 : s_stepBackMax;

    public void Restart(TimeSpan now)
    {
        (DueAt, _notBefore, AskedAt, _spacing) = (now, now, now - unit.Period, unit.Period);
        (Block, _failures, IsTrusted) = (0, 0, false);
    }

    public void Ask(TimeSpan now) => AskedAt = now;

    public UnitChange Answered(TimeSpan now)
    {
        bool wasDead = IsDead;
        if (wasDead) DueAt = AskedAt;
        if (_failures > 0) Settle(now);

        Trust();
        Advance(now);
        return wasDead ? UnitChange.Recovered : UnitChange.None;
    }

    public UnitChange Failed(TimeSpan now)
    {
        // Each unanswered probe doubles the wait, so that a unit that is gone costs less and less.
        if (IsDead) _spacing = Longer(_spacing);
        _failures = Math.Min(_failures + 1, FailuresToDie + 1);
        IsTrusted = false;
        Settle(now);
        Advance(now);
        return _failures == FailuresToDie ? UnitChange.Died : UnitChange.None;
    }

    /// <summary>The request asked last became several: the first of them comes now. It was refused, which only the living do.</summary>
    public void Split(int into)
    {
        if (IsDead) DueAt = AskedAt;
        _requests += into - 1;
        Trust();
    }

    /// <summary>A neighbour came back: what kept this one away may be mended too.</summary>
    public void Hasten() => _spacing = unit.Period;

    private void Trust() => (_failures, IsTrusted, _spacing) = (0, true, unit.Period);

    private static TimeSpan Longer(TimeSpan spacing) => spacing >= SpacingMax ? spacing : spacing * 2 < SpacingMax ? spacing * 2 : SpacingMax;

    /// <summary>A late reply of the same unit has no sign of its own: it gets time to arrive while nobody asks this unit.</summary>
    private void Settle(TimeSpan now) => _notBefore = now + unit.ResponseTimeout;

    /// <summary>Next request; after the last one next round, in step with the period unless that is already over.</summary>
    private void Advance(TimeSpan now)
    {
        Block = (Block + 1) % _requests;
        if (Block == 0) DueAt = Later(DueAt + unit.Period, now);
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}

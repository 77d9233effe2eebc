namespace Gateway.Links.Modbus;

/// <summary>Decides which unit of a bus is asked next, and when.</summary>
/// <remarks>
/// Pure: time is an argument, counted from any origin. One turn is out at a time: <see cref="TryTake"/>, then <see cref="Report"/>.
/// A unit that answered last time is <i>trusted</i> and asked when its period says so. All others (new, failing, dead) are <i>doubtful</i>: each
/// request to them may cost a whole time-out, so they are asked where that fits before the next trusted unit is due; what waited too long goes
/// anyway, but never twice running while a trusted unit is due. Dead units are probed, and an unanswered probe that took <i>d</i> forbids
/// further ones for 19 <i>d</i>: together at most 5 % of bus time, and otherwise as often as their period allows.
/// </remarks>
internal sealed class BusSchedule
{
    /// <summary>Part of the bus time that unanswered probes may take, all dead units together.</summary>
    public const double ProbeShareMax = 0.05;

    /// <summary>A probe that fits nowhere goes first after this long.</summary>
    public static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(2);

    private readonly UnitSchedule[] _units;
    private TimeSpan _probeNotBefore;
    private BusTurn _turn;
    private bool _pushedIn;

    public BusSchedule(IReadOnlyList<ModbusUnit> units, BusTiming timing, TimeSpan now)
    {
        _units = [.. units.Select(unit => new UnitSchedule(unit, timing.CostOfSilence(unit)))];
        Restart(now);
    }

    public bool IsDead(int unit) => _units[unit].IsDead;

    /// <summary>Forgets all failures: the port is new, so everybody is asked at once.</summary>
    public void Restart(TimeSpan now)
    {
        foreach (var unit in _units)
            unit.Restart(now);

        _probeNotBefore = now;
        _pushedIn = false;
    }

    /// <summary>The request to send now; or false, and when to ask again (never before <paramref name="now"/>).</summary>
    public bool TryTake(TimeSpan now, out BusTurn turn, out TimeSpan nextAt)
    {
        nextAt = TimeSpan.MaxValue;
        var trusted = EarliestTrusted();
        var trustedAt = trusted < 0 ? TimeSpan.MaxValue : ReadyAt(trusted);
        var doubtful = PickDoubtful(now, trustedAt, out var pushesIn, ref nextAt);
        if (doubtful >= 0)
        {
            _pushedIn = pushesIn;
            turn = Take(doubtful, now);
            return true;
        }

        if (trustedAt <= now)
        {
            _pushedIn = false;
            turn = Take(trusted, now);
            return true;
        }

        turn = default;
        nextAt = trustedAt < nextAt ? trustedAt : nextAt;
        return false;
    }

    /// <summary>Ends the turn taken last. A refusal (exception) counts as answered: the unit is alive.</summary>
    public UnitChange Report(TimeSpan now, bool answered)
    {
        var unit = _units[_turn.Unit];
        if (answered)
            return unit.Answered(now);
        if (_turn.IsProbe)
            _probeNotBefore = now + ((now - unit.AskedAt) * (1 / ProbeShareMax - 1));

        return unit.Failed(now);
    }

    private BusTurn Take(int index, TimeSpan now)
    {
        var unit = _units[index];
        unit.Ask(now);
        _turn = new(index, unit.Block, unit.IsDead);
        return _turn;
    }

    private int EarliestTrusted()
    {
        var best = -1;
        for (var i = 0; i < _units.Length; i++)
        {
            if (_units[i].IsTrusted && (best < 0 || ComesBefore(i, best)))
                best = i;
        }

        return best;
    }

    /// <summary>The longest waiting doubtful unit whose turn fits, or has waited too long; otherwise when one of them could be next.</summary>
    private int PickDoubtful(TimeSpan now, TimeSpan trustedAt, out bool pushesIn, ref TimeSpan nextAt)
    {
        var best = -1;
        pushesIn = false;
        for (var i = 0; i < _units.Length; i++)
        {
            if (_units[i].IsTrusted)
                continue;

            var fits = now + _units[i].Cost <= trustedAt;
            var from = fits ? ReadyAt(i) : ReadyAt(i) + Patience(i);
            if (from > now)
            {
                nextAt = from < nextAt ? from : nextAt;
                continue;
            }

            var mayPushIn = !_pushedIn || trustedAt > now;
            if ((fits || mayPushIn) && (best < 0 || ComesBefore(i, best)))
                (best, pushesIn) = (i, !fits);
        }

        return best;
    }

    private TimeSpan ReadyAt(int index)
    {
        var unit = _units[index];
        return unit.IsDead && _probeNotBefore > unit.ReadyAt ? _probeNotBefore : unit.ReadyAt;
    }

    private TimeSpan Patience(int index) => _units[index].IsDead ? ProbePatience : _units[index].Unit.Period;

    private bool ComesBefore(int left, int right)
    {
        var byReady = ReadyAt(left).CompareTo(ReadyAt(right));
        return byReady != 0 ? byReady < 0 : _units[left].AskedAt < _units[right].AskedAt;
    }
}

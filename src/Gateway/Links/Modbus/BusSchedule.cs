namespace Gateway.Links.Modbus;

/// <summary>Decides which unit of a bus is asked next, and when.</summary>
/// <remarks>
/// Pure: time is an argument, counted from any origin. One turn is out at a time: <see cref="TryTake"/>, then <see cref="Report"/>.
/// A unit that answered last time is <i>trusted</i> and asked when its period says so. All others (new, failing, dead) are <i>doubtful</i>: each
/// request to them may cost a whole time-out, so they are asked where that fits before the next trusted unit is due. The one that waits longest
/// pushes in when it found no room for its period (at most 2 s). Dead units are probed, and an unanswered probe that took <i>d</i> forbids
/// further ones for 19 <i>d</i>: together at most 5 % of bus time. Each dead unit's own probes are 1, 2, 4 … periods apart, at most 60 s; when one unit comes
/// back the others start again at one period.
/// Of several trusted units that are due the most urgent goes first: the earliest due time, moved back by half a period (at most 1 s) for normal and by
/// four times that for low priority. A request waits that long and then for at most one turn of each other unit: nobody starves.
/// </remarks>
internal sealed class BusSchedule
{
    /// <summary>Part of the bus time that unanswered probes may take, all dead units together.</summary>
    public const double ProbeShareMax = 0.05;

    /// <summary>A doubtful unit that found no room pushes in after its period, or after this long if that is sooner.</summary>
    public static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(2);

    private const int Nobody = -1;

    private readonly UnitSchedule[] _units;
    private TimeSpan _probeNotBefore;
    private BusTurn _turn;
    private int _head = Nobody;
    private TimeSpan _headSince;

    /// <param name="requests">How many requests each unit's round has.</param>
    public BusSchedule(IReadOnlyList<ModbusUnit> units, IReadOnlyList<int> requests, BusTiming timing, TimeSpan now)
    {
        _units = [.. units.Select((unit, i) => new UnitSchedule(unit, requests[i], timing.CostOfSilence(unit)))];
        Restart(now);
    }

    public bool IsDead(int unit) => _units[unit].IsDead;

    public bool IsTrusted(int unit) => _units[unit].IsTrusted;

    /// <summary>Forgets all failures: the port is new, so everybody is asked at once.</summary>
    public void Restart(TimeSpan now)
    {
        foreach (var unit in _units)
            unit.Restart(now);

        _probeNotBefore = now;
        _head = Nobody;
    }

    /// <summary>The request to send now; or false, and when to ask again (never before <paramref name="now"/>).</summary>
    public bool TryTake(TimeSpan now, out BusTurn turn, out TimeSpan nextAt)
    {
        nextAt = TimeSpan.MaxValue;
        var trusted = Earliest(static unit => unit.IsTrusted, TimeSpan.MaxValue);
        var trustedAt = trusted == Nobody ? TimeSpan.MaxValue : ReadyAt(trusted);
        var next = PickDoubtful(now, trustedAt, ref nextAt);
        if (next == Nobody && trustedAt <= now)
            next = MostUrgent(now);

        if (next != Nobody)
        {
            turn = Take(next, now);
            return true;
        }

        turn = default;
        nextAt = Sooner(trustedAt, nextAt);
        return false;
    }

    /// <summary>Ends the turn taken last. A refusal (exception) counts as answered: the unit is alive.</summary>
    public UnitChange Report(TimeSpan now, bool answered)
    {
        var unit = _units[_turn.Unit];
        if (answered)
            return OnAnswer(unit.Answered(now));
        if (_turn.IsProbe)
            _probeNotBefore = now + ((now - unit.AskedAt) * (1 / ProbeShareMax - 1));

        return unit.Failed(now);
    }

    /// <summary>Ends the turn taken last by replacing its request with several: the unit refused them as one.</summary>
    public void Split(int into) => _units[_turn.Unit].Split(into);

    private UnitChange OnAnswer(UnitChange change)
    {
        if (change == UnitChange.Recovered)
        {
            foreach (var unit in _units)
                unit.Hasten();
        }

        return change;
    }

    private BusTurn Take(int index, TimeSpan now)
    {
        var unit = _units[index];
        unit.Ask(now);
        if (index == _head)
            _head = Nobody;

        _turn = new(index, unit.Block, unit.IsDead);
        return _turn;
    }

    /// <summary>The doubtful unit to ask now, longest waiting first; or nobody, and when one could be next.</summary>
    private int PickDoubtful(TimeSpan now, TimeSpan trustedAt, ref TimeSpan nextAt)
    {
        FindHead(now);
        if (_head != Nobody)
        {
            var pushesInAt = _headSince + Sooner(_units[_head].Unit.Period, PatienceMax);
            if (pushesInAt <= now)
                return _head;

            nextAt = Sooner(pushesInAt, nextAt);
        }

        foreach (var unit in _units)
        {
            if (!unit.IsTrusted && ReadyAt(unit) is var at && at > now)
                nextAt = Sooner(at, nextAt);
        }

        return Earliest(unit => !unit.IsTrusted && now + unit.Cost <= trustedAt, now);
    }

    /// <summary>Keeps who of the doubtful that are ready waits longest, and since when nobody was before it.</summary>
    private void FindHead(TimeSpan now)
    {
        var head = Earliest(static unit => !unit.IsTrusted, now);
        if (head != _head)
            (_head, _headSince) = (head, now);
    }

    /// <summary>The unit that is ready first, until <paramref name="latest"/>; of several the one not asked for longest.</summary>
    private int Earliest(Func<UnitSchedule, bool> condition, TimeSpan latest)
    {
        var best = Nobody;
        for (var i = 0; i < _units.Length; i++)
        {
            if (condition(_units[i]) && ReadyAt(i) <= latest && (best == Nobody || ComesBefore(i, best)))
                best = i;
        }

        return best;
    }

    private int MostUrgent(TimeSpan now)
    {
        var best = Nobody;
        for (var i = 0; i < _units.Length; i++)
        {
            if (_units[i].IsTrusted && _units[i].ReadyAt <= now && (best == Nobody || IsMoreUrgent(_units[i], _units[best])))
                best = i;
        }

        return best;
    }

    private static bool IsMoreUrgent(UnitSchedule left, UnitSchedule right)
    {
        var byUrgency = left.Urgency.CompareTo(right.Urgency);
        return byUrgency != 0 ? byUrgency < 0 : left.AskedAt < right.AskedAt;
    }

    private TimeSpan ReadyAt(int index) => ReadyAt(_units[index]);

    private TimeSpan ReadyAt(UnitSchedule unit) => unit.IsDead && _probeNotBefore > unit.ReadyAt ? _probeNotBefore : unit.ReadyAt;

    private bool ComesBefore(int left, int right)
    {
        var byReady = ReadyAt(left).CompareTo(ReadyAt(right));
        return byReady != 0 ? byReady < 0 : _units[left].AskedAt < _units[right].AskedAt;
    }

    private static TimeSpan Sooner(TimeSpan left, TimeSpan right) => left < right ? left : right;
}

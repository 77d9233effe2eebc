namespace FirmwareSim.Machines;

internal enum CranePhase { Idle, HookDown, Lift, Slew, Trolley, Lower, Unload, Return }

/// <summary>
/// The lift cycle: wait above the pick-up point, hook down, lift, slew, trolley, lower, unload, return above the next one.
/// </summary>
internal sealed class CraneCycle
{
    private readonly Random _random;
    private readonly double _ratedMomentTm;
    private readonly double _travelHeightM;
    private CraneJob _job;
    private double _dwellSeconds;

    public CraneCycle(Random random, double ratedMomentTm, double travelHeightM)
    {
        (_random, _ratedMomentTm, _travelHeightM) = (random, ratedMomentTm, travelHeightM);
        _job = CraneJob.Plan(random, ratedMomentTm, travelHeightM);
        Slew = new Axis(_job.FromSlewDeg, Crane.SlewMaxDegPerSecond, acceleration: 0.6);
        Trolley = new Axis(_job.FromRadiusM, Crane.TrolleyMaxMps, acceleration: 0.3);
        Hook = new Axis(travelHeightM, Crane.HookMaxMps, acceleration: 0.3);
        Load = new Axis(0, speedMax: 1, acceleration: 1);
        _dwellSeconds = random.Between(2, 10);
    }

    public CranePhase Phase { get; private set; } = CranePhase.Idle;

    public Axis Slew { get; }

    public Axis Trolley { get; }

    public Axis Hook { get; }

    /// <summary>What hangs on the hook, t: the ropes take it up and let it go within seconds.</summary>
    public Axis Load { get; }

    public void Advance(double seconds)
    {
        Slew.Advance(seconds);
        Trolley.Advance(seconds);
        Hook.Advance(seconds);
        Load.Advance(seconds);
        if (!Slew.HasArrived || !Trolley.HasArrived || !Hook.HasArrived || !Load.HasArrived) return;
        _dwellSeconds -= seconds;
        if (_dwellSeconds <= 0) Enter(Next(Phase));
    }

    private static CranePhase Next(CranePhase phase) => phase == CranePhase.Return ? CranePhase.Idle : phase + 1;

    private void Enter(CranePhase phase)
    {
        Phase = phase;
        switch (phase)
        {
            case CranePhase.Idle: _dwellSeconds = _random.Between(5, 30); break;
            case CranePhase.HookDown: Hook.Target = _job.FromHeightM; _dwellSeconds = _random.Between(8, 25); break;
            case CranePhase.Lift: Load.Target = _job.LoadT; Hook.Target = _travelHeightM; _dwellSeconds = 1; break;
            case CranePhase.Slew: Slew.Target = _job.ToSlewDeg; _dwellSeconds = 1; break;
            case CranePhase.Trolley: Trolley.Target = _job.ToRadiusM; _dwellSeconds = 2; break;
            case CranePhase.Lower: Hook.Target = _job.ToHeightM; _dwellSeconds = _random.Between(3, 12); break;
            case CranePhase.Unload: Load.Target = 0; _dwellSeconds = _random.Between(6, 20); break;
            case CranePhase.Return: ReturnToNextJob(); break;
        }
    }

    private void ReturnToNextJob()
    {
        _job = CraneJob.Plan(_random, _ratedMomentTm, _travelHeightM);
        Hook.Target = _travelHeightM;
        Slew.Target = _job.FromSlewDeg;
        Trolley.Target = _job.FromRadiusM;
        _dwellSeconds = 1;
    }
}

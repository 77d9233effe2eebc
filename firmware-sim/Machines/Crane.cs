namespace FirmwareSim.Machines;

/// <summary>A hammerhead tower crane doing one lift after the other. Speeds: slew 0.6 r/min, trolley 50 m/min, hook 40 m/min.</summary>
/// <param name="ratedMomentTm">Rated moment, t·m: 80 for a QTZ80.</param>
/// <param name="travelHeightM">Hook height for slewing with a load, m above ground.</param>
internal sealed class Crane(Random random, Weather weather, double ratedMomentTm, double travelHeightM, string operatorId)
    : IMachine<CraneSample>
{
    public const double LoadMaxT = 6;
    public const double SlewMaxDegPerSecond = 0.6 * 360 / 60;
    public const double TrolleyMaxMps = 50.0 / 60;
    public const double HookMaxMps = 40.0 / 60;
    private const double ToppedOutExposure = 1.15;
    private const double WindAlarmMps = 20;
    private const double TiltAlarmDeg = 0.5;

    private readonly StepClock _steps = new(TimeSpan.FromSeconds(0.5));
    private readonly CraneCycle _cycle = new(random, ratedMomentTm, travelHeightM);

    public CranePhase Phase => _cycle.Phase;

    public CraneSample Measure(TimeSpan sinceStart, Conditions conditions)
    {
        while (_steps.TryStep(sinceStart)) _cycle.Advance(_steps.StepSeconds);
        double radiusM = _cycle.Trolley.Position;
        double loadT = conditions.Overload ? OverloadT(radiusM) : SwayingLoadT();
        double momentPct = loadT * radiusM / ratedMomentTm * 100;
        double ratedT = Math.Min(LoadMaxT, ratedMomentTm / radiusM);
        double windMps = weather.At(sinceStart).WindAt(ToppedOutExposure, conditions);
        double tiltDeg = 0.06 + (0.0008 * momentPct) + (0.003 * windMps) + (0.003 * random.Normal());
        return new CraneSample(loadT, ratedT, momentPct, radiusM, _cycle.Hook.Position, _cycle.Slew.Position, windMps, tiltDeg, Falls: 4,
            AlarmsOf(loadT, ratedT, momentPct, windMps, tiltDeg), operatorId);
    }

    private double SwayingLoadT() =>
        Math.Max(0, _cycle.Load.Position * (1 + (0.012 * Math.Sin(_steps.Now.TotalSeconds)) + GaugeNoise()));

    private double GaugeNoise() => 0.004 * Math.Clamp(random.Normal(), -2, 2);

    private double OverloadT(double radiusM) => (1.15 + GaugeNoise()) * ratedMomentTm / radiusM;

    private static CraneAlarms AlarmsOf(double loadT, double ratedT, double momentPct, double windMps, double tiltDeg) =>
        (loadT > ratedT ? CraneAlarms.Load : 0) | (momentPct > 100 ? CraneAlarms.Moment : 0)
        | (windMps > WindAlarmMps ? CraneAlarms.Wind : 0) | (tiltDeg > TiltAlarmDeg ? CraneAlarms.Tilt : 0);
}

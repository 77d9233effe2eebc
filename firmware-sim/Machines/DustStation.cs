namespace FirmwareSim.Machines;

/// <summary>
/// A dust and weather station: dust and noise follow the site's working day, PM10 stays below 120 µg/m³ in ordinary work.
/// </summary>
/// <param name="dustiness">How dusty the place is, 1 = the gate.</param>
/// <param name="exposure">How much of the wind reaches it, 1 = free at 10 m.</param>
internal sealed class DustStation(Random random, Weather weather, double dustiness, double exposure) : IMachine<DustSample>
{
    public const double OrdinaryPm10MaxUgm3 = 115;
    private const double PeakFactor = 5;

    private readonly StepClock _steps = new(TimeSpan.FromSeconds(1));
    private readonly MeanReverting _dust = new(random, deviation: 7, timeConstantSeconds: 90);
    private readonly MeanReverting _noise = new(random, deviation: 1.8, timeConstantSeconds: 5);

    public DustSample Measure(TimeSpan sinceStart, Conditions conditions)
    {
        while (_steps.TryStep(sinceStart))
        {
            _dust.Advance(_steps.StepSeconds);
            _noise.Advance(_steps.StepSeconds);
        }
        Sky sky = weather.At(sinceStart);
        double activity = DayCourse.Activity(sky.Hour);
        double pm10 = Math.Clamp(dustiness * (38 + (34 * activity) + _dust.Value), 8, OrdinaryPm10MaxUgm3);
        double peak = conditions.DustPeak ? PeakFactor : 1;
        return new DustSample(
            TspUgm3: pm10 * 1.9 * peak,
            Pm10Ugm3: pm10 * peak,
            Pm25Ugm3: pm10 * 0.44,
            NoiseDb: 50 + (13 * activity) + Math.Clamp(_noise.Value, -5, 5),
            sky.TemperatureC, sky.HumidityPct, sky.WindAt(exposure, conditions), sky.WindDirectionDeg, sky.PressureKpa, sky.Lux, RainMm: 0);
    }
}

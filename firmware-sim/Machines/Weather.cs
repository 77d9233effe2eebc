namespace FirmwareSim.Machines;

/// <summary>The one sky above the site: every sensor feels the same wind. Safe from any thread.</summary>
internal sealed class Weather(int seed, double startHour)
{
    /// <summary>Strongest wind of ordinary weather at 10 m, m/s; at the crane's top it stays below 9.</summary>
    public const double OrdinaryWindMaxMps = 7.4;

    private readonly Lock _gate = new();
    private readonly StepClock _steps = new(TimeSpan.FromSeconds(1));
    private readonly MeanReverting _wind = new(Seeds.For(seed, "wind"), deviation: 1.1, timeConstantSeconds: 120);
    private readonly MeanReverting _puff = new(Seeds.For(seed, "puff"), deviation: 0.6, timeConstantSeconds: 6);
    private readonly MeanReverting _direction = new(Seeds.For(seed, "direction"), deviation: 25, timeConstantSeconds: 300);
    private readonly MeanReverting _air = new(Seeds.For(seed, "air"), deviation: 1, timeConstantSeconds: 1800);
    private readonly MeanReverting _cloud = new(Seeds.For(seed, "cloud"), deviation: 0.15, timeConstantSeconds: 240);

    public Sky At(TimeSpan sinceStart)
    {
        lock (_gate)
        {
            while (_steps.TryStep(sinceStart)) Advance(_steps.StepSeconds);
            return Look();
        }
    }

    private void Advance(double seconds)
    {
        _wind.Advance(seconds);
        _puff.Advance(seconds);
        _direction.Advance(seconds);
        _air.Advance(seconds);
        _cloud.Advance(seconds);
    }

    private Sky Look()
    {
        double hour = (startHour + _steps.Now.TotalHours) % 24;
        double warmth = DayCourse.Warmth(hour);
        return new Sky(
            Hour: hour,
            WindMps: Math.Clamp(3.6 + (0.8 * warmth) + _wind.Value + _puff.Value, 0.3, OrdinaryWindMaxMps),
            GustMps: Math.Clamp(24 + (1.6 * _puff.Value), 22, 26),
            WindDirectionDeg: (int)Math.Round(135 + _direction.Value + 720) % 360,
            TemperatureC: 19 + (6 * warmth) + (0.6 * _air.Value),
            HumidityPct: Math.Clamp(66 - (16 * warmth) - (3 * _air.Value), 20, 98),
            PressureKpa: 101.6 + (0.15 * _air.Value),
            Lux: 62_000 * DayCourse.Daylight(hour) * Math.Clamp(0.8 + _cloud.Value, 0.2, 1));
    }
}

/// <summary>The weather at one moment; <paramref name="GustMps"/> is what the wind would be in a storm.</summary>
internal readonly record struct Sky(
    double Hour, double WindMps, double GustMps, int WindDirectionDeg, double TemperatureC, double HumidityPct, double PressureKpa,
    double Lux)
{
    /// <summary>
    /// The wind a sensor feels; <paramref name="exposure"/> is 1 at 10 m, less behind walls, up to 1.15 on a crane. A storm is the same
    /// everywhere.
    /// </summary>
    public double WindAt(double exposure, Conditions conditions) => conditions.Gust ? GustMps : WindMps * exposure;
}

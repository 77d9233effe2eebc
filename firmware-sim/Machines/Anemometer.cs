namespace FirmwareSim.Machines;

internal sealed record WindSample(double WindMps);

/// <summary>A cup anemometer on the crane's top: the same wind as the cranes report.</summary>
internal sealed class Anemometer(Weather weather, double exposure) : IMachine<WindSample>
{
    public WindSample Measure(TimeSpan sinceStart, Conditions conditions) => new(weather.At(sinceStart).WindAt(exposure, conditions));
}

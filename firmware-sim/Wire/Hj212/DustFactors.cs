using System.Globalization;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Hj212;

/// <summary>Which factors the dust monitor reports, dust in µg/m³, in the order of CONTRACT.md.</summary>
internal static class DustFactors
{
    public static IReadOnlyList<Factor> Of(DustSample sample) =>
    [
        new("a34001", Text(sample.TspUgm3, "F0")),
        new("a34002", Text(sample.Pm10Ugm3, "F0")),
        new("a34004", Text(sample.Pm25Ugm3, "F0")),
        new("LA", Text(sample.NoiseDb, "F1")),
        new("a01001", Text(sample.TemperatureC, "F1")),
        new("a01002", Text(sample.HumidityPct, "F1")),
        new("a01007", Text(sample.WindMps, "F1")),
        new("a01008", Text(sample.WindDirectionDeg, "F0")),
    ];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

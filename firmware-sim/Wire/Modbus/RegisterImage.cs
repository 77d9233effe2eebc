using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Modbus;

/// <summary>A block of holding registers at one moment.</summary>
/// <param name="First">Address of the first word.</param>
internal readonly record struct RegisterImage(int First, IReadOnlyList<ushort> Words)
{
    /// <summary>Weather and dust station RS-FSXCS-N01: 14 words from 500.</summary>
    public static RegisterImage OfStation(DustSample sample) => new(500,
    [
        Scaled(sample.WindMps, 100),
        Beaufort.ForceOf(sample.WindMps),
        (ushort)(((sample.WindDirectionDeg + 22) / 45) % 8),
        (ushort)sample.WindDirectionDeg,
        Scaled(sample.HumidityPct, 10),
        Scaled(sample.TemperatureC, 10),
        Scaled(sample.NoiseDb, 10),
        Scaled(sample.Pm25Ugm3, 1),
        Scaled(sample.Pm10Ugm3, 1),
        Scaled(sample.PressureKpa, 10),
        (ushort)((int)sample.Lux >> 16),
        (ushort)(int)sample.Lux,
        Scaled(sample.Lux, 0.01),
        Scaled(sample.RainMm, 10),
    ]);

    /// <summary>Anemometer RS-FSJT-N01: one word, 0.1 m/s.</summary>
    public static RegisterImage OfAnemometer(WindSample sample) => new(0, [Scaled(sample.WindMps, 10)]);

    /// <summary>Two's complement, so that frost reads as a negative 16-bit number.</summary>
    private static ushort Scaled(double value, double factor) => unchecked((ushort)(short)Math.Round(value * factor));
}

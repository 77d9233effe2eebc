namespace FirmwareSim.Wire.Modbus;

/// <summary>Wind force by GB/T 28591, 0 to 12.</summary>
internal static class Beaufort
{
    private static readonly double[] LowerBoundsMps = [0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7];

    public static ushort ForceOf(double windMps) => (ushort)LowerBoundsMps.Count(bound => windMps >= bound);
}

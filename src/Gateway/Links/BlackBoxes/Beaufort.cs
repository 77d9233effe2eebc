namespace Gateway.Links.BlackBoxes;

/// <summary>Beaufort levels and wind speeds.</summary>
/// <remarks><b>units</b> m/s, the lowest speed of each level. <b>source</b> GB/T 28591 as DOMAIN §1.2 quotes it (unverified).</remarks>
public static class Beaufort
{
    private static readonly double[] s_lowerBoundsMps = [0, 0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7, 37.0];

    /// <summary>NaN for what is no level.</summary>
    public static double LowerBoundMps(double level) => level >= 0 && level < s_lowerBoundsMps.Length ? s_lowerBoundsMps[(int)level] : double.NaN;

    public static int LevelOf(double windMps)
    {
        int level = s_lowerBoundsMps.Length - 1;
        while (level > 0 && !(windMps >= s_lowerBoundsMps[level])) level--;
        return level;
    }
}

namespace FirmwareSim.Machines;

/// <summary>How a day goes on a building site: hours are Beijing time, 0..24.</summary>
internal static class DayCourse
{
    /// <summary>0 (night) to 1 (full work): mornings and afternoons with a lunch break, soft at the edges.</summary>
    public static double Activity(double hour) => Math.Max(Shift(hour, 7, 11.75), Shift(hour, 13, 18.5));

    /// <summary>0 at night to 1 at noon.</summary>
    public static double Daylight(double hour) => Math.Max(0, Math.Sin((hour - 6) / 12 * Math.PI));

    /// <summary>-1 before dawn (3 h) to 1 in the afternoon (15 h).</summary>
    public static double Warmth(double hour) => Math.Sin((hour - 9) / 12 * Math.PI);

    private static double Shift(double hour, double from, double to) =>
        Math.Clamp(Math.Min((hour - from + 0.5) * 2, (to + 0.5 - hour) * 2), 0, 1);
}

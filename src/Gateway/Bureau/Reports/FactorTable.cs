namespace Gateway.Bureau.Reports;

/// <summary>Under which code of HJ 212 each canonical field is reported, and how its values are averaged.</summary>
/// <remarks><b>Units</b>: as field devices send them and bureaus expect them: dust in µg/m³, pressure in kPa. <b>Source</b>: HJ 212-2017 annex B; noise table B.3.</remarks>
internal static class FactorTable
{
    public static IReadOnlyList<Factor> All { get; } =
    [
        new("tsp_ugm3", "a34001", FactorMean.Arithmetic),
        new("pm10_ugm3", "a34002", FactorMean.Arithmetic),
        new("pm25_ugm3", "a34004", FactorMean.Arithmetic),
        new("noise_db", "LA", FactorMean.Energy),
        new("temp_c", "a01001", FactorMean.Arithmetic),
        new("rh_pct", "a01002", FactorMean.Arithmetic),
        new("pressure_kpa", "a01006", FactorMean.Arithmetic),
        new("wind_mps", "a01007", FactorMean.Arithmetic),
        new("wind_dir_deg", "a01008", FactorMean.Direction),
    ];

    /// <summary>Noise from 6 to 22 o'clock, of a day.</summary>
    public static Factor NoiseByDay { get; } = new("", "LA-day", FactorMean.Energy);

    /// <summary>Noise from 22 to 6 o'clock, of a day.</summary>
    public static Factor NoiseByNight { get; } = new("", "LA-night", FactorMean.Energy);

    public static Factor? OfField(string field) => All.FirstOrDefault(f => f.Field == field);

    public static Factor? OfCode(string code) => All.Append(NoiseByDay).Append(NoiseByNight).FirstOrDefault(f => f.Code == code);
}

/// <param name="Field">Canonical name, as in our lines.</param>
/// <param name="Code">As in real-time data.</param>
internal sealed record Factor(string Field, string Code, FactorMean Mean);

internal enum FactorMean : byte
{
    Arithmetic,
    /// <summary>Noise: the level of the mean energy, Leq.</summary>
    Energy,
    /// <summary>An angle: the direction of the mean vector, 0 to 360.</summary>
    Direction,
}

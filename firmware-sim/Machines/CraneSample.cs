using System.Text.Json;

namespace FirmwareSim.Machines;

/// <summary>Alarm bits of a crane's black box, as in CONTRACT.md.</summary>
[Flags]
internal enum CraneAlarms { None = 0, Load = 1, Moment = 2, Wind = 4, Tilt = 8, Collision = 16 }

internal sealed record CraneSample(
    double LoadT, double RatedT, double MomentPct, double RadiusM, double HeightM, double SlewDeg, double WindMps, double TiltDeg,
    int Falls, CraneAlarms Alarms, string Operator) : ISample
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteRounded("load_t", LoadT, 2);
        json.WriteRounded("rated_t", RatedT, 2);
        json.WriteRounded("moment_pct", MomentPct, 1);
        json.WriteRounded("radius_m", RadiusM, 2);
        json.WriteRounded("height_m", HeightM, 2);
        json.WriteRounded("slew_deg", SlewDeg, 1);
        json.WriteRounded("wind_mps", WindMps, 1);
        json.WriteRounded("tilt_deg", TiltDeg, 2);
        json.WriteNumber("falls", Falls);
        json.WriteNumber("alarm_bits", (int)Alarms);
        json.WriteString("operator", Operator);
    }
}

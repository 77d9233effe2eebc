using System.Text.Json;

namespace FirmwareSim.Machines;

/// <summary>Everything a dust and weather station can measure; each protocol sends its part. Dust in µg/m³.</summary>
internal sealed record DustSample(
    double TspUgm3, double Pm10Ugm3, double Pm25Ugm3, double NoiseDb, double TemperatureC, double HumidityPct, double WindMps,
    int WindDirectionDeg, double PressureKpa, double Lux, double RainMm) : ISample
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteRounded("tsp_ugm3", TspUgm3, 0);
        json.WriteRounded("pm10_ugm3", Pm10Ugm3, 0);
        json.WriteRounded("pm25_ugm3", Pm25Ugm3, 0);
        json.WriteRounded("noise_db", NoiseDb, 1);
        json.WriteRounded("temp_c", TemperatureC, 1);
        json.WriteRounded("rh_pct", HumidityPct, 1);
        json.WriteRounded("wind_mps", WindMps, 1);
        json.WriteNumber("wind_dir_deg", WindDirectionDeg);
    }
}

using System.Text.Json;

namespace FirmwareSim.Machines;

/// <summary>Alarm bits of a hoist's black box, as in CONTRACT.md.</summary>
[Flags]
internal enum HoistAlarms { None = 0, Load = 1, People = 2, Speed = 4, AntiFall = 8 }

internal sealed record HoistSample(
    double LoadT, double HeightM, double SpeedMps, int People, int Floor, bool DoorOpen, double WindMps, HoistAlarms Alarms,
    string Operator) : ISample
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteRounded("load_t", LoadT, 2);
        json.WriteRounded("height_m", HeightM, 1);
        json.WriteRounded("speed_mps", SpeedMps, 2);
        json.WriteNumber("people", People);
        json.WriteNumber("floor", Floor);
        json.WriteNumber("door", DoorOpen ? 1 : 0);
        json.WriteRounded("wind_mps", WindMps, 1);
        json.WriteNumber("alarm_bits", (int)Alarms);
        json.WriteString("operator", Operator);
    }
}

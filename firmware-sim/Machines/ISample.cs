using System.Text.Json;

namespace FirmwareSim.Machines;

/// <summary>Measured values that can be written as members of a JSON object, names and order as in CONTRACT.md.</summary>
internal interface ISample
{
    void WriteTo(Utf8JsonWriter json);
}

internal static class JsonNumbers
{
    /// <summary>Writes a number rounded to a sensor's resolution.</summary>
    public static void WriteRounded(this Utf8JsonWriter json, string name, double value, int decimals) =>
        json.WriteNumber(name, Math.Round((decimal)value, decimals));
}

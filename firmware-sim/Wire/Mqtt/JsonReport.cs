using System.Text.Json;
using FirmwareSim.Machines;

namespace FirmwareSim.Wire.Mqtt;

/// <summary>A report's JSON: <c>ts</c> (unix ms, the device's clock), <c>seq</c>, then the measured values.</summary>
internal static class JsonReport
{
    public static byte[] Encode(DateTimeOffset deviceTime, long sequence, ISample sample)
    {
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("ts", deviceTime.ToUnixTimeMilliseconds());
            json.WriteNumber("seq", sequence);
            sample.WriteTo(json);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}

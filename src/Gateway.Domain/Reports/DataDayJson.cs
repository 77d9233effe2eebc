using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Domain.Compliance;

namespace Gateway.Domain.Reports;

/// <summary>The body of a chain row of kind <c>data-day</c>: device, date in the site's zone, and for how many slots data were due, came, and are valid. The newest row of a device and date counts.</summary>
public static class DataDayJson
{
    public const string RowKind = "data-day";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(DataDay day)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("device", day.Device);
            json.WriteString("date", ReportJson.DateOf(day.Date));
            json.WriteNumber("expected", day.Quality.Expected);
            json.WriteNumber("received", day.Quality.Received);
            json.WriteNumber("valid", day.Quality.Valid);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a body back; null when it is none, or counts more valid than received or more received than expected.</summary>
    /// <param name="seq">Number of its row.</param>
    public static DataDay? Read(ReadOnlyMemory<byte> body, long seq)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var day = document.RootElement;
            var quality = new DataQuality(day.GetProperty("expected").GetInt64(), day.GetProperty("received").GetInt64(), day.GetProperty("valid").GetInt64());
            if (quality.Valid < 0 || quality.Valid > quality.Received || quality.Received > quality.Expected || day.GetProperty("device").GetString() is not { } device) return null;
            return new DataDay(device, DateOnly.ParseExact(day.GetProperty("date").GetString() ?? "", "yyyy-MM-dd", CultureInfo.InvariantCulture), quality, seq);
        }
        // An altered row may hold anything; whoever reads it says that it cannot be read.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}

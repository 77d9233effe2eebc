using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Domain.Compliance;

namespace Gateway.Domain.Reports;

/// <summary>The body of a chain row of kind <c>measured</c>: device, from and to in ms, and the row of the interval it lies in.</summary>
public static class MeasuredJson
{
    public const string RowKind = "measured";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(MeasuredSpan span)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("device", span.Device);
            json.WriteNumber("fromMs", span.FromMs);
            json.WriteNumber("toMs", span.ToMs);
            json.WriteNumber("interval", span.IntervalSeq);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a body back; null when it is none.</summary>
    /// <param name="seq">Number of its row.</param>
    public static MeasuredSpan? Read(ReadOnlyMemory<byte> body, long seq)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement, seq);
        }
        // An altered row may hold anything; whoever reads it says that it cannot be read.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    internal static MeasuredSpan Read(JsonElement body, long seq) =>
        new(body.GetProperty("device").GetString() ?? "", body.GetProperty("fromMs").GetInt64(), body.GetProperty("toMs").GetInt64(), body.GetProperty("interval").GetInt64(), seq);
}

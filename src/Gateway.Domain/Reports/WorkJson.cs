using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Domain.Compliance;

namespace Gateway.Domain.Reports;

/// <summary>The body of a chain row of kind <c>work</c>: device, from and to in ms, operator where one was identified, evidence where another device of the machine showed it.</summary>
public static class WorkJson
{
    public const string RowKind = "work";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(WorkingInterval work)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("device", work.Device);
            json.WriteNumber("fromMs", work.FromMs);
            json.WriteNumber("toMs", work.ToMs);
            if (work.Operator is { } person) json.WriteString("operator", person);
            if (work.Evidence is { } other) json.WriteString("evidence", other);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="KeyNotFoundException">A member is missing; of another kind: <see cref="InvalidOperationException"/> or <see cref="FormatException"/>.</exception>
    public static WorkingInterval Read(JsonElement body, long seq) =>
        new(body.GetProperty("device").GetString() ?? "", body.GetProperty("fromMs").GetInt64(), body.GetProperty("toMs").GetInt64(), Text(body, "operator"), seq, Text(body, "evidence"));

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Domain.Lifecycle;

/// <summary>
/// The body of a chain row of kind <c>lifecycle</c>: one object, members in this order, absent where there is nothing to say. Sequence and time of entry are the row's own, so
/// that no body can pretend to have been entered earlier.
/// </summary>
public static class LifecycleJson
{
    public const string RowKind = "lifecycle";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(LifecycleEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteMembers(json, entry);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    internal static void WriteMembers(Utf8JsonWriter json, LifecycleEntry entry)
    {
        json.WriteString("device", entry.Device);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(Enum.GetName(entry.Kind)!));
        json.WriteNumber("effectiveMs", entry.EffectiveMs);
        if (entry.UntilMs is { } untilMs) json.WriteNumber("untilMs", untilMs);
        Text(json, "reason", entry.Reason);
        json.WriteString("requester", entry.Requester);
        Text(json, "approver", entry.Approver);
        Text(json, "filing", entry.Filing);
        Text(json, "attachmentSha256", entry.AttachmentSha256);
        Text(json, "note", entry.Note);
        if (entry.Corrects is { } corrects) json.WriteNumber("corrects", corrects);
    }

    /// <summary>Reads a body back; null when it is none.</summary>
    /// <param name="seq">Number of its row.</param>
    /// <param name="atMs">Time of its row.</param>
    public static LifecycleEntry? Read(ReadOnlyMemory<byte> body, long seq, long atMs)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement, seq, atMs);
        }
        // An altered row may hold anything; whoever reads it says that it cannot be read.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static LifecycleEntry? Read(JsonElement entry, long seq, long atMs)
    {
        if (!Enum.TryParse(entry.GetProperty("kind").GetString(), ignoreCase: true, out LifecycleKind kind) || !Enum.IsDefined(kind)) return null;
        return new LifecycleEntry(seq, entry.GetProperty("device").GetString()!, kind, entry.GetProperty("effectiveMs").GetInt64(), Number(entry, "untilMs"), Text(entry, "reason"),
            entry.GetProperty("requester").GetString()!, Text(entry, "approver"), Text(entry, "filing"), Text(entry, "attachmentSha256"), Text(entry, "note"), Number(entry, "corrects"), atMs);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long? Number(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}

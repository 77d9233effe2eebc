using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Domain.Ledger;

public sealed partial class LedgerDocument
{
    /// <summary>The document with one more device at its end; without comments, rows of tables among the entries.</summary>
    /// <exception cref="JsonException">The document is no ledger that was ever read.</exception>
    public LedgerDocument WithDevice(JsonObject entry)
    {
        var root = JsonNode.Parse(ToJson(tables: null)) as JsonObject ?? throw new JsonException($"{File} holds no object");
        if (root["devices"] is not JsonArray devices) root["devices"] = devices = [];
        devices.Add((JsonNode)entry);
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable)) root.WriteTo(json);
        text.Write("\n"u8);
        return new LedgerDocument(File, text.ToArray(), []);
    }
}

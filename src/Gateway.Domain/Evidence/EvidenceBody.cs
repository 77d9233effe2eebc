using System.Text.Json;

namespace Gateway.Domain.Evidence;

/// <summary>What the verifier reads in the bodies of rows that speak about the chain itself. A body that cannot be read says nothing.</summary>
internal readonly record struct EvidenceBody(string? Gateway, long? Seq, string? Hash, long? Count, string? File, long? LastGoodSeq, long? RowsLost)
{
    public static EvidenceBody Read(ReadOnlySpan<byte> body)
    {
        var read = default(EvidenceBody);
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string? name = reader.GetString();
                reader.Read();
                string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                long? number = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long n) ? n : null;
                read = name switch
                {
                    "gateway" => read with { Gateway = text },
                    "seq" => read with { Seq = number },
                    "hash" => read with { Hash = text },
                    "count" => read with { Count = number },
                    "file" => read with { File = text },
                    "lastGoodSeq" => read with { LastGoodSeq = number },
                    "rowsLost" => read with { RowsLost = number },
                    _ => read,
                };
                reader.Skip();
            }
            return read;
        }
        // Whoever altered the row left no JSON, or no UTF-8; that it does not fit its hash is found anyway.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return default;
        }
    }
}

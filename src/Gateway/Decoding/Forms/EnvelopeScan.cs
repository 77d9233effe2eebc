using System.Text.Json;

namespace Gateway.Decoding.Forms;

/// <summary>Looks for the two members of the envelope and stops as soon as it has them; the rest of the message is read later, by the decoder.</summary>
internal ref struct EnvelopeScan
{
    /// <summary>Serials and kinds of message longer than this are none.</summary>
    public const int TextBytesMax = 64;

    private const int PathBytesMax = 256;
    private const int DepthMax = 8;

    private readonly ReadOnlySpan<byte> _serialPath;
    private readonly ReadOnlySpan<byte> _kindPath;
    private readonly Span<byte> _serial;
    private readonly Span<byte> _kind;
    private int _serialLength;
    private int _kindLength;
    private bool _serialMissing;
    private bool _kindMissing;

    private EnvelopeScan(byte[]? serialPath, byte[]? kindPath, Span<byte> serial, Span<byte> kind)
    {
        (_serialMissing, _kindMissing) = (serialPath is not null, kindPath is not null);
        _serialPath = serialPath;
        _kindPath = kindPath;
        _serial = serial;
        _kind = kind;
    }

    /// <param name="serial">The caller's, of <see cref="TextBytesMax"/> bytes; empty when the member is not there or is no short text or number.</param>
    /// <param name="kind">Likewise.</param>
    /// <returns><see cref="DecodeOutcome.Decoded"/>, or why this is no message at all. A message torn behind the envelope is found by the decoder.</returns>
    public static DecodeOutcome Read(ReadOnlySpan<byte> payload, byte[]? serialPath, byte[]? kindPath, ref Span<byte> serial, ref Span<byte> kind)
    {
        var scan = new EnvelopeScan(serialPath, kindPath, serial, kind);
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = DepthMax });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return DecodeOutcome.NotAnObject;
            Span<byte> path = stackalloc byte[PathBytesMax];
            scan.ReadObject(ref reader, path, 0);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return DecodeOutcome.NotJson;
        }
        serial = serial[..scan._serialLength];
        kind = kind[..scan._kindLength];
        return DecodeOutcome.Decoded;
    }

    private void ReadObject(ref Utf8JsonReader reader, scoped Span<byte> path, int prefix)
    {
        while ((_serialMissing || _kindMissing) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            int length = prefix + name.Length;
            if (length >= PathBytesMax)
            {
                reader.Skip();
                continue;
            }
            name.CopyTo(path[prefix..]);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                path[length] = (byte)'.';
                ReadObject(ref reader, path, length + 1);
            }
            else if (reader.TokenType == JsonTokenType.StartArray) reader.Skip();
            else Take(ref reader, path[..length]);
        }
    }

    private void Take(ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> path)
    {
        if (_serialMissing && path.SequenceEqual(_serialPath)) (_serialLength, _serialMissing) = (Copy(ref reader, _serial), false);
        if (_kindMissing && path.SequenceEqual(_kindPath)) (_kindLength, _kindMissing) = (Copy(ref reader, _kind), false);
    }

    private static int Copy(ref Utf8JsonReader reader, Span<byte> to)
    {
        if (reader.TokenType == JsonTokenType.Null || reader.ValueSpan.Length > to.Length) return 0;
        if (reader.TokenType == JsonTokenType.String) return reader.CopyString(to);
        reader.ValueSpan.CopyTo(to);
        return reader.ValueSpan.Length;
    }
}

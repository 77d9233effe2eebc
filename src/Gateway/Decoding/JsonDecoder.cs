using System.Text.Json;
using Gateway.Decoding.Forms;
using Gateway.Domain.Readings;
using Gateway.Protocols.LineProtocol;

namespace Gateway.Decoding;

/// <summary>Reads a device's JSON object through its profile, in place: no allocation, unknown members skipped, members in the usual order found at once.</summary>
/// <remarks>One instance a thread: it owns the scratch of the message being read.</remarks>
public sealed class JsonDecoder(TextTable texts)
{
    private const int PathBytesMax = 256;
    private const int DepthMax = 8;

    /// <summary>The year 2100: beyond it a device time is nonsense, and far beyond it no store's nanoseconds.</summary>
    internal const long TimeMsMax = 4_102_444_800_000;

    private readonly byte[] _path = new byte[PathBytesMax];
    private readonly FormDecoder _forms = new(texts);

    /// <param name="into">Begun here, ended here; complete only when the answer is <see cref="DecodeOutcome.Decoded"/>.</param>
    /// <param name="kind">A vendor's heartbeat need not carry anything that is kept.</param>
    public DecodeOutcome Decode(DeviceRoute route, ReadOnlySpan<byte> payload, DecodedMessage into, ReadingKind kind = ReadingKind.Measurement)
    {
        if (route.Profile.Json is not { } mapping) return DecodeOutcome.NoSuchMapping;
        into.Begin(route);
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = DepthMax });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return DecodeOutcome.NotAnObject;
            int expected = 0;
            if (mapping.Form is { } form) _forms.Read(ref reader, route, form, into);
            else ReadObject(ref reader, route, mapping, 0, ref expected, into);
            // What follows the object (a torn frame glued to the next) makes the whole message doubtful.
            if (reader.Read()) return DecodeOutcome.NotJson;
            if (mapping.Form is not null) _forms.Finish();
        }
        // A text that is no UTF-8 (GB 18030, a lone surrogate) is told by the second.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return DecodeOutcome.NotJson;
        }
        into.End();
        return into.SampleCount > 0 || kind == ReadingKind.Heartbeat && mapping.Envelope is not null ? DecodeOutcome.Decoded : DecodeOutcome.NoKnownField;
    }

    private void ReadObject(ref Utf8JsonReader reader, DeviceRoute route, JsonMapping mapping, int prefix, ref int expected, DecodedMessage into)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            if (prefix + name.Length >= PathBytesMax)
            {
                reader.Skip();
                continue;
            }
            ReadOnlySpan<byte> path = name;
            if (prefix > 0)
            {
                name.CopyTo(_path.AsSpan(prefix));
                path = _path.AsSpan(0, prefix + name.Length);
            }
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                int length = path.Length;
                path.CopyTo(_path);
                _path[length] = (byte)'.';
                ReadObject(ref reader, route, mapping, length + 1, ref expected, into);
            }
            else if (reader.TokenType == JsonTokenType.StartArray) reader.Skip();
            else ReadValue(ref reader, route, mapping, path, ref expected, into);
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, DeviceRoute route, JsonMapping mapping, ReadOnlySpan<byte> path, ref int expected, DecodedMessage into)
    {
        if (mapping.TimePath is { } time && path.SequenceEqual(time))
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long at) && at > 0 && at < TimeMsMax / mapping.TimeUnitMs) into.MeasuredAtMs = at * mapping.TimeUnitMs;
            return;
        }
        int index = Find(mapping.Fields, path, expected);
        if (index < 0) return;
        expected = index + 1;
        var field = mapping.Fields[index];
        bool text = route.Profile.Device.Fields[field.Slot].Type == FieldType.Text;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when text:
                // An operator's number is a name, not a quantity: in the store a field has one type for ever.
                into.AddText(field.Slot, reader.ValueSpan, texts);
                break;
            case JsonTokenType.Number when DecimalText.TryParse(reader.ValueSpan, out double value):
                into.Add(field.Slot, value * field.Scale + field.Offset, field.Verbatim ? reader.ValueSpan : default);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                into.Add(field.Slot, reader.TokenType == JsonTokenType.True ? 1 : 0);
                break;
            case JsonTokenType.String when text && reader.ValueSpan.Length <= PathBytesMax:
                Span<byte> unescaped = stackalloc byte[PathBytesMax];
                into.AddText(field.Slot, unescaped[..reader.CopyString(unescaped)], texts);
                break;
            case JsonTokenType.String:
                into.Refuse(field.Slot);
                break;
        }
    }

    private static int Find(JsonField[] fields, ReadOnlySpan<byte> path, int expected)
    {
        if (expected < fields.Length && path.SequenceEqual(fields[expected].Path)) return expected;
        for (int i = 0; i < fields.Length; i++)
            if (path.SequenceEqual(fields[i].Path)) return i;
        return -1;
    }
}

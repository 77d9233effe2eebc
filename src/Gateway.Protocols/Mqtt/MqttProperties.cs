using System.Text;

namespace Gateway.Protocols.Mqtt;

/// <summary>Looks into the property block of a PUBLISH or a will, as <see cref="MqttPublish.Properties"/> and <see cref="MqttWill.Properties"/> give it.</summary>
public static class MqttProperties
{
    /// <summary>True when a server may pass the whole block on as it is.</summary>
    public static bool AllForwardable(ReadOnlySpan<byte> properties) => ForwardableLength(properties) == properties.Length;

    /// <summary>Bytes of what a server passes on unchanged: payload format, content type, response topic, correlation data, user properties [MQTT-3.3.2-4, -15 … -20].</summary>
    public static int ForwardableLength(ReadOnlySpan<byte> properties)
    {
        int length = 0;
        var reader = new MqttPropertyReader(properties);
        for (int before = properties.Length; reader.TryRead(); before = reader.Remaining)
            if (IsForwardable(reader.Id)) length += before - reader.Remaining;
        return length;
    }

    /// <summary>Copies them, in their order [MQTT-3.3.2-18].</summary>
    /// <param name="to">At least <see cref="ForwardableLength"/> bytes.</param>
    public static void CopyForwardable(ReadOnlySpan<byte> properties, Span<byte> to)
    {
        var reader = new MqttPropertyReader(properties);
        for (int before = properties.Length; reader.TryRead(); before = reader.Remaining)
        {
            if (!IsForwardable(reader.Id)) continue;
            var one = properties[^before..^reader.Remaining];
            one.CopyTo(to);
            to = to[one.Length..];
        }
    }

    public static bool IsUtf8Payload(ReadOnlySpan<byte> properties) => TryFind(properties, MqttPropertyId.PayloadFormatIndicator, out var reader) && reader.Number == 1;

    public static string? ContentType(ReadOnlySpan<byte> properties) => TextOf(properties, MqttPropertyId.ContentType);

    public static string? ResponseTopic(ReadOnlySpan<byte> properties) => TextOf(properties, MqttPropertyId.ResponseTopic);

    /// <summary>Empty when there is none.</summary>
    public static ReadOnlySpan<byte> CorrelationData(ReadOnlySpan<byte> properties) =>
        TryFind(properties, MqttPropertyId.CorrelationData, out var reader) ? reader.Bytes : default;

    /// <summary>The value of the first user property of that name, or null.</summary>
    public static string? UserProperty(ReadOnlySpan<byte> properties, ReadOnlySpan<byte> name)
    {
        var reader = new MqttPropertyReader(properties);
        while (reader.TryRead())
            if (reader.Id == MqttPropertyId.UserProperty && reader.Bytes.SequenceEqual(name)) return Encoding.UTF8.GetString(reader.Value);
        return null;
    }

    /// <summary>Puts a block together, for what a client publishes or leaves as its will; nothing for null.</summary>
    /// <remarks><b>errors</b> a text or the correlation data longer than 65535 bytes: <see cref="ArgumentOutOfRangeException"/>.</remarks>
    public static byte[] Compose(
        bool? isUtf8Payload = null, string? contentType = null, string? responseTopic = null, byte[]? correlationData = null,
        IReadOnlyList<KeyValuePair<string, string>>? userProperties = null)
    {
        var block = new MqttComposer();
        if (isUtf8Payload is { } utf8) block.Flag(MqttPropertyId.PayloadFormatIndicator, utf8);
        block.Text(MqttPropertyId.ContentType, contentType);
        block.Text(MqttPropertyId.ResponseTopic, responseTopic);
        block.Binary(MqttPropertyId.CorrelationData, correlationData);
        block.UserProperties(userProperties ?? []);
        return block.Written.ToArray();
    }

    internal static bool IsForwardable(MqttPropertyId id) => id is MqttPropertyId.PayloadFormatIndicator or MqttPropertyId.ContentType
        or MqttPropertyId.ResponseTopic or MqttPropertyId.CorrelationData or MqttPropertyId.UserProperty;

    private static string? TextOf(ReadOnlySpan<byte> properties, MqttPropertyId id) => TryFind(properties, id, out var reader) ? Encoding.UTF8.GetString(reader.Bytes) : null;

    private static bool TryFind(ReadOnlySpan<byte> properties, MqttPropertyId id, out MqttPropertyReader reader)
    {
        reader = new MqttPropertyReader(properties);
        while (reader.TryRead())
            if (reader.Id == id) return true;
        return false;
    }
}

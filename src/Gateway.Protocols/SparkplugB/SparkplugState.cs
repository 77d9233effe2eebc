using System.Buffers;
using System.Text.Json;

namespace Gateway.Protocols.SparkplugB;

/// <summary>STATE, the birth and death certificate of a host: JSON <c>{"online":true,"timestamp":1486144502122}</c>, QoS 1, retained.</summary>
/// <remarks><b>Units</b>: the timestamp is ms of Unix time, UTC. <b>Source</b>: [tck-id-host-topic-phid-birth-payload, -qos, -retain], [tck-id-host-topic-phid-death-payload].</remarks>
public static class SparkplugState
{
    /// <summary>QoS of birth, death and Will [tck-id-host-topic-phid-birth-qos, -death-qos].</summary>
    public const int Qos = 1;

    private const int DepthMax = 4;

    /// <summary><c>spBv1.0/STATE/{host}</c>.</summary>
    public static byte[] Topic(ReadOnlySpan<byte> hostId) => [.. SparkplugTopic.Namespace, .. "STATE/"u8, .. hostId];

    public static byte[] Payload(bool online, long timestampMs)
    {
        var to = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteBoolean("online"u8, online);
        json.WriteNumber("timestamp"u8, timestampMs);
        json.WriteEndObject();
        json.Flush();
        return to.WrittenSpan.ToArray();
    }

    /// <returns>False when the payload is no such object; unknown members are passed over.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out bool online)
    {
        online = false;
        bool? said = null;
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = DepthMax });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isOnline = reader.ValueTextEquals("online"u8);
                reader.Read();
                if (isOnline && reader.TokenType is JsonTokenType.True or JsonTokenType.False) said = reader.TokenType == JsonTokenType.True;
                else reader.Skip();
            }
            online = said ?? false;
            return said is not null && !reader.Read();
        }
        // A text that is no UTF-8 is told by the second.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

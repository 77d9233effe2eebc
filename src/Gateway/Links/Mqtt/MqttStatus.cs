using System.Text.Json;

namespace Gateway.Links.Mqtt;

/// <summary>Reads a device's own word on its connection: <c>{"online":false}</c>. Its "online" proves nothing; only its death notice is believed.</summary>
internal static class MqttStatus
{
    public static bool SaysOffline(ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool online = reader.ValueTextEquals("online"u8);
                reader.Read();
                if (online) return reader.TokenType == JsonTokenType.False;
                reader.Skip();
            }
            return false;
        }
        catch (JsonException)
        {
            // Not a notice we can read; presence then follows from silence.
            return false;
        }
    }
}

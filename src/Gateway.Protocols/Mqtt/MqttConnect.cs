using System.Buffers.Binary;
using System.Text;

namespace Gateway.Protocols.Mqtt;

/// <summary>A CONNECT [§3.1], decoded: it comes once a connection, so it may allocate.</summary>
public sealed record MqttConnect(string ClientId, bool CleanSession, int KeepAliveSeconds, MqttWill? Will, string? User, byte[]? Password)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Parses the body.</summary>
    /// <param name="level">The protocol level the client asked for, 0 when it was not even readable.</param>
    public static MqttConnectVerdict TryParse(ReadOnlySpan<byte> body, out MqttConnect? connect, out byte level)
    {
        (connect, level) = (null, 0);
        if (!Take(ref body, out var name) || body.IsEmpty) return MqttConnectVerdict.Malformed;
        level = body[0];
        bool known = name.SequenceEqual("MQTT"u8) || name.SequenceEqual("MQIsdp"u8);
        if (!known) return MqttConnectVerdict.Malformed;
        if (level != 4 || !name.SequenceEqual("MQTT"u8)) return MqttConnectVerdict.UnsupportedLevel;
        if (body.Length < 4) return MqttConnectVerdict.Malformed;
        int flags = body[1], keepAlive = BinaryPrimitives.ReadUInt16BigEndian(body[2..]);
        bool hasWill = (flags & 4) != 0, hasUser = (flags & 0x80) != 0, hasPassword = (flags & 0x40) != 0;
        // [MQTT-3.1.2-3] reserved bit, [-13..-15] will flags without a will, [-22] password without user.
        if ((flags & 1) != 0 || (!hasWill && (flags & 0x38) != 0) || (flags >> 3 & 3) == 3 || (hasPassword && !hasUser)) return MqttConnectVerdict.Malformed;
        body = body[4..];
        try
        {
            if (!Take(ref body, out var id)) return MqttConnectVerdict.Malformed;
            MqttWill? will = null;
            if (hasWill)
            {
                if (!Take(ref body, out var topic) || !Take(ref body, out var message) || topic.IsEmpty) return MqttConnectVerdict.Malformed;
                will = new MqttWill(Strict.GetString(topic), message.ToArray(), flags >> 3 & 3, (flags & 0x20) != 0);
            }
            ReadOnlySpan<byte> user = default, password = default;
            if (hasUser && !Take(ref body, out user)) return MqttConnectVerdict.Malformed;
            if (hasPassword && !Take(ref body, out password)) return MqttConnectVerdict.Malformed;
            if (!body.IsEmpty) return MqttConnectVerdict.Malformed;
            bool clean = (flags & 2) != 0;
            connect = new MqttConnect(Strict.GetString(id), clean, keepAlive, will, hasUser ? Strict.GetString(user) : null, hasPassword ? password.ToArray() : null);
            // [MQTT-3.1.3-8] no id and a session to keep.
            return id.IsEmpty && !clean ? MqttConnectVerdict.ClientIdRejected : MqttConnectVerdict.Accepted;
        }
        catch (DecoderFallbackException)
        {
            return MqttConnectVerdict.Malformed;
        }
    }

    private static bool Take(scoped ref ReadOnlySpan<byte> body, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (body.Length < 2) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(body);
        if (body.Length < 2 + length) return false;
        text = body.Slice(2, length);
        body = body[(2 + length)..];
        return true;
    }
}

public sealed record MqttWill(string Topic, byte[] Message, int Qos, bool Retain);

public enum MqttConnectVerdict : byte { Accepted, Malformed, UnsupportedLevel, ClientIdRejected }

using System.Buffers.Binary;
using System.Text;

namespace FirmwareSim.Wire.Mqtt;

/// <summary>The MQTT 3.1.1 packets a device sends (OASIS standard, chapters 2 and 3).</summary>
internal static class MqttPackets
{
    private const byte WillRetainQos1CleanSession = 0b0010_1110;

    /// <summary>CONNECT with a clean session and a retained QoS 1 Will.</summary>
    public static byte[] Connect(string clientId, ushort keepAliveSeconds, string willTopic, ReadOnlySpan<byte> willPayload)
    {
        var body = new List<byte>(64);
        AddString(body, "MQTT");
        body.Add(4);
        body.Add(WillRetainQos1CleanSession);
        AddUInt16(body, keepAliveSeconds);
        AddString(body, clientId);
        AddString(body, willTopic);
        AddUInt16(body, (ushort)willPayload.Length);
        body.AddRange(willPayload);
        return Frame(0x10, body);
    }

    /// <summary>PUBLISH with QoS 1.</summary>
    public static byte[] Publish(string topic, ReadOnlySpan<byte> payload, ushort packetId, bool retain, bool duplicate)
    {
        var body = new List<byte>(topic.Length + payload.Length + 4);
        AddString(body, topic);
        AddUInt16(body, packetId);
        body.AddRange(payload);
        return Frame((byte)(0x32 | (retain ? 0x01 : 0) | (duplicate ? 0x08 : 0)), body);
    }

    public static byte[] PingRequest() => [0xC0, 0];

    public static byte[] Disconnect() => [0xE0, 0];

    private static byte[] Frame(byte firstByte, List<byte> body)
    {
        var packet = new List<byte>(body.Count + 5) { firstByte };
        int rest = body.Count;
        do
        {
            int low = rest & 0x7F;
            rest >>= 7;
            packet.Add((byte)(rest > 0 ? low | 0x80 : low));
        }
        while (rest > 0);
        packet.AddRange(body);
        return [.. packet];
    }

    private static void AddString(List<byte> to, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        AddUInt16(to, (ushort)utf8.Length);
        to.AddRange(utf8);
    }

    private static void AddUInt16(List<byte> to, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        to.AddRange(bytes);
    }
}

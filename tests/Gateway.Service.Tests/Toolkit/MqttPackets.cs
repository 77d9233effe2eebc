using System.Buffers.Binary;
using System.Text;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>The few MQTT 3.1.1 packets a device needs, written from the standard and not with the gateway's code.</summary>
internal static class MqttPackets
{
    public static readonly byte[] Disconnect = [0xE0, 0];

    public static byte[] Connect(string clientId, string? willTopic, string? willPayload)
    {
        var body = new List<byte>();
        Add(body, "MQTT");
        // Level 4, clean session; Will with QoS 1, retained.
        body.AddRange([4, (byte)(willTopic is null ? 0x02 : 0x02 | 0x04 | 0x08 | 0x20), 0, 30]);
        Add(body, clientId);
        if (willTopic is not null) Add(body, willTopic);
        if (willTopic is not null) Add(body, willPayload!);
        return Packet(0x10, body);
    }

    public static byte[] Publish(string topic, byte[] payload, ushort id, bool duplicate, bool retain)
    {
        var body = new List<byte>();
        Add(body, topic);
        body.AddRange([(byte)(id >> 8), (byte)id]);
        body.AddRange(payload);
        return Packet((byte)(0x32 | (duplicate ? 8 : 0) | (retain ? 1 : 0)), body);
    }

    /// <summary>Reads one packet; null at the end of the stream.</summary>
    public static async Task<(byte Type, byte[] Body)?> ReadAsync(Stream stream)
    {
        byte[] one = new byte[1];
        if (await stream.ReadAsync(one) == 0) return null;
        byte type = one[0];
        int length = 0, shift = 0;
        do
        {
            await stream.ReadExactlyAsync(one);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return (type, body);
    }

    public static ushort IdOf(byte[] body) => BinaryPrimitives.ReadUInt16BigEndian(body);

    public static byte[] Packet(byte first, IReadOnlyCollection<byte> body)
    {
        var packet = new List<byte> { first };
        int rest = body.Count;
        do
        {
            packet.Add((byte)(rest > 127 ? rest % 128 | 128 : rest));
            rest /= 128;
        }
        while (rest > 0);
        packet.AddRange(body);
        return [.. packet];
    }

    private static void Add(List<byte> body, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        body.AddRange([(byte)(utf8.Length >> 8), (byte)utf8.Length, .. utf8]);
    }
}

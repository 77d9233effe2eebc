using System.Text;

namespace Gateway.Service.Tests.Toolkit;

/// <summary>Packets as an attacker writes them: complete or not, true or not. Both versions, from the standards and not with the gateway's code.</summary>
internal static class RawPackets
{
    public static readonly byte[] Ping = [0xC0, 0];

    /// <summary>The largest remaining length that can be announced: 268 435 455.</summary>
    public static readonly byte[] HugeLength = [0xFF, 0xFF, 0xFF, 0x7F];

    public static byte[] Connect(string clientId, int keepAliveSeconds = 300, bool v5 = false, uint keepSeconds = 0)
    {
        byte flags = (byte)(keepSeconds == 0 ? 0x02 : 0);
        byte[] properties = !v5 ? [] : keepSeconds == 0 ? [0] : [5, 0x11, .. BigEndian(keepSeconds)];
        return Packet(0x10, [.. Text("MQTT"), (byte)(v5 ? 5 : 4), flags, .. BigEndian((ushort)keepAliveSeconds), .. properties, .. Text(clientId)]);
    }

    public static byte[] Subscribe(ushort id, IEnumerable<string> filters, byte qos = 0, bool v5 = false)
    {
        var body = new List<byte>(BigEndian(id));
        if (v5) body.Add(0);
        foreach (string filter in filters)
        {
            body.AddRange(Text(filter));
            body.Add(qos);
        }
        return Packet(0x82, body);
    }

    /// <param name="id">0 for QoS 0, else QoS 1.</param>
    public static byte[] Publish(string topic, ReadOnlySpan<byte> payload, ushort id = 0, bool v5 = false, bool retain = false)
    {
        var body = new List<byte>(Text(topic));
        if (id > 0) body.AddRange(BigEndian(id));
        if (v5) body.Add(0);
        body.AddRange(payload);
        return Packet((byte)(0x30 | (id > 0 ? 2 : 0) | (retain ? 1 : 0)), body);
    }

    public static byte[] Packet(byte first, ICollection<byte> body)
    {
        var packet = new List<byte>(body.Count + 5) { first };
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

    private static byte[] Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return [.. BigEndian((ushort)utf8.Length), .. utf8];
    }

    private static byte[] BigEndian(ushort number) => [(byte)(number >> 8), (byte)number];

    private static byte[] BigEndian(uint number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
